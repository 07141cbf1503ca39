"""Where two must release a hold, one of them alone tells nobody (ADR 0030)."""

from typing import Any

from contracts import messages
from contracts.messages import Outcome
from tests.consent.house import House
from tests.consent.story import NORTH, incident

HELD = {"handling": {"honour_based": True}}
ASKS_FOR_TWO = {
    "policies": [
        {"agreement": "operation-encompass", "local_authority": NORTH, "release": "two-person"}
    ]
}


async def held(house: House) -> str:
    await house.call("PUT", "/policies", json=ASKS_FOR_TWO)
    await house.accept(incident(**HELD))
    [found] = (await house.good("GET", "/holds"))["holds"]
    assert (found["release"], found["proposed"]) == ("two-person", None)
    return str(found["hold_id"])


async def resolve(
    house: House, hold: str, by: str, outcome: str = "disclosed", **more: Any
) -> tuple[int, str]:
    told = {"outcome": outcome, "reason": "Secret Sherlock reason", "by": by}
    answer = await house.call("POST", f"/holds/{hold}/resolve", json=told, **more)
    await house.work()
    return answer.status_code, str(answer.json().get("outcome"))


async def test_the_first_is_a_proposal_the_second_another_persons(house: House) -> None:
    hold = await held(house)
    assert await resolve(house, hold, "ann") == (202, "proposed")
    assert [one.outcome for one in house.made("education")] == [Outcome.HELD]
    assert house.said(messages.OBLIGATION_MET) == []  # somebody still has to look
    [waiting] = (await house.good("GET", "/holds"))["holds"]
    assert waiting["proposed"]["by"] == "ann"
    assert "Sherlock" not in str(waiting)

    assert (await resolve(house, hold, "ann"))[0] == 409
    assert [one.outcome for one in house.made("education")] == [Outcome.HELD]

    assert await resolve(house, hold, "bob") == (200, "disclosed")
    assert house.made("education")[-1].outcome is Outcome.DISCLOSED
    [met] = house.said(messages.OBLIGATION_MET)
    assert met["how"] == "done"
    assert (await resolve(house, hold, "cyd"))[0] == 409


async def test_one_withholds_before_or_after_a_proposal(embedded: House) -> None:
    hold = await held(embedded)
    await resolve(embedded, hold, "ann")
    assert await resolve(embedded, hold, "ann", "withheld") == (200, "withheld")
    assert embedded.made("education")[-1].outcome is Outcome.WITHHELD


async def test_one_machine_that_names_two_people_is_one_hand(embedded: House) -> None:
    hold = await held(embedded)
    north = {"token": await embedded.key("north-la", "reviewer")}
    force = {"token": await embedded.key("north-police", "reviewer")}
    assert (await resolve(embedded, hold, "ann", **north))[0] == 202
    assert (await resolve(embedded, hold, "bob", **north))[0] == 409
    # Another agency's Ann is another person.
    assert (await resolve(embedded, hold, "ann", **force))[0] == 200


async def test_a_proposal_is_of_the_hold_that_was_looked_at(embedded: House) -> None:
    """The facts were corrected since: whoever looks now looks at something else."""
    hold = await held(embedded)
    await resolve(embedded, hold, "ann")
    corrected = incident(**HELD, grading="high", circumstances={"kinds": ["physical"]})
    await embedded.accept(corrected, id_="2")
    [now] = (await embedded.good("GET", "/holds"))["holds"]
    assert now["hold_id"] != hold
    assert now["proposed"] is None
    assert (await resolve(embedded, hold, "bob"))[0] == 409
    assert (await resolve(embedded, now["hold_id"], "bob")) == (202, "proposed")
