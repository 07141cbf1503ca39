"""Do pupils come in today? A note above the inbox of a school, from its published calendar."""

from collections.abc import Container
from datetime import date
from typing import Any

from contracts.messages import Calendar

INSET = "INSET day today: staff are in, pupils are not."
CLOSED = "Your school is closed today."
NO_PUPILS = "No pupils today: it is not in your term dates."
HOLIDAY = "Bank holiday today: no pupils."
WEEKEND = "No pupils today: it is the weekend."
AUTHORITY = "Your school has no calendar here: the council’s term dates are used."
UNKNOWN = "Your calendar is not known: Monday to Friday is assumed."
SCHOOLS = ("school", "college")


def notes(
    organisation: dict[str, Any],
    authority: dict[str, Any] | None,
    today: date,
    bank_holidays: Container[date],
) -> list[str]:
    """Nothing on an ordinary pupil day of a school whose calendar is known."""
    if organisation.get("kind") not in SCHOOLS:
        return []
    own, council = _calendar(organisation), _calendar(authority)
    ruling = next((one for one in (own, council) if _covers(one, today)), None)
    told = [_today(ruling, own, council, today, bank_holidays)]
    if ruling is None:
        told.append(UNKNOWN)
    elif ruling is not own:
        told.append(AUTHORITY)
    return [one for one in told if one]


def _today(
    ruling: Calendar | None,
    own: Calendar | None,
    council: Calendar | None,
    today: date,
    bank_holidays: Container[date],
) -> str:
    if today.weekday() >= 5:
        return WEEKEND
    if today in bank_holidays:
        return HOLIDAY
    if any(today in one.inset for one in (own, council) if one):
        return INSET
    if any(today in one.closed for one in (own, council) if one):
        return CLOSED
    if ruling and not any(term.start <= today <= term.end for term in ruling.terms):
        return NO_PUPILS
    return ""


def _calendar(organisation: dict[str, Any] | None) -> Calendar | None:
    given = (organisation or {}).get("calendar")
    return Calendar.model_validate(given) if given else None


def _covers(calendar: Calendar | None, today: date) -> bool:
    """After its last term a calendar says nothing any more."""
    return calendar is not None and any(today <= term.end for term in calendar.terms)
