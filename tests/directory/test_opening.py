"""Is it open? The parts of RFC 5545 that opening hours use, by example."""

from datetime import date, datetime
from typing import Any

import pytest

from services.directory.domain.offer import Hours
from services.directory.domain.opening import happens_on, is_open, weekdays


@pytest.mark.parametrize(
    ("said", "day", "happens"),
    [
        ({}, date(2026, 2, 15), True),
        ({"days": ("MO", "FR")}, date(2026, 2, 13), True),
        ({"days": ("MO", "FR")}, date(2026, 2, 14), False),
        ({"valid_from": date(2026, 2, 13)}, date(2026, 2, 12), False),
        ({"valid_to": date(2026, 2, 13)}, date(2026, 2, 13), True),
        ({"valid_to": date(2026, 2, 13)}, date(2026, 2, 14), False),
        # fortnightly, counted in weeks from Monday, whatever day it began on
        (
            {"days": ("TU",), "interval": 2, "valid_from": date(2026, 2, 5)},
            date(2026, 2, 10),
            False,
        ),
        ({"days": ("TU",), "interval": 2, "valid_from": date(2026, 2, 5)}, date(2026, 2, 17), True),
        # the second Monday and the last Friday of a month
        ({"days": ("2MO",), "freq": "monthly"}, date(2026, 2, 9), True),
        ({"days": ("2MO",), "freq": "monthly"}, date(2026, 2, 16), False),
        ({"days": ("-1FR",), "freq": "monthly"}, date(2026, 2, 27), True),
        ({"days": ("-1FR",), "freq": "monthly"}, date(2026, 2, 20), False),
        ({"days": ("WE",), "freq": "monthly"}, date(2026, 2, 18), True),
        ({"month_days": (1, -1), "freq": "monthly"}, date(2026, 2, 28), True),
        ({"month_days": (1, -1), "freq": "monthly"}, date(2028, 2, 28), False),
        (
            {"days": ("1MO",), "freq": "monthly", "interval": 2, "valid_from": date(2026, 1, 1)},
            date(2026, 2, 2),
            False,
        ),
    ],
)
def test_a_day_is_in_the_rule_or_not(said: dict[str, Any], day: date, happens: bool) -> None:
    assert happens_on(Hours(**said), day) is happens


@pytest.mark.parametrize(
    ("clock", "opened"), [("09:59", 0), ("10:00", 1), ("15:59", 1), ("16:00", 0)]
)
def test_it_opens_on_the_minute_and_has_closed_on_the_minute(clock: str, opened: int) -> None:
    hours = Hours(days=("FR",), opens="10:00", closes="16:00")
    assert is_open(hours, datetime.fromisoformat(f"2026-02-13T{clock}")) is bool(opened)


def test_the_days_of_the_week_on_which_it_can_be_open() -> None:
    assert weekdays(Hours(days=("-1FR", "MO"), freq="monthly")) == {"FR", "MO"}
    assert len(weekdays(Hours(month_days=(3,), freq="monthly"))) == 7
