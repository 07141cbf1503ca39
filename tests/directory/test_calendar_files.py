"""Calendars as files: looked at first, taken whole or not at all, and written as they are read."""

from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from services.directory.calendars.ical_file import read
from services.directory.cli import import_calendar
from services.directory.domain.naming import kind_of
from services.directory.domain.reading import Refused
from tests.directory.house import House

PATH = "/organisations/alder/calendar"


def ics(*events: str) -> str:
    """Each event as its lines, separated by |."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Synthetic//EN"]
    for number, event in enumerate(events):
        uid = [] if "UID:" in event else [f"UID:{number}@alder.example"]
        lines += ["BEGIN:VEVENT", *uid, "DTSTAMP:20260101T000000Z", *event.split("|"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def all_day(name: str, start: str, end: str = "", more: str = "") -> str:
    until = f"|DTEND;VALUE=DATE:{end}" if end else ""
    return f"SUMMARY:{name}|DTSTART;VALUE=DATE:{start}{until}{more}"


YEAR = ics(
    all_day("Autumn term", "20260902", "20261219"),
    all_day("Autumn half-term holiday", "20261026", "20261031"),
    all_day("INSET day", "20260902"),
    all_day("Parents’ evening", "20261112"),
    all_day("Spring term begins", "20270104"),
)


def spans(text: str) -> list[tuple[str, str, str]]:
    """Kind, first and last day of what could be placed."""
    return [(one.kind, str(one.start), str(one.end)) for one in read(text).entries()]


def left_out(text: str) -> list[str]:
    return [part.says for part in read(text).parts if part.entry is None]


TERM = all_day("Term", "20260902", "20261219")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        # DTEND of whole days is the day after the last one; without one it is one day
        (all_day("INSET", "20261102", "20261104"), ("inset", "2026-11-02", "2026-11-03")),
        (all_day("INSET", "20261102"), ("inset", "2026-11-02", "2026-11-02")),
        (all_day("INSET", "20261102", "20261102"), ("inset", "2026-11-02", "2026-11-02")),
        (
            "SUMMARY:INSET|DTSTART;VALUE=DATE:20261102|DURATION:P2D",
            ("inset", "2026-11-02", "2026-11-03"),
        ),
        # 23:00 UTC in summer is the next day in London, and midnight belongs to the day before
        (
            "SUMMARY:School closed|DTSTART:20260930T230000Z|DTEND:20261001T230000Z",
            ("closure", "2026-10-01", "2026-10-01"),
        ),
        (
            "SUMMARY:INSET|DTSTART;TZID=Europe/London:20261102T083000"
            "|DTEND;TZID=Europe/London:20261102T153000",
            ("inset", "2026-11-02", "2026-11-02"),
        ),
        (
            all_day("Year 11 study leave", "20261109", "20261114"),
            ("exam-leave", "2026-11-09", "2026-11-13"),
        ),
        (
            all_day("Kermesse", "20261109", more="|CATEGORIES:INSET"),
            ("inset", "2026-11-09", "2026-11-09"),
        ),
    ],
)
def test_an_event_is_the_days_that_it_means(event: str, expected: tuple[str, str, str]) -> None:
    assert expected in spans(ics(TERM, event))


def test_what_recurs_is_each_of_its_days_in_london() -> None:
    weekly = all_day(
        "INSET", "20261102", more="|RRULE:FREQ=WEEKLY;COUNT=4|EXDATE;VALUE=DATE:20261109"
    )
    until = (
        "SUMMARY:INSET|DTSTART:20261005T080000Z|DTEND:20261005T150000Z"
        "|RRULE:FREQ=WEEKLY;UNTIL=20261012T235959Z"
    )
    moved = "UID:1@alder.example|RECURRENCE-ID;VALUE=DATE:20261116|" + all_day("INSET", "20261117")
    days = [start for kind, start, _ in spans(ics(TERM, weekly, until, moved)) if kind == "inset"]
    assert days == ["2026-10-05", "2026-10-12", "2026-11-02", "2026-11-17", "2026-11-23"]


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (all_day("Governors’ meeting", "20261102"), "name"),
        (all_day("Last day of term", "20261218"), "name"),
        (all_day("Holiday club", "20261026", "20261031"), "name"),
        (all_day("Autumn term", "20260902"), "too short"),
        (all_day("INSET", "20261102", more="|STATUS:CANCELLED"), "cancelled"),
        (all_day("INSET", "20261102", more="|RRULE:FREQ=WEEKLY"), "without an end"),
        ("SUMMARY:INSET|DTSTART:20261102T160000Z|DTEND:20261102T180000Z", "part of a day"),
    ],
)
def test_what_nobody_can_be_sure_of_is_listed_and_not_guessed(event: str, says: str) -> None:
    text = ics(TERM, event)
    assert says in left_out(text)[0]
    assert len(spans(text)) == 1


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("dear school,", ""),
        (ics(), ""),
        (ics("SUMMARY:INSET"), "/VEVENT/0/DTSTART"),
        (ics(TERM, "SUMMARY:INSET|DTSTART:soon"), "/VEVENT/1/DTSTART"),
        (ics(TERM, all_day("INSET", "20261103", "20261101")), "/VEVENT/1/DTEND"),
        (ics(TERM, all_day("Autumn term", "20261001", "20261101")), "/VEVENT/1"),
        (ics(all_day("Parents’ evening", "20261112")), ""),
    ],
)
def test_a_file_that_is_wrong_is_refused_whole_at_its_place(text: str, pointer: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text)
    assert [at for at, _ in refused.value.problems] == [pointer]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Summer term half term", "half-term"),
        ("Easter holidays", "half-term"),
        ("INSET day – school closed to pupils", "inset"),
        ("Early May bank holiday", "bank-holiday"),
        ("Twilight INSET", None),
        ("Half term begins", None),
        ("Breakfast club closed", None),
        ("Spring 2", "term"),
    ],
)
def test_names_as_people_write_them(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind


async def school(house: House) -> str:
    body = {"kind": "school", "name": "Alder", "urn": "900001", "local_authority": "E06000999"}
    await house.good("PUT", "/organisations/alder", json=body)
    return await house.key("alder", "recipient")


async def send(house: House, text: str, query: str = "", **more: Any) -> Any:
    headers = {"content-type": "text/calendar"}
    return await house.call("POST", f"{PATH}/import{query}", content=text, headers=headers, **more)


async def test_a_file_is_looked_at_before_it_counts(house: House) -> None:
    token = await school(house)
    before = await house.log_size()
    look = (await send(house, YEAR, "?dry_run=true", token=token)).json()
    assert await house.log_size() == before
    assert [(one["at"], one["kind"], one["end"]) for one in look["taken"]] == [
        ("/VEVENT/0", "term", "2026-12-18"),
        ("/VEVENT/1", "half-term", "2026-10-30"),
        ("/VEVENT/2", "inset", "2026-09-02"),
    ]
    assert [one["name"] for one in look["not_placed"]] == [
        "Parents’ evening",
        "Spring term begins",
    ]
    assert (len(look["comes"]), look["goes"]) == (3, [])
    done = (await send(house, YEAR, token=token)).json()
    assert done["calendar"]["terms"] == ["2026-09-02/2026-10-25", "2026-10-31/2026-12-18"]
    assert done["calendar"]["inset"] == ["2026-09-02"]
    entries = (await house.good("GET", PATH))["layers"][0]["entries"]
    assert {(one["source"], one["put_by"]) for one in entries} == {("ical", "alder")}


async def test_what_is_written_is_read_again_and_changes_nothing(house: House) -> None:
    await school(house)
    await send(house, YEAR)
    await house.good("POST", f"{PATH}/closures", json={"start": "2026-11-27", "reason": "snow"})
    written = (await house.call("GET", f"{PATH}.ics")).text
    assert (await house.call("GET", f"{PATH}.ics")).text == written
    events = Calendar.from_ical(written).walk("VEVENT")
    assert all(one.get("UID") and one.get("DTSTAMP") for one in events)
    assert len({str(one["UID"]) for one in events}) == 4
    before = await house.log_size()
    again = (await send(house, written)).json()
    assert (again["comes"], again["goes"], again["stays"]) == ([], [], 3)
    assert await house.log_size() == before


async def test_a_file_of_one_kind_and_year_leaves_the_others_alone(embedded_house: House) -> None:
    house = embedded_house
    await school(house)
    await send(house, YEAR)
    later = ics(all_day("Spring term", "20270104", "20270213"))
    assert (await send(house, later, "?dry_run=true")).json()["goes"][0]["kind"] == "term"
    next_year = ics(all_day("Autumn term", "20270902", "20271218"))
    done = (await send(house, next_year)).json()
    assert (len(done["comes"]), done["goes"], done["stays"]) == (1, [], 3)


async def test_a_school_without_terms_is_believed_to_keep_its_councils(
    embedded_house: House,
) -> None:
    house = embedded_house
    await school(house)
    council = {"kind": "local-authority", "local_authority": "E06000999"}
    calendar = {"terms": ["2026-01-05/2026-02-13", "2026-02-23/2026-03-27"]}
    await house.good("PUT", "/organisations/north-la", json={**council, "calendar": calendar})
    answer = await house.call("GET", "/schools/900001/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.text.count("SUMMARY:Term") == 2
    assert "BEGIN:VEVENT" not in (await house.call("GET", f"{PATH}.ics")).text
    assert (await house.call("GET", "/schools/900009/calendar.ics")).status_code == 404


ACADEMIC = (
    "urn,academic_year,term,start,end\n"
    "900001,2026/27,Autumn 1,2026-09-02,2026-10-23\n"
    "900001,2026-27,Autumn half term,2026-10-26,2026-10-30\n"
    "900001,2026/2027,Autumn 2,2026-11-02,2026-12-18\n"
    "900001,2026/27,INSET,2026-11-02,\n"
)


async def test_a_file_by_school_year_replaces_that_year_alone(house: House, tmp_path: Path) -> None:
    await school(house)
    kept = {"terms": ["2026-06-01/2026-07-21", "2026-09-01/2026-12-11"]}
    await house.good("PUT", PATH, json=kept)
    path = tmp_path / "terms.csv"
    path.write_text(ACADEMIC)
    assert (await import_calendar(house.directory, path)).changed == 1
    shown = await house.good("GET", PATH)
    assert shown["terms"] == [
        "2026-06-01/2026-07-21",
        "2026-09-02/2026-10-23",
        "2026-11-02/2026-12-18",
    ]
    assert shown["inset"] == ["2026-11-02"]
    path.write_text(ACADEMIC.replace("2026/27,INSET,2026-11-02", "2025/26,INSET,2026-11-02"))
    wrong = await import_calendar(house.directory, path)
    assert [(one.line, one.column) for one in wrong.refused] == [(5, "academic_year")]


async def test_csv_by_hand_is_for_nobody_else_and_is_refused_at_its_line(
    embedded_house: House,
) -> None:
    house = embedded_house
    await school(house)
    headers = {"content-type": "text/csv"}
    for text, pointer in (
        (ACADEMIC.replace("900001,2026-27", "900009,2026-27"), "/line/3"),
        (ACADEMIC.replace("Autumn 2", "Harvest"), "/line/4/term"),
        ("a,b\n1,2\n", ""),
    ):
        answer = await house.call("POST", f"{PATH}/import", content=text, headers=headers)
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    form = {"file": ("terms.csv", ACADEMIC, "text/csv")}
    done = await house.good("POST", f"{PATH}/import", files=form)
    assert len(done["comes"]) == 4


async def test_icalendar_from_the_command_line_needs_to_know_whose_it_is(
    embedded_house: House, tmp_path: Path
) -> None:
    house = embedded_house
    await school(house)
    path = tmp_path / "year.ics"
    path.write_text(YEAR)
    look = await import_calendar(house.directory, path, organisation="alder", dry_run=True)
    assert (look.changed, len(look.notes)) == (1, 5)
    done = await import_calendar(house.directory, path, organisation="alder")
    assert (done.changed, [note.line for note in done.notes]) == (1, [4, 5])
