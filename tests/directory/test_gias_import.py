"""What does importing the register change? What is new, once; and nothing when it comes again."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.directory.cli import import_gias, import_links
from services.directory.domain.report import Report, UnreadableFile
from tests.directory.house import House
from tests.directory.samples import links_file, register_file, row


async def gias(house: House, tmp_path: Path, *rows: list[str], **how: Any) -> Report:
    path = tmp_path / "edubasealldata.csv"
    path.write_bytes(register_file(*rows))
    return await import_gias(house.directory, path, **how)


async def links(house: House, tmp_path: Path, *each: tuple[int, int, str]) -> Report:
    path = tmp_path / "links.csv"
    path.write_bytes(links_file(*each))
    return await import_links(house.directory, path)


async def school(house: House, urn: int) -> Any:
    return await house.good("GET", f"/schools/{urn}")


async def test_the_register_becomes_organisations(house: House, tmp_path: Path) -> None:
    report = await gias(
        house,
        tmp_path,
        row(900001),
        row(900002, "Cedar College", TYPE="18", GROUP="1", LOW="16", HIGH="99"),
        row(900003, "Little Test", TYPE="15", LOW="2", HIGH="5"),
        row(900004, "Test University", TYPE="29", GROUP="2", LOW="18"),
        row(900005, "Going", STATUS="3", CLOSE="31-08-2026"),
        row(900006, "Gone", STATUS="2", CLOSE="31-08-2025"),
        row(900007, "Coming", STATUS="4", OPEN="01-09-2026"),
        row(900008, "Some day", STATUS="4"),
        row(900009, "Broken", STATUS="?"),
    )
    assert (report.rows, report.added, report.changed, report.unchanged) == (9, 6, 0, 0)
    assert sorted(report.left_out.values()) == [1, 1]
    assert [problem.line for problem in report.refused] == [10]
    alder = await school(house, 900001)
    assert (alder["id"], alder["kind"], alder["ages"]) == ("urn-900001", "school", [4, 11])
    assert (alder["local_authority"], alder["closed_on"]) == ("E06000999", None)
    assert (await school(house, 900002))["kind"] == "college"
    assert (await school(house, 900003))["kind"] == "nursery"
    assert (await school(house, 900005))["closed_on"] is None
    assert (await school(house, 900006))["closed_on"] == "2025-08-31"
    assert (await school(house, 900007))["open_from"] == "2026-09-01"


async def test_importing_again_changes_nothing(house: House, tmp_path: Path) -> None:
    rows = [row(900001), row(900002, STATUS="2"), row(900003, STATUS="4", OPEN="01-09-2026")]
    await gias(house, tmp_path, *rows)
    before = await house.log_size()
    house.clock.set(datetime(2026, 3, 1, tzinfo=UTC))
    report = await gias(house, tmp_path, *rows)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 3)
    assert await house.log_size() == before


async def test_only_what_differs_is_written(house: House, tmp_path: Path) -> None:
    await gias(house, tmp_path, row(900001), row(900002))
    before = await house.log_size()
    report = await gias(house, tmp_path, row(900001, "Alder Academy"), row(900002))
    assert (report.changed, report.unchanged) == (1, 1)
    assert await house.log_size() == before + 1


async def test_a_dry_run_says_what_would_be_and_writes_nothing(
    house: House, tmp_path: Path
) -> None:
    report = await gias(house, tmp_path, row(900001), dry_run=True)
    assert (report.added, report.dry_run) == (1, True)
    assert await house.log_size() == 0


async def test_an_organisation_set_by_hand_keeps_what_the_register_does_not_know(
    house: House, tmp_path: Path
) -> None:
    alder = {
        "kind": "nursery",
        "name": "Alder",
        "urn": "900001",
        "opens": "08:40",
        "police_area": "E23000099",
        "contacts": [{"id": "a", "role": "head", "given_name": "Ada", "family_name": "Test"}],
    }
    await house.good("PUT", "/organisations/alder", json=alder)
    report = await gias(house, tmp_path, row(900001, "Alder Primary"))
    assert (report.added, report.changed) == (0, 1)
    after = await school(house, 900001)
    assert (after["id"], after["name"], after["kind"]) == ("alder", "Alder Primary", "nursery")
    assert (after["opens"], after["police_area"]) == ("08:40:00", "E23000099")
    assert len(after["contacts"]) == 1


async def test_what_the_register_closed_it_opens_and_what_a_person_closed_it_does_not(
    house: House, tmp_path: Path
) -> None:
    await gias(house, tmp_path, row(900001, STATUS="2", CLOSE="31-12-2025"), row(900002))
    await house.good("POST", "/organisations/urn-900002/close", json={"on": "2026-01-31"})
    report = await gias(house, tmp_path, row(900001), row(900002))
    assert (await school(house, 900001))["closed_on"] is None
    assert (await school(house, 900002))["closed_on"] == "2026-01-31"
    assert [(note.line, "by hand" in note.says) for note in report.notes] == [(3, True)]


async def test_a_file_that_is_much_shorter_than_the_last_is_refused(
    house: House, tmp_path: Path
) -> None:
    rows = [row(900001), *[row(910000 + at, TYPE="29", GROUP="2") for at in range(1_199)]]
    await gias(house, tmp_path, *rows)
    with pytest.raises(UnreadableFile, match="has 1000 rows and the last one had 1200"):
        await gias(house, tmp_path, *rows[:1000])
    assert (await gias(house, tmp_path, *rows[:1100])).unchanged == 1
    report = await gias(house, tmp_path, *rows[:10], accept_fewer=True)
    assert report.unchanged == 1


async def test_a_small_extract_may_follow_a_larger_one(house: House, tmp_path: Path) -> None:
    await gias(house, tmp_path, *[row(900001 + at) for at in range(20)])
    assert (await gias(house, tmp_path, row(900001))).unchanged == 1


async def test_a_file_most_of_whose_rows_are_bad_is_refused_whole(
    house: House, tmp_path: Path
) -> None:
    bad = [row(900002 + at, TYPE="Community school") for at in range(2)]
    with pytest.raises(UnreadableFile, match="2 of 3 rows cannot be read"):
        await gias(house, tmp_path, row(900001), *bad)
    assert await house.log_size() == 0


async def test_a_number_that_is_there_twice_counts_once(house: House, tmp_path: Path) -> None:
    report = await gias(house, tmp_path, row(900001), row(900001, "Another"), row(900002))
    assert [(problem.line, problem.column) for problem in report.refused] == [(3, "URN")]
    assert (await school(house, 900001))["name"] == "Alder Primary"


async def test_the_links_name_the_open_successor_of_each_closed_one(
    house: House, tmp_path: Path
) -> None:
    closed = {"STATUS": "2", "CLOSE": "31-08-2025"}
    await gias(
        house,
        tmp_path,
        row(900001, **closed),
        row(900002, **closed),
        row(900003),
        row(900004, **closed),
        row(900005),
        row(900006, **closed),
        row(900007, **closed),
    )
    every = [
        (900001, 900002, "Successor"),
        (900002, 900003, "Successor - merged"),
        (900004, 900003, "Successor - Split School"),
        (900004, 900005, "Successor - Split School"),
        (900006, 900007, "Successor"),
        (900007, 900006, "Successor"),
        (900003, 900001, "Predecessor"),
    ]
    report = await links(house, tmp_path, *every)
    assert (report.rows, report.changed) == (7, 2)
    assert (await school(house, 900001))["successor"] == "urn-900003"
    assert (await school(house, 900002))["successor"] == "urn-900003"
    assert (await school(house, 900004))["successor"] is None
    assert sorted(note.line for note in report.notes) == [4, 6, 7]
    before = await house.log_size()
    again = await links(house, tmp_path, *every)
    assert (again.changed, again.unchanged, await house.log_size()) == (0, 2, before)


async def test_a_successor_that_a_person_chose_stays(house: House, tmp_path: Path) -> None:
    await gias(
        house, tmp_path, row(900001, STATUS="2", CLOSE="31-08-2025"), row(900002), row(900003)
    )
    choice = {"on": "2025-08-31", "successor": "urn-900003"}
    await house.good("POST", "/organisations/urn-900001/close", json=choice)
    await links(house, tmp_path, (900001, 900002, "Successor"))
    assert (await school(house, 900001))["successor"] == "urn-900003"
    again = await gias(
        house, tmp_path, row(900001, STATUS="2", CLOSE="31-08-2025"), row(900002), row(900003)
    )
    assert again.changed == 0


async def test_progress_is_told_to_the_last_row(house: House, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    await gias(
        house,
        tmp_path,
        *[row(900001 + at) for at in range(450)],
        progress=lambda done, rows: told.append((done, rows)),
    )
    assert told == [(200, 450), (400, 450), (450, 450)]
