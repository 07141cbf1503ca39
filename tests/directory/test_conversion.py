"""Who is called at a school that became an academy overnight? And who chooses where one split?"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.directory.cli import import_gias, import_links
from services.directory.domain.report import Report
from tests.directory.house import House
from tests.directory.samples import links_file, register_file, row

CLOSED = {"STATUS": "2", "CLOSE": "31-01-2026"}
ADA = {
    "id": "dsl",
    "role": "designated-safeguarding-lead",
    "given_name": "Ada",
    "family_name": "Test",
    "email": "dsl@alder.example",
    "home": {"line": "1 Test Street", "postcode": "ZZ99 9AA"},
}
BEN = {"id": "left", "role": "head", "given_name": "Ben", "family_name": "Test"}
SPRING = {"terms": ["2026-01-05/2026-02-13"]}


async def gias(house: House, tmp_path: Path, *rows: list[str]) -> Report:
    path = tmp_path / "edubasealldata.csv"
    path.write_bytes(register_file(*rows))
    return await import_gias(house.directory, path)


async def links(house: House, tmp_path: Path, *each: tuple[int, int, str]) -> Report:
    path = tmp_path / "links.csv"
    path.write_bytes(links_file(*each))
    return await import_links(house.directory, path)


async def school(house: House, urn: int) -> Any:
    return await house.good("GET", f"/schools/{urn}")


@pytest.fixture
async def converted(house: House, tmp_path: Path) -> House:
    """Alder Primary, 900001, with its people; and the academy that it became, 900002."""
    await gias(house, tmp_path, row(900001))
    alder = {
        "contacts": [ADA, {**BEN, "until": "2025-12-31"}],
        "calendar": SPRING,
        "opens": "08:40",
        "lead_minutes": 20,
    }
    await house.good("PUT", "/organisations/urn-900001", json=alder)
    await gias(house, tmp_path, row(900001, **CLOSED), row(900002, "Alder Academy"))
    return house


async def test_an_academy_has_the_people_of_the_school_that_it_was_to_be_confirmed(
    converted: House, tmp_path: Path
) -> None:
    house = converted
    report = await links(house, tmp_path, (900001, 900002, "Successor"))
    assert (report.changed, report.carried_over) == (1, 1)
    academy = await school(house, 900002)
    assert [one["id"] for one in academy["contacts"]] == ["dsl"]  # who had left is not carried
    (ada,) = academy["contacts"]
    assert (ada["email"], ada["given_name"]) == ("dsl@alder.example", "Ada")
    assert (ada["confirmation"]["state"], ada["confirmation"]["why"]) == (
        "to-confirm",
        "carried-over",
    )
    assert academy["calendar"]["terms"] == [{"start": "2026-01-05", "end": "2026-02-13"}]
    assert (academy["opens"], academy["lead_minutes"]) == ("08:40:00", 20)


async def test_what_is_known_of_a_conflict_of_interest_goes_along_under_another_key(
    converted: House, tmp_path: Path
) -> None:
    house = converted
    await links(house, tmp_path, (900001, 900002, "Successor"))
    old = (await house.directory.organisation("urn-900001")).contacts[0]
    new = (await house.directory.organisation("urn-900002")).contacts[0]
    assert new.known_by == old.known_by
    assert new.known_by
    subjects = {
        recorded.event.details.subject
        for name in ("urn-900001", "urn-900002")
        for recorded in await house.store.read_stream(f"organisation-{name}")
        if hasattr(recorded.event, "details")
    }
    assert {"contact-urn-900001-dsl", "contact-urn-900002-dsl"} <= subjects


async def test_it_is_carried_once_and_what_the_school_does_then_stays(
    converted: House, tmp_path: Path
) -> None:
    house = converted
    each = (900001, 900002, "Successor")
    await links(house, tmp_path, each)
    before = await house.log_size()
    assert (await links(house, tmp_path, each)).carried_over == 0
    assert await house.log_size() == before
    await house.good("PUT", "/organisations/urn-900002", json={"contacts": []})
    assert (await links(house, tmp_path, each)).carried_over == 0
    assert (await school(house, 900002))["contacts"] == []


async def test_nobody_is_carried_to_a_school_that_has_people_or_had_two_predecessors(
    converted: House, tmp_path: Path
) -> None:
    house = converted
    await gias(
        house, tmp_path, row(900001, **CLOSED), row(900002), row(900003, **CLOSED), row(900004)
    )
    merged = [(900001, 900002, "Successor - merged"), (900003, 900002, "Successor - merged")]
    assert (await links(house, tmp_path, *merged)).carried_over == 0
    await house.good("PUT", "/organisations/urn-900004", json={"contacts": [BEN]})
    await house.good("PUT", "/organisations/urn-900003", json={"contacts": [ADA]})
    await links(house, tmp_path, (900003, 900004, "Successor"))
    assert [one["id"] for one in (await school(house, 900004))["contacts"]] == ["left"]


async def test_before_the_day_nothing_is_carried(converted: House, tmp_path: Path) -> None:
    house, each = converted, (900001, 900002, "Successor")
    closing = row(900001, STATUS="2", CLOSE="28-02-2026")
    await gias(house, tmp_path, closing, row(900002, "Alder Academy"))
    assert (await links(house, tmp_path, each)).carried_over == 0
    house.clock.set(datetime(2026, 2, 28, 7, tzinfo=UTC))
    assert (await links(house, tmp_path, each)).carried_over == 1


async def test_a_link_told_by_the_successor_alone_is_a_link(
    converted: House, tmp_path: Path
) -> None:
    report = await links(converted, tmp_path, (900002, 900001, "Predecessor"))
    assert (report.changed, report.carried_over) == (1, 1)
    assert (await school(converted, 900001))["successor"] == "urn-900002"
