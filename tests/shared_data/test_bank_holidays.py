"""Does the package that counts our working days know the published bank holidays?"""

import json
from collections import defaultdict
from datetime import date

import holidays
import pytest

from tests.shared_data.folder import shared_data

FOLDER = shared_data("bank-holidays")


def published() -> dict[int, set[date]]:
    """England and Wales, by year, from the government's own file."""
    division = json.loads((FOLDER / "bank-holidays.json").read_text())["england-and-wales"]
    years: dict[int, set[date]] = defaultdict(set)
    for event in division["events"]:
        day = date.fromisoformat(event["date"])
        years[day.year].add(day)
    return years


PUBLISHED = published()


@pytest.mark.parametrize("year", sorted(PUBLISHED))
@pytest.mark.parametrize("country", ["ENG", "WLS"])
def test_every_published_bank_holiday_is_known_and_no_other(year: int, country: str) -> None:
    """The package also names the weekend day that a substitute stands in for."""
    known = set(holidays.country_holidays("GB", subdiv=country, years=year))
    weekdays = {day for day in known if day.year == year and day.weekday() < 5}
    assert weekdays == {day for day in PUBLISHED[year] if day.weekday() < 5}


def test_the_published_years_reach_over_the_next_school_year() -> None:
    assert {2025, 2026, 2027} <= set(PUBLISHED)
    assert min(PUBLISHED) <= 2018


def test_no_published_bank_holiday_is_on_a_weekend() -> None:
    """So leaving weekends out of the comparison hides nothing."""
    assert not [day for days in PUBLISHED.values() for day in days if day.weekday() >= 5]
