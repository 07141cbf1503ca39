"""Which entries may be this child? For a person to choose among, without a value of any of them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from contracts.leave import LIFE, Leave, signed
from services.directory.finding.tables import BLOCKS, METADATA
from services.directory.streams.pupil_search import PupilsSought
from tests.directory.house import House

TASK = UUID(int=7)
CAT: dict[str, Any] = {
    "given_name": "Catherine",
    "family_name": "Ash-Test",
    "date_of_birth": "2018-05-01",
    "postcode": "ZZ99 3CZ",
}
KATE = {**CAT, "preferred_given_name": "Kate"}
LOOK = "/pupils/candidates"


@pytest.fixture
async def area(house: House) -> House:
    for name, urn, authority in (
        ("alder", "900001", "E06000999"),
        ("birch", "900002", "E06000998"),
        ("unit", "900003", "E06000999"),
    ):
        body = {"kind": "school", "name": name.title(), "urn": urn, "local_authority": authority}
        await house.good("PUT", f"/organisations/{name}", json=body)
    council = {"kind": "local-authority", "local_authority": "E06000999"}
    await house.good("PUT", "/organisations/council", json=council)
    await house.good("PUT", "/organisations/north-police", json={"kind": "police"})
    return house


async def enrol(house: House, *pupils: dict[str, Any], at: str = "alder") -> None:
    await house.good("POST", f"/organisations/{at}/pupils", json=list(pupils))


async def look(house: House, child: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    body = {**child, "reason": "Task 7", **more}
    return list((await house.good("POST", LOOK, json=body))["candidates"])


def says(candidate: dict[str, Any], fact: str) -> tuple[bool | None, str]:
    (one,) = [each for each in candidate["facts"] if each["fact"] == fact]
    return one["agrees"], one["says"]


@pytest.mark.parametrize(
    ("asked", "fact", "words"),
    [
        ({"date_of_birth": "2018-01-05"}, "date_of_birth", "day and month are swapped"),
        ({"date_of_birth": "2017-05-01"}, "date_of_birth", "the year differs by a digit"),
        ({"date_of_birth": "2008-05-01"}, "date_of_birth", "the year differs by a digit"),
        ({"date_of_birth": "2018-05-07"}, "date_of_birth", "one digit of the day differs"),
        ({"family_name": "Ashtest"}, "family_name", "the same"),
        ({"family_name": "Ash-Tset"}, "family_name", "one letter differs"),
        ({"family_name": "Ash"}, "family_name", "one is a part of the other"),
        ({"given_name": "Kathryn"}, "given_name", "spelt in another way"),
        ({"postcode": "ZZ99 9XX"}, "postcode", "differs: perhaps an earlier address"),
        (
            {"given_name": "Ash-Test", "family_name": "Catherine"},
            "given_name",
            "the same with given and family name changed over",
        ),
        ({"date_of_birth": None}, "date_of_birth", "not said by both"),
        ({"postcode": ""}, "postcode", "not said by both"),
    ],
)
async def test_a_slip_is_found_and_named(
    area: House, asked: dict[str, Any], fact: str, words: str
) -> None:
    await enrol(area, CAT, {**CAT, "given_name": "Dan", "date_of_birth": "2015-03-03"})
    (found,) = await look(area, {**CAT, **asked})
    assert found["school"] == {"id": "alder", "name": "Alder", "urn": "900001"}
    assert says(found, fact)[1] == words


async def test_a_preferred_name_is_found_and_said_to_be_another_one(area: House) -> None:
    await enrol(area, KATE)
    (found,) = await look(area, {**CAT, "given_name": "Kate", "postcode": "ZZ99 9XX"})
    assert says(found, "given_name") == (
        True,
        "the same under another name that the register holds",
    )


async def test_twins_are_told_apart_by_the_forename(area: House) -> None:
    await enrol(area, {**CAT, "given_name": "Amira"}, at="alder")
    await enrol(area, {**CAT, "given_name": "Zoya"}, at="birch")
    (found,) = await look(area, {**CAT, "given_name": "Amirah"})
    assert found["school"]["id"] == "alder"
    assert await look(area, {**CAT, "given_name": "Hiba"}) == []


async def test_a_name_alone_finds_nobody(area: House) -> None:
    await enrol(area, CAT)
    answer = await area.call(
        "POST", LOOK, json={"given_name": "Catherine", "family_name": "Ash-Test", "reason": "x"}
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/date_of_birth")
    far = {**CAT, "date_of_birth": "2011-11-11", "postcode": "ZZ99 9XX"}
    assert await look(area, far) == []


async def test_both_schools_are_shown_and_one_that_was_left_for_thirty_days(area: House) -> None:
    today = area.clock.now().date()
    await enrol(area, {**CAT, "until": str(today - timedelta(days=30))}, at="alder")
    await enrol(area, {**CAT, "from": str(today)}, at="birch")
    await enrol(area, {**CAT, "from": str(today + timedelta(days=9))}, at="unit")
    found = await look(area, CAT)
    assert [(one["school"]["id"], one["standing"]) for one in found] == [
        ("birch", "on-roll"),
        ("alder", "left-lately"),
        ("unit", "coming"),
    ]
    area.clock.set(area.clock.now() + timedelta(days=1))
    assert [one["school"]["id"] for one in await look(area, CAT)] == ["birch", "unit"]


async def test_at_most_five_are_shown_the_likest_first(area: House) -> None:
    await enrol(area, *({**CAT, "postcode": f"ZZ99 {at}AA"} for at in range(7)), CAT)
    found = await look(area, CAT)
    assert len(found) == 5
    assert [one["score"] for one in found] == [100, 85, 85, 85, 85]


async def test_the_answer_holds_no_value_that_was_not_asked_with(area: House) -> None:
    await enrol(area, {**KATE, "upn": "W999400018001", "former_family_name": "Former-Test"})
    asked = {**CAT, "family_name": "Ash-Tset", "date_of_birth": "2018-01-05", "postcode": ""}
    text = str(await look(area, asked))
    for secret in ("Ash-Test", "Kate", "Former", "2018-0", "ZZ99", "W9994"):
        assert secret not in text


async def test_no_table_holds_a_name_a_day_or_a_home_and_a_removed_pupil_is_gone(
    area: House,
) -> None:
    await enrol(area, KATE)
    assert await look(area, CAT)
    async with area.database.reading() as connection:
        rows = [
            str(row)
            for table in METADATA.sorted_tables
            for row in await connection.execute(select(table))
        ]
    assert rows
    for secret in ("Catherine", "Kate", "Test", "2018-05-01", "ZZ99"):
        assert secret not in " ".join(rows)
    (pupil,) = (await area.good("GET", "/organisations/alder/pupils"))["pupils"]
    await area.good("DELETE", f"/organisations/alder/pupils/{pupil['enrolment']}")
    assert await look(area, CAT) == []
    async with area.database.reading() as connection:
        assert (await connection.execute(select(BLOCKS))).first() is None


async def test_only_with_leave_of_a_task_does_an_agency_look(area: House) -> None:
    await enrol(area, CAT)
    token = await area.key("north-police", "publisher")
    refused = await area.call("POST", LOOK, json={**CAT, "reason": "I wonder"}, token=token)
    assert refused.status_code == 403
    until = area.clock.now() + LIFE
    pepper = area.settings.pepper_bytes
    for agency, status in (("north-police", 200), ("other-police", 403)):
        word = signed(pepper, Leave(task=TASK, agency=agency, until=until))
        answer = await area.call("POST", LOOK, json={**CAT, "leave": word}, token=token)
        assert answer.status_code == status
    area.clock.set(until)
    word = signed(pepper, Leave(task=TASK, agency="north-police", until=until))
    over = await area.call("POST", LOOK, json={**CAT, "leave": word}, token=token)
    assert over.status_code == 403


async def test_an_authority_looks_among_its_own_schools_and_says_why(area: House) -> None:
    await enrol(area, CAT, at="alder")
    await enrol(area, CAT, at="birch")
    token = await area.key("council", "recipient")
    found = await look_as(area, token, {**CAT, "reason": "Whose pupil is it?"})
    assert [one["school"]["id"] for one in found] == ["alder"]
    silent = await area.call("POST", LOOK, json=CAT, token=token)
    assert (silent.status_code, silent.json()["errors"][0]["pointer"]) == (422, "/reason")


async def look_as(house: House, token: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    return list((await house.good("POST", LOOK, json=body, token=token))["candidates"])


async def test_every_look_is_on_record_without_what_was_typed(area: House) -> None:
    await enrol(area, CAT)
    await look(area, CAT, reason="Secret-Reason")
    await look(area, {**CAT, "given_name": "Nobody"})
    log = [each.event for each in await area.store.read_all(0)]
    first, second = [event for event in log if isinstance(event, PupilsSought)]
    assert (len(first.enrolments), len(second.enrolments)) == (1, 0)
    assert first.reason is not None
    assert first.reason.value == "Secret-Reason"
    answer = await area.good("GET", "/pupils/searches")
    assert [one["found"] for one in answer["searches"]] in ([0, 1], [1, 0])
    assert "Secret" not in str(answer)
    assert "Catherine" not in str([first, answer])
    token = await area.key("north-police", "publisher")
    assert (await area.call("GET", "/pupils/searches", token=token)).status_code == 403
