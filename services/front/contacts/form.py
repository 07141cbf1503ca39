"""What was typed about one contact, and what is to be put right before it is sent?

Hours are a line for each: `Mon-Fri 17:00 to 09:00`. What was typed is kept as it was typed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

Json = dict[str, Any]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LINE = re.compile(r"^(\w{3})(?:\s*-\s*(\w{3}))?\s+(\d{1,2}:\d{2})\s*(?:to|-)\s*(\d{1,2}:\d{2})$")
_PLAIN = ("role", "given_name", "family_name", "email", "phone", "since", "until", "trained_until")
_DATES = ("since", "until", "trained_until")
FIELDS = (*_PLAIN, "away_start", "away_end", "away_cover", "hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """`problems`: by field, what to do about it."""

    values: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)


def typed_of(contact: Json | None) -> Typed:
    """The form as it is first shown."""
    one = contact or {}
    away = (one.get("away") or [{}])[0]
    values = {name: str(one.get(name) or "") for name in _PLAIN}
    values |= {f"away_{name}": str(away.get(name) or "") for name in ("start", "end", "cover")}
    values["hours"] = "\n".join(hours_in_words(each) for each in one.get("hours") or ())
    return Typed(values=values)


def checked(values: Mapping[str, str]) -> Typed:
    """What the page itself can tell; the directory says the rest."""
    found: dict[str, str] = {}
    if not values["given_name"].strip():
        found["given_name"] = "Enter a first name"
    if not values["role"]:
        found["role"] = "Select what this person does"
    for name in (*_DATES, "away_start", "away_end"):
        if values[name] and not _is_date(values[name]):
            found[name] = "Enter a date, such as 2026-02-23"
    if values["away_start"] and not values["away_end"]:
        found["away_end"] = "Enter the last day away"
    if values["away_end"] and not values["away_start"]:
        found["away_start"] = "Enter the first day away"
    if _hours(values["hours"]) is None:
        found["hours"] = "Write each line as Mon-Fri 17:00 to 09:00"
    return Typed(values=values, problems=found)


def body_of(values: Mapping[str, str], former: Json | None) -> Json:
    """What is sent: what the form does not show stays, beside the first absence."""
    body: Json = {name: values[name].strip() or None for name in _PLAIN}
    body["id"] = former["id"] if former else f"person-{uuid4().hex[:10]}"
    body["family_name"] = body["family_name"] or ""
    later = (former or {}).get("away", [])[1:]
    first = {
        "start": values["away_start"],
        "end": values["away_end"],
        "cover": values["away_cover"] or None,
    }
    body["away"] = ([first] if values["away_start"] else []) + list(later)
    body["hours"] = _hours(values["hours"])
    return body


def hours_in_words(hours: Json) -> str:
    days = sorted(hours["days"])
    whole = days == list(range(days[0], days[-1] + 1)) and len(days) > 1
    runs = [(days[0], days[-1])] if whole else [(day, day) for day in days]
    times = f"{hours['start'][:5]} to {hours['end'][:5]}"
    return "\n".join(f"{DAYS[a - 1]}{f'-{DAYS[b - 1]}' if a != b else ''} {times}" for a, b in runs)


def _hours(text: str) -> list[Json] | None:
    """None where a line cannot be read."""
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        read = _LINE.match(line)
        if read is None:
            return None
        first, last = read[1].title(), (read[2] or read[1]).title()
        if first not in DAYS or last not in DAYS or DAYS.index(last) < DAYS.index(first):
            return None
        days = list(range(DAYS.index(first) + 1, DAYS.index(last) + 2))
        found.append({"days": days, "start": read[3].zfill(5), "end": read[4].zfill(5)})
    return found


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
