"""What does one cell of the register mean? Codes are integers, whatever zeros stand before them."""

import re
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


def day(column: str, text: str) -> date | None:
    """dd-MM-yyyy, as in the daily files; empty is None."""
    if not text.strip():
        return None
    try:
        return datetime.strptime(text.strip(), "%d-%m-%Y").date()  # noqa: DTZ007 - a date, no time
    except ValueError:
        raise BadCell(column, "is not a date such as 31-08-2026") from None


def gss(text: str) -> str | None:
    """A GSS code of the area, or None for the register's own "not recorded"."""
    return text.strip() if re.fullmatch(r"[EWNS]\d{8}", text.strip(), re.ASCII) else None
