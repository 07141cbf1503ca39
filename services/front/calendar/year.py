"""When is this school open, and who has said so? The words of the page of a school's year."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.school_days import AUTHORITY, NOBODY, SCHOOL, TRUST
from services.front.words import short_day

Json = dict[str, Any]
KINDS = {
    "term": "Term",
    "half-term": "Holiday",
    "holiday": "Not in term",
    "inset": "INSET day",
    "closure": "Closed",
    "bank-holiday": "Bank holiday",
    "exam-leave": "Exam leave",
    "assumed": "Assumed, because nobody has said",
}
REASONS = {
    "snow": "Snow or ice",
    "strike": "Strike",
    "heating": "No heating",
    "water": "No water",
    "power": "No power",
    "flood": "Flood",
    "illness": "Illness",
    "polling-station": "Polling station",
    "other": "Another reason",
}
SOURCES = {"hand": "by hand", "ical": "from an iCalendar file", "csv": "from a CSV file"}
DONE = {
    "day": "The calendar is changed. It counts from now on.",
    "file": "The file is taken. It counts from now on.",
    "gone": "It is taken back. That counts from now on.",
    "confirmed": "The calendar is recorded as right, under your name.",
}
_WHOSE = {
    SCHOOL: "Own calendar",
    TRUST: "The trust’s calendar",
    AUTHORITY: "The council’s calendar",
    NOBODY: "England and Wales",
}


def ranges(found: list[Json]) -> list[Json]:
    """The spans of the year as rows."""
    return [
        {
            "when": span(one["from"], one["to"]),
            "what": _what(one),
            "pupils": "In" if one["pupils"] else "Not in",
            "in": one["pupils"],
            "whose": "Monday to Friday" if one["kind"] == "assumed" else _WHOSE[one["layer"]],
        }
        for one in found
    ]


def entries(layer: Json, people: Mapping[str, str]) -> list[Json]:
    """What the organisation itself has put in, with who has put it there."""
    return [
        {
            "id": one["id"],
            "what": ": ".join(filter(None, (KINDS[one["kind"]], one["name"]))),
            "when": span(one["start"], one["end"]),
            "put": _put(one, people),
            "confirmed": short_day(one["confirmed_on"]) if "confirmed_on" in one else "Not yet",
        }
        for one in layer["entries"]
    ]


def closures(layers: list[Json], today: date) -> list[Json]:
    """Those of every layer that are not over; those of the first can be taken back here."""
    return [
        {
            "id": one["id"],
            "what": "Open after all" if one["open"] else f"Closed: {REASONS[one['reason']]}",
            "when": span(one["start"], one["end"]),
            "whose": layer["name"] or layer["organisation"],
            "own": layer is layers[0],
        }
        for layer in layers
        for one in layer["closures"]
        if one["end"] >= today.isoformat()
    ]


def preview(look: Json) -> Json:
    """What was understood of a file, and what would change."""
    return {
        "taken": [_line(one) for one in look["taken"]],
        "not_placed": look["not_placed"],
        "comes": [_line(one) for one in look["comes"]],
        "goes": [_line(one) for one in look["goes"]],
        "stays": look["stays"],
    }


def span(start: str, end: str) -> str:
    return short_day(start) if start == end else f"{short_day(start)} to {short_day(end)}"


def _what(one: Json) -> str:
    reason = REASONS.get(one.get("reason", ""))
    return f"{KINDS[one['kind']]}: {reason.lower()}" if reason else KINDS[one["kind"]]


def _put(one: Json, people: Mapping[str, str]) -> str:
    agency, _, person = one["put_by"].partition("/")
    who = people.get(person) or agency
    how = SOURCES.get(one["source"], one["source"])
    return " ".join(filter(None, (how, f"by {who}" if who else "", "on", short_day(one["put_at"]))))


def _line(one: Json) -> Json:
    what = KINDS[one["kind"]]
    name = one.get("name") or one["called"]
    return {"what": f"{what}: {name}" if name else what, "when": span(one["start"], one["end"])}
