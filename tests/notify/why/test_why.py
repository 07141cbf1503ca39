"""Who was told of one event and why; what operations see of it, and what the sender."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from contracts import messages
from contracts.messages import Outcome, Reason
from contracts.own_reasons import RULES
from services.chassis.assertions import Assertions
from services.chassis.principals import Principal
from services.consent.domain.conditions.register import CONDITIONS
from services.consent.streams.state import RELEASED
from services.notify.why.own import OTHERS
from tests.notify.back_house import CASE, UPN, Back, contact, decision
from tests.notify.inbox.test_inbox import SATURDAY
from tests.notify.tasks.test_tasks import oblige

RECEIPT = UUID("33333333-3333-4333-8333-333333333333")
POLICE = messages.Organisation(
    id="north-police",
    kind="police",
    contacts=(contact("desk", "desk"), contact("officer", "worker")),
)


async def answered(
    back: Back, receipt: UUID = RECEIPT, *, source: str = "north-police", event: str = "n-1"
) -> None:
    ref = messages.EventRef(
        source=f"/agencies/{source}",
        id=event,
        type="police.incident.recorded.v1",
        receipt=receipt,
    )
    decided = messages.EventDecided(event=ref, case=CASE, decisions=1)
    await back.publish(messages.DISCLOSURES, messages.EVENT_DECIDED, decided)
    await back.settle()


async def started(back: Back, **changes: Any) -> messages.DecisionMade:
    await back.area()
    await back.organisation(POLICE)
    await back.pupil("alder", UPN)
    made = await back.decide(receipt=RECEIPT, **changes)
    await answered(back)
    return made


async def why(
    back: Back, agency: str = "ops", *roles: str, receipt: UUID = RECEIPT
) -> httpx.Response:
    async with await back.client(agency, *(roles or ("operations",))) as client:
        return await client.get(f"/notify/v1/why/{receipt}")


async def sent(back: Back) -> Any:
    answer = await why(back, "north-police", "publisher")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def seen(back: Back) -> Any:
    answer = await why(back)
    assert answer.status_code == 200, answer.text
    return answer.json()


def steps(told: Any, decision: int = 0) -> list[str]:
    (one,) = told["decisions"][decision]["notifications"]
    assert [step["at"] for step in one["steps"]] == sorted(step["at"] for step in one["steps"])
    return [step["what"] for step in one["steps"]]


async def test_every_step_is_there_in_its_order(back: Back) -> None:
    await started(back)
    await back.advance(SATURDAY)
    one = (await back.only())["id"]
    await back.call("alder", "GET", f"/{one}?by=alder-dsl")
    await back.call("alder", "GET", f"/{one}?by=alder-deputy")
    await back.call("alder", "POST", f"/{one}/acknowledge", json={"by": "alder-dsl"})
    await back.call("alder", "POST", f"/{one}/not-ours", json={"by": "alder-dsl", "reason": "left"})
    told = await seen(back)
    done = ["scheduled", "in-inbox", "nudged", "announced", "opened"]
    assert steps(told) == [*done, "read-again", "acknowledged", "not-ours"]
    (notification,) = told["decisions"][0]["notifications"]
    assert notification["organisation"] == "alder"
    opened = notification["steps"][4]
    assert (opened["by"], opened["at"]) == ("alder-dsl", "2026-02-14T07:00:00+00:00")
    assert steps(await sent(back)) == [*done, "acknowledged", "not-ours"]


async def test_a_sender_sees_times_and_audiences_and_nobody(back: Back) -> None:
    await started(back)
    await oblige(back, "write-up-phone-referral")
    await oblige(back, "refer-to-lado", owner=messages.Owner(organisation="north-la"))
    await back.advance(SATURDAY)
    one = (await back.only())["id"]
    await back.call("alder", "GET", f"/{one}?by=alder-dsl")
    body = {"by": "alder-dsl", "outcome": "supported-silently", "note": "Breakfast with Cat"}
    await back.call("alder", "POST", f"/{one}/acknowledge", json=body)
    await back.call("alder", "POST", f"/{one}/not-ours", json={"reason": "never-ours"})
    everything, own = await seen(back), await sent(back)
    assert (everything["sees"], own["sees"]) == ("all", "own")
    assert "alder-dsl" in repr(everything)
    hidden = ("alder", "north-la", "lado", "silently", "never-ours", "by'", "contacts", str(one))
    assert not [word for word in hidden if word in repr(own)]
    assert not [word for word in ("Cat", "N-1", "Breakfast") if word in repr(everything)]
    assert {task["owner"] for task in own["tasks"]} == {"north-police"}
    assert {task["owner"] for task in everything["tasks"]} == {"north-police", "north-la"}


async def test_overdue_and_the_call_that_follows(back: Back) -> None:
    await started(back)
    await back.advance(back.clock.now() + timedelta(days=14))
    assert {"overdue", "telephone-asked"} <= set(steps(await seen(back)))
    assert "overdue" in steps(await sent(back))
    assert "telephone-asked" not in steps(await sent(back))


async def test_a_correction_shows_what_it_replaced_and_a_retraction_what_it_ended(
    back: Back,
) -> None:
    first = await started(back)
    await back.advance(SATURDAY)
    later = uuid4()
    await back.decide(
        receipt=later,
        event="n-2",
        supersedes=first.decision_id,
        correction=True,
        content={"child.name": "Cat Test", "incident.reference": "N-1b"},
    )
    await answered(back, later, event="n-2")
    told = await seen(back)
    assert [one["superseded"] for one in told["decisions"]] == [True]
    assert steps(told)[-1] == "superseded"
    assert [one["receipt"] for one in told["related"]] == [str(later)]
    withdrawn = messages.CaseWithdrawn(
        event=first.event.model_copy(update={"id": "n-3", "receipt": uuid4()}),
        case=CASE,
        withdrawn_at=back.clock.now(),
    )
    await back.publish(messages.DISCLOSURES, messages.CASE_WITHDRAWN, withdrawn)
    await back.settle()
    answer = (await why(back, receipt=later)).json()
    last = answer["decisions"][0]["notifications"][-1]["steps"][-1]
    assert (last["what"], last["reason"]) in {
        ("cancelled", "retracted"),
        ("withdrawn", "retracted"),
    }


async def test_a_correction_of_nothing_that_was_shown_stays_told_under_both(back: Back) -> None:
    first = await started(back)
    await back.advance(SATURDAY)
    later = uuid4()
    await back.decide(receipt=later, event="n-2", supersedes=first.decision_id, correction=True)
    await answered(back, later, event="n-2")
    assert steps(await seen(back))[-1] == "unchanged-by-correction"
    assert steps((await why(back, receipt=later)).json())[-1] == "unchanged-by-correction"


async def test_a_hold_that_was_released_shows_both_decisions(back: Back) -> None:
    held = await started(back, outcome="held")
    released = Reason(rule=RELEASED, version="1", says="A person looked at it.")
    await back.decide(
        receipt=RECEIPT, supersedes=held.decision_id, because=(released, *held.because)
    )
    await back.advance(SATURDAY)
    first, second = (await seen(back))["decisions"]
    assert [(one["outcome"], one["superseded"]) for one in (first, second)] == [
        ("held", True),
        ("disclosed", False),
    ]
    assert first["notifications"] == []
    assert second["because"][0]["rule"] == RELEASED
    assert [one["rule"] for one in (await sent(back))["decisions"][1]["because"]] == [RELEASED]


PLAN = Reason(rule="section-47-or-plan-is-open", version="t@1", says="A plan is open.")
PARTY = Reason(rule="sender-is-a-party", version="t@1", says="The sender is a party.")
HARM = Reason(rule="significant-harm-is-stated", version="t@1", says="This agency referred.")


async def test_a_sender_is_not_shown_what_others_have_told(back: Back) -> None:
    await started(back, because=(PLAN, HARM, PARTY))
    await back.decide(receipt=RECEIPT, about="c2", subject=uuid4(), because=(PLAN,), upn=None)
    await back.decide(
        receipt=RECEIPT,
        about="c3",
        subject=uuid4(),
        because=(PLAN, HARM),
        outcome=Outcome.WITHHELD,
    )
    await back.settle()
    told = {one["about"]: one["because"] for one in (await sent(back))["decisions"]}
    assert [one["rule"] for one in told["c1"]] == [HARM.rule, PARTY.rule]  # as if no plan were open
    assert told["c2"] == [OTHERS]
    assert [one["rule"] for one in told["c3"]] == [HARM.rule]
    assert "plan" not in repr(await sent(back))
    assert "A plan is open." in repr(await seen(back))


def test_every_rule_is_either_the_senders_own_or_rests_on_what_others_told() -> None:
    assert set(CONDITIONS) - RULES == {
        "section-47-or-plan-is-open",
        "episode-ended-under-a-plan",
        "incidents-escalate",
        "pair-is-a-marac-repeat",
        "roles-are-reversed",
        "refused-and-alone-at-risk",
    }
    said_otherwise = {
        "silence",
        "sender-is-a-party",
        "corrected-away",
        "agreement-in-force",
        "overridden",
        "override-not-upheld",
        "reference-was-retracted",
        "retracted-before-it-came",
        RELEASED,
        "a-person-withheld-it",
        "each-accuses-the-other",
        "lives-by-own",
        "lives-by-family",
        "lives-by-incident",
        "lives-by-conference",
        "consent-sought-given",
        "consent-sought-refused",
        "consent-sought-not-sought",
        "consent-sought-not-said",
        "consent-given",
        "consent-refused",
        "consent-withdrawn",
        "consent-never-asked",
        "consent-does-not-cover",
        "consent-expired",
        "consent-is-in-doubt",
    }
    assert RULES - set(CONDITIONS) == said_otherwise


async def test_another_agency_is_told_what_a_stranger_is_told(back: Back) -> None:
    await started(back)
    theirs = await why(back, "south-police", "publisher")
    nobodys = await why(back, "south-police", "publisher", receipt=uuid4())
    assert (theirs.status_code, theirs.json()) == (404, nobodys.json())
    assert (await why(back, "alder", "recipient")).status_code == 403
    assert (await why(back, "igo", "information-governance")).status_code == 200


async def test_the_answer_of_another_agency_is_not_among_the_senders_events(back: Back) -> None:
    await started(back)
    await answered(back, uuid4(), source="north-csc", event="their-id")
    assert [one["source"] for one in (await seen(back))["related"]] == ["/agencies/north-csc"]
    assert (await sent(back))["related"] == []


async def test_who_is_named_by_their_own_force_sees_nothing_of_it(back: Back) -> None:
    await started(back, barred_readers=back.barred("Officer", "Test"))
    for person, status in (("officer", 404), ("desk", 200)):
        who = Principal(
            agency="north-police",
            roles=frozenset({"publisher"}),
            key_id="session",
            person=person,
        )
        headers = {"authorization": f"Bearer {Assertions(back.service_token).of(who)}"}
        transport = httpx.ASGITransport(back.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://notify", headers=headers
        ) as client:
            assert (await client.get(f"/notify/v1/why/{RECEIPT}")).status_code == status


async def test_before_anything_is_decided_there_is_nothing_to_say(back: Back) -> None:
    assert (await why(back)).status_code == 404
    async with await back.client("ops", "operations") as client:
        assert (await client.get("/notify/v1/why/nonsense")).status_code == 422


async def test_who_is_named_in_what_is_held_sees_nothing_of_it_either(embedded_back: Back) -> None:
    """Held goes nowhere, so it has no routing; who must not see it is known all the same."""
    back = embedded_back
    await back.area()
    await back.organisation(POLICE)
    held = decision(back, outcome="held", receipt=RECEIPT)
    barred = {"barred_readers": back.barred("Officer", "Test")}
    await back.publish(messages.DISCLOSURES, messages.DECISION_MADE, held.model_copy(update=barred))
    await answered(back)
    statuses = {}
    for person in ("officer", "desk"):
        who = Principal(
            agency="north-police", roles=frozenset({"publisher"}), key_id="s", person=person
        )
        headers = {"authorization": f"Bearer {Assertions(back.service_token).of(who)}"}
        transport = httpx.ASGITransport(back.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://notify") as client:
            answer = await client.get(f"/notify/v1/why/{RECEIPT}", headers=headers)
        statuses[person] = answer.status_code
    assert statuses == {"officer": 404, "desk": 200}


async def test_by_whom_a_deletion_was_confirmed_is_a_role_and_to_the_sender_a_moment(
    back: Back,
) -> None:
    first = await started(back)
    await back.advance(SATURDAY)
    one = (await back.only())["id"]
    await back.call("alder", "GET", f"/{one}?by=alder-dsl")
    event = first.event.model_copy(update={"receipt": uuid4()})
    gone = messages.CaseWithdrawn(event=event, case=first.case, withdrawn_at=back.clock.now())
    await back.publish(messages.DISCLOSURES, messages.CASE_WITHDRAWN, gone)
    await back.settle()
    (waits,) = (await seen(back))["deletions"]
    assert (waits["organisation"], waits["state"], waits["confirmed_at"]) == ("alder", "open", None)

    (task,) = await back.tasks("confirm-deletion")
    async with await back.client("alder") as client:
        done = f"/notify/v1/tasks/{task['id']}/done"
        assert (await client.post(done, json={"by": "alder-deputy"})).status_code == 200

    (told,) = (await seen(back))["deletions"]
    assert (told["organisation"], told["role"]) == ("alder", "deputy")
    assert told["confirmed_at"] == back.clock.now().isoformat()
    (own,) = (await sent(back))["deletions"]
    assert own == {
        "audience": "education",
        "state": "done",
        "due": told["due"],
        "overdue": False,
        "confirmed_at": told["confirmed_at"],
    }
    assert "alder-deputy" not in repr([told, own])
