"""Are the area and its nights made up, always the same, and as many as the figures say?"""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contracts.envelope import parse
from services.demo import nights
from services.demo.area import FILE, DemoArea
from services.demo.households import Households, registers
from services.demo.nights import Nights, Planned
from services.demo.opening_days import SUNDAY_NIGHT, WEEKEND, OpeningDays
from services.demo.school_year import bank_holidays, is_pupil_day, opening_sunday
from services.scenario.story import read_area

SUNDAY = date(2026, 11, 22)
DAYS = 120
RECORDED = "police.incident.recorded.v1"


def area() -> DemoArea:
    return DemoArea(SUNDAY)


def usual_nights() -> list[Planned]:
    found = Nights(Households(area()))
    days = [SUNDAY + timedelta(days=2 + number) for number in range(DAYS)]
    return [one for day in days for one in found.of(day) if not one.big]


def incidents(of: list[Planned]) -> list[Planned]:
    return [one for one in of if one.event["type"] == RECORDED]


def strings(value: Any, key: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [found for name, each in value.items() for found in strings(each, name)]
    if isinstance(value, (list, tuple)):
        return [found for each in value for found in strings(each, key)]
    return [(key, str(value))]


def test_it_is_the_same_every_time() -> None:
    assert [(one.id, one.at, one.event) for one in usual_nights()] == [
        (one.id, one.at, one.event) for one in usual_nights()
    ]
    first, second = (OpeningDays(area(), Households(area())).planned() for _ in range(2))
    assert first == second


def test_every_event_is_one_of_the_contract() -> None:
    days = OpeningDays(area(), Households(area()))
    for one in (*days.planned(), *usual_nights()):
        parse(one.event)


def test_everybody_is_made_up() -> None:
    """Names, postcodes, numbers and references only of the ranges that belong to nobody."""
    households = Households(area())
    days = OpeningDays(area(), households)
    told = [one.event for one in (*days.planned(), *usual_nights())]
    kept = [*area().organisations, *registers((*households.families, *days.families)).values()]
    allowed = {
        "family_name": r"Test",
        "postcode": r"ZZ99 \d[A-Z]{2}",
        "phone": r"01632 960\d{3}",
        "email": r"[a-z-]+@[a-z-]+\.example",
        "urn": r"9000\d\d",
        "upn": r"[A-Z]9994001\d{5}",
        "reference": r"SYN-.+",
        "local_authority": r"E0600099\d",
        "police_area": r"E2300009\d",
    }
    for key, value in strings([told, kept]):
        if key in allowed and value != "None":
            assert re.fullmatch(allowed[key], value), key


def test_as_many_come_as_the_figures_say() -> None:
    """6.05 incidents a day for 40 schools, with 0.78 children each; more of them on a Saturday."""
    found = incidents(usual_nights())
    assert 0.9 < len(found) / DAYS / nights.A_DAY < 1.15
    children = sum(len(one.event["data"]["children"]) for one in found)
    assert 0.65 < children / len(found) < 0.9
    saturdays = sum(one.at.weekday() == 5 for one in found) / len(found)
    assert 0.16 < saturdays < 0.27
    late = sum(one.at.hour >= 21 or one.at.hour < 3 for one in found) / len(found)
    assert 0.3 < late < 0.46


def test_an_address_comes_again_within_a_month_as_often_as_in_london() -> None:
    seen: dict[str, datetime] = {}
    again = families = 0
    for one in incidents(usual_nights()):
        home = f"{one.event['data']['location']['postcode']} {one.event['data']['people'][0]}"
        families += 1
        again += home in seen and one.at - seen[home] < timedelta(days=29)
        seen[home] = one.at
    assert 0.33 < again / families < 0.5


def test_a_big_night_has_four_times_as_many() -> None:
    found = Nights(Households(area()))
    days = [SUNDAY + timedelta(days=2 + number) for number in range(30)]
    every = [one for day in days for one in found.of(day) if one.event["type"] == RECORDED]
    usual = [one for one in every if not one.big]
    assert 3.5 < len(every) / len(usual) < 4.8


def test_the_opening_days_have_as_many_as_the_figures_say() -> None:
    days = OpeningDays(area(), Households(area()))
    when = [one.at for one in incidents(list(days.planned()))]
    assert sum(days.weekend <= one < days.evening for one in when) == WEEKEND
    assert sum(days.evening <= one < days.until for one in when) == SUNDAY_NIGHT


def test_there_are_forty_schools_of_all_kinds() -> None:
    found = area()
    assert len(found.schools) == len({one.urn for one in found.schools}) == 40
    assert {one.phase for one in found.schools} == {
        *("primary", "secondary", "special", "unit", "college", "nursery")
    }
    by_id = {one["id"]: one for one in found.organisations}
    assert "calendar" not in by_id["medlar"]
    assert by_id["hornbeam"]["calendar"]["inset"] == ["2026-11-23"]
    halves = {json.dumps(by_id[f"{one}-council"]["calendar"]["terms"]) for one in ("north", "east")}
    assert len(halves) == 2


@pytest.mark.parametrize(
    ("now", "sunday"),
    [
        ("2026-11-22T16:59:00+00:00", date(2026, 11, 15)),
        ("2026-11-22T17:00:00+00:00", date(2026, 11, 22)),
        ("2026-12-28T12:00:00+00:00", date(2026, 12, 13)),
        ("2026-08-20T12:00:00+01:00", date(2026, 7, 19)),
        ("2027-05-03T12:00:00+01:00", date(2027, 4, 25)),  # Early May bank holiday
    ],
)
def test_it_opens_on_the_last_sunday_before_a_day_of_school(now: str, sunday: date) -> None:
    assert opening_sunday(datetime.fromisoformat(now)) == sunday


def test_whenever_it_is_started_the_monday_has_pupils_in_school() -> None:
    for day in range(0, 800, 3):
        now = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
        monday = opening_sunday(now) + timedelta(days=1)
        assert monday.weekday() == 0
        assert is_pupil_day(monday)
        assert monday not in bank_holidays(monday.year)
        assert monday <= now.date() + timedelta(days=1)


def test_the_middle_of_the_area_is_a_file_that_explain_reads() -> None:
    written = read_area(FILE)
    assert {"north-police", "alder", "birch", "cedar", "brook", "north-csc", "north-marac"} <= {
        one.id for one in written.organisations
    }
