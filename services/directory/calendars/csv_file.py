"""Which days does a CSV file give to which organisation? All of it or nothing.

By kind: `organisation` or `urn`, then `kind` (term, inset, closed ...), `start`, `end` (may be
empty); it stands in place of the former calendar. By school year: `urn`, `la_code` (the GSS code of
an authority) or `organisation`, then `academic_year` (2026/27), `term`, `start`, `end`; it stands
in place of what was known of those years.
"""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from services.directory.domain.entries import Entry, year_of
from services.directory.domain.naming import NOT_UNDERSTOOD, kind_of, named, why_not
from services.directory.domain.reading import Part
from services.directory.domain.report import RowProblem, UnreadableFile

WHOSE = ("organisation", "urn", "la_code")
_KINDS = {"closed": "closure"} | {
    kind: kind for kind in ("term", "half-term", "inset", "closure", "bank-holiday", "exam-leave")
}
_YEAR = re.compile(r"20(\d\d)\s*[/-]\s*(?:20)?(\d\d)")


@dataclass(slots=True)
class Rows:
    """Of one organisation. `line` is that of its first row; `whole`: instead of all there was."""

    line: int
    whole: bool
    parts: list[Part] = field(default_factory=list)


def rows_of(text: str) -> tuple[int, dict[tuple[str, str, str], Rows], list[RowProblem]]:
    """How many rows, by `WHOSE`, and what cannot be taken. Raises UnreadableFile."""
    reader = csv.DictReader(text.removeprefix("\ufeff").splitlines(), restval="")
    heading = {name.strip().lower() for name in reader.fieldnames or ()}
    by_year = "academic_year" in heading
    needed = {"term", "start", "end"} if by_year else {"kind", "start"}
    if not needed <= heading:
        raise UnreadableFile(
            "needs headings organisation, urn or la_code, then kind, start and end, "
            "or academic_year, term, start and end"
        )
    found: dict[tuple[str, str, str], Rows] = {}
    refused: list[RowProblem] = []
    count = 0
    for row in reader:
        count, line = count + 1, reader.line_num
        said = defaultdict(str, {k.strip().lower(): (v or "").strip() for k, v in row.items() if k})
        key = (said["organisation"], said["urn"], said["la_code"])
        whose = found.setdefault(key, Rows(line, whole=not by_year))
        problem = _row(said, line, whose, by_year)
        if problem is not None:
            refused.append(problem)
    return count, found, refused


def _row(said: dict[str, str], line: int, whose: Rows, by_year: bool) -> RowProblem | None:
    name = said["term"] if by_year else said["name"]
    kind = _kind(said["term"]) if by_year else _KINDS.get(said["kind"].lower())
    if kind is None:
        column = "term" if by_year else "kind"
        says = NOT_UNDERSTOOD if by_year else f"is none of {', '.join(_KINDS)}"
        return RowProblem(line=line, column=column, says=says)
    try:
        start = date.fromisoformat(said["start"])
        end = date.fromisoformat(said["end"] or said["start"])
    except ValueError:
        return RowProblem(line=line, says="needs dates such as 2026-01-05")
    if end < start:
        return RowProblem(line=line, column="end", says="comes before the start")
    if by_year and (problem := _of_year(said["academic_year"], start, end)):
        return RowProblem(line=line, column="academic_year", says=problem)
    entry = Entry(kind=kind, start=start, end=end, name=named(name, kind))
    if by_year and (says := why_not(entry)):
        return RowProblem(line=line, column="term", says=says)
    whose.parts.append(Part(at=f"line {line}", name=name, entry=entry))
    return None


def _kind(name: str) -> str | None:
    """In the column of terms a bare season, or a number, is a term."""
    bare = re.fullmatch(r"(autumn|spring|summer)?\s*[1-6]?", name.casefold())
    return "term" if bare and name else kind_of(name)


def _of_year(written: str, start: date, end: date) -> str:
    """Nothing where the dates lie in the school year that stands beside them."""
    match = _YEAR.fullmatch(written)
    if match is None or int(match[2]) != (int(match[1]) + 1) % 100:
        return "is no school year such as 2026/27"
    year = 2000 + int(match[1])
    inside = year_of(start) == year and year_of(end) == year
    return "" if inside else "is not the school year of these dates"
