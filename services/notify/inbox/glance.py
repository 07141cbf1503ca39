"""What may a list show of a notification that nobody has opened? Enough to know it again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

_WHOM = ("child.name", "harmed.name", "client.name")
_LAST_YEAR = 13


def glance(content: Mapping[str, Any], audience: str, today: date) -> dict[str, Any]:
    """Initials, and for a school the year group; nothing else of the content but how often."""
    name = next((str(content[path]) for path in _WHOM if content.get(path)), None)
    born = content.get("child.date_of_birth") if audience == "education" else None
    seen: dict[str, Any] = {
        "initials": initials(name) if name else None,
        "year_group": year_group(date.fromisoformat(born), today) if born else None,
    }
    if "history.count_12_months" in content:
        seen["earlier_in_12_months"] = content["history.count_12_months"]
    return seen


def initials(name: str) -> str:
    """C.T.; a double-barrelled family name keeps both: C.S.-T."""
    parts = ["-".join(piece[0] for piece in part.split("-") if piece) for part in name.split()]
    return "".join(f"{part.upper()}." for part in parts if part)


def year_group(born: date, today: date) -> str | None:
    """In England: Year 1 is the school year, from 1 September, that follows the fifth birthday."""
    begins = today.year if (today.month, today.day) >= (9, 1) else today.year - 1
    age = begins - born.year - ((born.month, born.day) > (8, 31))
    year = age - 4
    if year < 0:
        return "Nursery"
    if year == 0:
        return "Reception"
    return f"Year {year}" if year <= _LAST_YEAR else None
