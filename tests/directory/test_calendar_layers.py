"""Closures for one school, a trust or an area, and who decided of which day."""

from typing import Any

import pytest

from contracts.messages import ORGANISATION_STATE
from tests.directory.house import House

COUNCIL = {"kind": "local-authority", "name": "North Council", "local_authority": "E06000999"}
ALDER = {"kind": "school", "name": "Alder", "local_authority": "E06000999", "trust": "oak-trust"}


async def area(house: House) -> None:
    council = {"terms": ["2026-02-23/2026-05-22"], "inset": ["2026-04-13"]}
    await house.good("PUT", "/organisations/north-la", json={**COUNCIL, "calendar": council})
    trust = {"kind": "trust", "calendar": {"terms": ["2026-02-23/2026-04-02"]}}
    await house.good("PUT", "/organisations/oak-trust", json=trust)
    own = {"terms": ["2026-02-23/2026-03-20"], "closed": ["2026-03-06"]}
    await house.good("PUT", "/organisations/alder", json={**ALDER, "calendar": own})


async def on(house: House, day: str) -> dict[str, Any]:
    answer = await house.good("GET", f"/organisations/alder/calendar?on={day}")
    found: dict[str, Any] = answer["on"]
    return found


async def test_each_day_says_whose_calendar_decided(house: House) -> None:
    await area(house)
    whole = await house.good("GET", "/organisations/alder/calendar?from=2026-03-02&to=2026-05-29")
    ranges = [(one["from"], one["to"], one["kind"], one["layer"]) for one in whole["resolved"]]
    assert ranges == [
        ("2026-03-02", "2026-03-05", "term", "school"),
        ("2026-03-06", "2026-03-06", "closure", "school"),
        ("2026-03-09", "2026-03-20", "term", "school"),
        ("2026-03-23", "2026-04-02", "term", "trust"),
        ("2026-04-03", "2026-04-06", "bank-holiday", "default"),
        ("2026-04-07", "2026-04-10", "term", "authority"),
        ("2026-04-13", "2026-04-13", "inset", "authority"),
        ("2026-04-14", "2026-05-01", "term", "authority"),
        ("2026-05-04", "2026-05-04", "bank-holiday", "default"),
        ("2026-05-05", "2026-05-22", "term", "authority"),
        ("2026-05-25", "2026-05-25", "bank-holiday", "default"),
        ("2026-05-26", "2026-05-29", "assumed", "default"),
    ]
    assert [(one["layer"], one["organisation"]) for one in whole["layers"]] == [
        ("school", "alder"),
        ("trust", "oak-trust"),
        ("authority", "north-la"),
    ]
    inset = await on(house, "2026-04-13")
    assert (inset["pupils"], inset["staff"], inset["by"]) == (False, True, "north-la")
    assert inset["says"] == (
        "It is an INSET day: staff are in, pupils are not. By the calendar of its local authority."
    )


async def test_a_closure_is_in_force_at_once_and_ends_when_it_is_withdrawn(house: House) -> None:
    await area(house)
    token = await house.key("north-la", "recipient")
    path = "/organisations/north-la/calendar/closures"
    snow = {"start": "2026-03-02", "end": "2026-03-03", "reason": "snow"}
    said = await house.good("POST", path, json=snow, token=token)
    again = await house.good("POST", path, json=snow, token=token)
    assert (said["id"], said["by"]) == (again["id"], "north-la")
    closed = await on(house, "2026-03-03")
    assert (closed["pupils"], closed["layer"], closed["reason"]) == (False, "authority", "snow")
    own = "/organisations/alder/calendar/closures"
    await house.good("POST", own, json={"start": "2026-03-03", "open": True})
    assert (await on(house, "2026-03-03"))["pupils"]
    await house.good("DELETE", f"{path}/{said['id']}", token=token)
    assert (await on(house, "2026-03-02"))["pupils"]
    await house.work()
    told = [
        one.body["organisation"]["closures"]
        for one in house.heard
        if one.type == ORGANISATION_STATE and one.body["organisation"]["id"] == "north-la"
    ]
    assert [len(closures) for closures in told] == [0, 0, 1, 0]


async def test_whole_calendars_come_and_go_and_a_closure_stays(house: House) -> None:
    await area(house)
    path = "/organisations/alder/calendar"
    await house.good("POST", f"{path}/closures", json={"start": "2026-03-10", "reason": "strike"})
    await house.good("PUT", path, json={"terms": ["2026-02-23/2026-03-27"]})
    assert (await on(house, "2026-03-10"))["reason"] == "strike"
    await house.good("DELETE", path)
    assert (await on(house, "2026-03-10"))["reason"] == "strike"


async def test_entries_say_who_put_them_when_and_who_confirmed_them(house: House) -> None:
    await area(house)
    path = "/organisations/alder/calendar"
    token = await house.key("alder", "recipient")
    inset = {"kind": "inset", "start": "2026-03-02", "name": "Training"}
    put = await house.good("POST", f"{path}/entries", json=inset, token=token)
    assert (put["source"], put["put_by"], put["name"]) == ("hand", "alder", "Training")
    await house.good("POST", f"{path}/confirm", token=token)
    later = {"kind": "exam-leave", "start": "2026-03-09", "end": "2026-03-20"}
    await house.good("POST", f"{path}/entries", json=later, token=token)
    whole = await house.good("GET", path)
    assert whole["inset"] == ["2026-03-02"]
    mine = whole["layers"][0]["entries"]
    assert [(one["kind"], "confirmed_on" in one) for one in mine] == [
        ("term", True),
        ("inset", True),
        ("closure", True),
        ("exam-leave", False),
    ]
    assert (await on(house, "2026-03-09"))["pupils"]  # some year groups are at home, others in
    await house.good("DELETE", f"{path}/entries/{put['id']}", token=token)
    assert (await on(house, "2026-03-02"))["pupils"]


async def test_the_second_of_two_who_edit_is_told(house: House) -> None:
    await area(house)
    path = "/organisations/alder/calendar"
    seen = {"If-Match": (await house.call("GET", path)).headers["ETag"]}
    first = {"kind": "inset", "start": "2026-03-09"}
    await house.good("POST", f"{path}/entries", json=first, headers=seen)
    later = {"kind": "inset", "start": "2026-03-10"}
    second = await house.call("POST", f"{path}/entries", json=later, headers=seen)
    assert second.status_code == 412
    assert (await house.good("GET", path))["inset"] == ["2026-03-09"]


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("closures", {"start": "2026-03-02", "reason": "boredom"}, "/reason"),
        ("closures", {"start": "2026-03-02", "end": "2026-03-01"}, "/end"),
        ("closures", {"start": "2026-03-02", "end": "2026-05-01"}, "/end"),
        ("closures", {"reason": "snow"}, "/start"),
        ("entries", {"kind": "party", "start": "2026-03-02"}, "/kind"),
        ("entries", {"kind": "term", "start": "2026-03-02", "end": "2026-03-13"}, "/start"),
        ("entries", {"kind": "inset", "start": "2026-03-02", "end": "2026-02-02"}, "/end"),
    ],
)
async def test_what_cannot_be_is_refused_at_its_place(
    embedded_house: House, path: str, body: dict[str, str], pointer: str
) -> None:
    house = embedded_house
    await area(house)
    before = await house.log_size()
    answer = await house.call("POST", f"/organisations/alder/calendar/{path}", json=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await house.log_size() == before


async def test_nobody_closes_another_organisation(embedded_house: House) -> None:
    house = embedded_house
    await area(house)
    token = await house.key("birch", "recipient")
    for path, body in (
        ("closures", {"start": "2026-03-02"}),
        ("entries", {"kind": "inset", "start": "2026-03-02"}),
        ("confirm", None),
    ):
        answer = await house.call(
            "POST", f"/organisations/alder/calendar/{path}", json=body, token=token
        )
        assert answer.status_code == 403
