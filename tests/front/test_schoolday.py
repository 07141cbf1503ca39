"""Do pupils come in today?"""

from datetime import date
from typing import Any

import pytest

from services.front.schoolday import (
    AUTHORITY,
    CLOSED,
    HOLIDAY,
    INSET,
    NO_PUPILS,
    UNKNOWN,
    WEEKEND,
    notes,
)

MONDAY = date(2026, 11, 2)
TERM = {"start": "2026-11-02", "end": "2026-12-18"}


def calendar(**more: Any) -> dict[str, Any]:
    return {"terms": [TERM], "inset": [], "closed": [], **more}


def school(own: dict[str, Any] | None, kind: str = "school") -> dict[str, Any]:
    return {"id": "alder", "kind": kind, "calendar": own}


@pytest.mark.parametrize(
    ("own", "council", "day", "said"),
    [
        (calendar(), None, MONDAY, []),
        (calendar(inset=["2026-11-02"]), None, MONDAY, [INSET]),
        (calendar(closed=["2026-11-02"]), None, MONDAY, [CLOSED]),
        (calendar(), None, date(2026, 10, 30), [NO_PUPILS]),
        (calendar(), None, date(2026, 11, 7), [WEEKEND]),
        (calendar(), None, date(2026, 12, 25), [HOLIDAY, UNKNOWN]),
        (calendar(), None, date(2027, 1, 4), [UNKNOWN]),
        (None, None, MONDAY, [UNKNOWN]),
        (None, calendar(), MONDAY, [AUTHORITY]),
        (None, calendar(inset=["2026-11-02"]), MONDAY, [INSET, AUTHORITY]),
    ],
)
def test_the_note_follows_the_calendar_that_rules_today(
    own: dict[str, Any] | None, council: dict[str, Any] | None, day: date, said: list[str]
) -> None:
    authority = {"kind": "local-authority", "calendar": council}
    assert notes(school(own), authority, day, {date(2026, 12, 25)}) == said


def test_a_team_that_is_no_school_has_no_school_day() -> None:
    assert notes(school(None, "childrens-social-care"), None, MONDAY, set()) == []
