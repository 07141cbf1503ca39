"""What does one cell of the register mean? Codes are integers, whatever zeros stand before them."""

import re
from collections.abc import Mapping
from datetime import date, datetime


class BadCell(Exception):
    """The row cannot be taken. Names the column, never the cell."""

    def __init__(self, column: str, says: str) -> None:
        super().__init__(says)
        self.column = column
        self.says = says


def code(column: str, text: str) -> int:
    """ "02", "2" and 2 are the same code."""
    if not re.fullmatch(r"\d{1,7}", text.strip(), re.ASCII):
        raise BadCell(column, "is not a code")
    return int(text)


def optional_code(column: str, text: str) -> int | None:
    return code(column, text) if text.strip() else None


def codes(named: Mapping[str, str], *columns: str) -> tuple[int, ...]:
    """Those that are there, each once."""
    found = (optional_code(column, named[column]) for column in columns)
    return tuple(dict.fromkeys(each for each in found if each))


def day(column: str, text: str, written: str = "%d-%m-%Y") -> date | None:
    """dd-MM-yyyy, as in most of the daily files; empty is None."""
    if not text.strip():
        return None
    try:
        return datetime.strptime(text.strip(), written).date()  # noqa: DTZ007 - a date, no time
    except ValueError:
        raise BadCell(column, "is not a date such as 31-08-2026") from None


def laestab(column: str, authority: str, establishment: str) -> str | None:
    """Three digits of the authority and four of the establishment; None without both."""
    area, number = optional_code(column, authority), optional_code(column, establishment)
    if not area or not number or area > 999 or number > 9999:
        return None
    return f"{area:03}{number:04}"


def postcode(text: str) -> str:
    """In capitals with one space; what is not one is nothing, and no reason to lose a school."""
    found = re.fullmatch(r"([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})", text.strip().upper(), re.ASCII)
    return " ".join(found.groups()) if found else ""


def gss(text: str) -> str | None:
    """A GSS code of the area, or None for the register's own "not recorded"."""
    return text.strip() if re.fullmatch(r"[EWNS]\d{8}", text.strip(), re.ASCII) else None
