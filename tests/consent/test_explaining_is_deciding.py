"""Is what is explained what happens, field by field, whatever the event, the area and the past?"""

import asyncio
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.own_reasons import NOT_SHOWN, RULES
from services.consent.streams.case import stream_of
from services.consent.streams.events import DecisionTaken
from tests.consent.generated import EVENTS, POLICIES, SIGNATORIES, Told
from tests.consent.house import House, open_house
from tests.consent.story import ENDED, Json, child, ended, event, incident

_SAID = (
    "outcome because agreement agreement_version basis profile shows drops tell_subject due"
).split()


async def explained(house: House, told: Told, number: int, **more: Any) -> dict[Any, Json]:
    asked = event(told.data, told.type, told.source, str(number))
    answer = await house.good("POST", "/explain", json=asked, **more)
    return {(one["about"], one["audience"]): one for one in answer["decisions"]}


async def taken(house: House, number: int, source: str) -> dict[Any, Json]:
    """What the live path decided because of this event, as it stands in the log."""
    name = f"/agencies/{source}|{number}"
    answer = await house.good("GET", "/decisions", params={"event": name})
    cases = {one["case"] for one in answer["decisions"]}
    found: dict[Any, Json] = {}
    for case in cases:
        for recorded in await house.store.read_stream(stream_of(UUID(case))):
            made = recorded.event
            if isinstance(made, DecisionTaken) and made.message.event.id == str(number):
                found[made.message.about.ref, made.message.audience] = _plain(made)
    return found


def _plain(made: DecisionTaken) -> Json:
    told = made.message.model_dump(mode="json")
    return {**told, "due": made.terms.due.model_dump(mode="json") if made.terms else None}


def differences(explanation: dict[Any, Json], live: dict[Any, Json]) -> list[Any]:
    return [
        (who, name, explanation.get(who, {}).get(name), one.get(name))
        for who, one in live.items()
        for name in _SAID
        if (explanation.get(who, {}).get(name) or None) != (one.get(name) or None)
    ]


def is_dropped(one: Json) -> bool:
    """Said of a former decision of the case, and of nobody in the event."""
    return [reason["rule"] for reason in one["because"]] == ["corrected-away"]


async def compared(told: list[Told], policies: list[Json], signatories: Json) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_house(Path(folder), None) as house:
            await house.good("PUT", "/policies", json={"policies": policies})
            for agreement, who in signatories.items():
                path = f"/agreements/{agreement}/signatories"
                await house.good("PUT", path, json={"signatories": who})
            seen: set[Any] = set()
            for number, one in enumerate(told):
                explanation = await explained(house, one, number)
                await house.accept(one.data, one.type, one.source, str(number))
                live = await taken(house, number, one.source)
                decided = {who: made for who, made in live.items() if not is_dropped(made)}
                assert differences(explanation, decided) == []
                # the live path says again only what is new in a case that it knows
                reference = (one.source, one.data.get("reference"))
                if reference not in seen or reference[1] is None:
                    assert set(explanation) == set(decided)
                seen.add(reference)


@settings(max_examples=12, deadline=None)
@given(st.lists(EVENTS, min_size=4, max_size=7), POLICIES, SIGNATORIES)
def test_an_explanation_is_what_the_live_path_decides(
    told: list[Told], policies: list[Json], signatories: Json
) -> None:
    asyncio.run(compared(told, policies, signatories))


async def test_the_dead_are_not_told_in_an_explanation_either(embedded: House) -> None:
    told = Told(ended(child(relationships=[]), reason="died"), ENDED, "haven")
    explanation = await explained(embedded, told, 1)
    found = explanation["c1", "childrens-social-care"]
    assert found["outcome"] == "disclosed"
    assert found["tell_subject"]["required"] is False


async def test_a_revision_is_explained_as_one_and_not_as_a_second_incident(embedded: House) -> None:
    """An incident is not its own history."""
    await embedded.accept(incident(occurred_at="2026-02-12T22:40:00+00:00"))
    again = Told(incident(grading="high"), "police.incident.recorded.v1", "north-police")
    explanation = await explained(embedded, again, 2)
    assert "history.dates_12_months" not in explanation["c1", "education"]["shows"]


async def test_of_what_others_told_an_agency_reads_the_rule_and_neutral_words(
    embedded: House,
) -> None:
    token = await embedded.key("haven", "publisher")
    told = Told(ended(child(relationships=[])), ENDED, "haven")
    whole = await explained(embedded, told, 1)
    own = await explained(embedded, told, 2, token=token)
    assert {who: one["outcome"] for who, one in own.items()} == {
        who: one["outcome"] for who, one in whole.items()
    }
    reasons = [reason for one in own.values() for reason in one["because"]]
    assert [reason["rule"] for reason in reasons] == [
        reason["rule"] for one in whole.values() for reason in one["because"]
    ]
    others = [reason for reason in reasons if reason["rule"] not in RULES]
    assert {reason["rule"] for reason in others} == {"section-47-or-plan-is-open"}
    assert {reason["says"] for reason in others} == {NOT_SHOWN}
    assert NOT_SHOWN not in str(whole)
    assert NOT_SHOWN not in [one["says"] for one in reasons if one["rule"] in RULES]


@pytest.mark.parametrize("role", ["information-governance", "reviewer"])
async def test_who_governs_asks_about_any_event_and_reads_every_reason(
    embedded: House, role: str
) -> None:
    token = await embedded.key("overseer", role)
    told = Told(incident(), "police.incident.recorded.v1", "north-police")
    found = await explained(embedded, told, 1, token=token)
    assert NOT_SHOWN not in str(found)
    assert "Incident 1 of the pair" in str(found["h", "marac"])


async def test_what_others_must_do_is_not_told_to_who_sends(embedded: House) -> None:
    """Whose conference knows the pair would be told by whose task it is."""
    token = await embedded.key("north-police", "publisher")
    asked = event(incident(handling={"covert": True}))
    whole = await embedded.good("POST", "/explain", json=asked)
    own = await embedded.good("POST", "/explain", json=asked, token=token)
    assert [one["kind"] for one in whole["obligations"]] == ["review-hold"]
    assert (own["obligations"], own["sees"]) == ([], "own")
