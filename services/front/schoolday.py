"""Do pupils come in today? A note above the inbox of a school, from the calendars that count."""

from collections.abc import Container
from datetime import date
from typing import Any

from contracts import school_days
from contracts.messages import Calendar, Closure
from contracts.school_days import SCHOOL, covers, newest_first, ruling

INSET = "INSET day today: staff are in, pupils are not."
CLOSED = "Your school is closed today."
NO_PUPILS = "No pupils today: it is not in your term dates."
HOLIDAY = "Bank holiday today: no pupils."
WEEKEND = "No pupils today: it is the weekend."
AUTHORITY = "Your school has no calendar here: the council’s term dates are used."
TRUST = "Your school has no calendar here: your trust’s term dates are used."
UNKNOWN = "Your calendar is not known: Monday to Friday is assumed."
SCHOOLS = ("school", "college")
_TODAY = {
    school_days.WEEKEND: WEEKEND,
    school_days.BANK_HOLIDAY: HOLIDAY,
    school_days.INSET: INSET,
    school_days.CLOSURE: CLOSED,
    school_days.HOLIDAY: NO_PUPILS,
}
_BY = {SCHOOL: "", school_days.TRUST: TRUST, school_days.AUTHORITY: AUTHORITY}


def notes(
    organisation: dict[str, Any],
    authority: dict[str, Any] | None,
    today: date,
    bank_holidays: Container[date],
    trust: dict[str, Any] | None = None,
) -> list[str]:
    """Nothing on an ordinary pupil day of a school whose calendar is known."""
    if organisation.get("kind") not in SCHOOLS:
        return []
    layers = (
        (SCHOOL, organisation),
        (school_days.TRUST, trust),
        (school_days.AUTHORITY, authority),
    )
    calendars = [(name, _calendar(one)) for name, one in layers]
    closures = newest_first([(name, _closures(one)) for name, one in layers])
    said = ruling(today, calendars, closures, bank_holidays)
    rules = next((name for name, one in calendars if covers(one, today)), "")
    told = [_TODAY.get(said.kind, ""), _BY.get(rules, UNKNOWN)]
    return [one for one in told if one]


def _calendar(organisation: dict[str, Any] | None) -> Calendar | None:
    given = (organisation or {}).get("calendar")
    return Calendar.model_validate(given) if given else None


def _closures(organisation: dict[str, Any] | None) -> list[Closure]:
    given = (organisation or {}).get("closures") or ()
    return [Closure.model_validate(one) for one in given]
