"""Which schools does Wales's own "Address list of schools" name?

Published as a spreadsheet (.ods) with the sheets Maintained, Independent and PRU; one sheet saved
as CSV is read as well. Columns are found by heading, as far as the first " - ": notes are added
there from year to year. A school number is the three digits of the authority and four of the
school, the same that the English register keeps in two columns. Whose children a school takes is
said by its sector; an age range stands, if anywhere, in the words of its type (ADR 0038).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from services.directory.domain.report import RowProblem, UnreadableFile
from services.directory.gias import cells
from services.directory.gias.cells import BadCell
from services.directory.gias.spreadsheet import sheets
from services.directory.gias.table import Row, encoding_of, read

SHEETS = ("Maintained", "Independent", "PRU")
NUMBER, NAME, SECTOR, TYPE = "School Number", "School Name", "Sector", "School Type"
POSTCODE, LANGUAGE = "Postcode", ("School Language Category", "Welsh Medium Type")
ADDRESS = ("Address 4", "Address 3", "Address 2")  # the town is the last of them that is filled
_SECTORS = frozenset({"", "nursery", "primary", "middle", "secondary", "special"})
_AGES = re.compile(r"ages?\s*(\d{1,2})\s*(?:-|–|to)\s*(\d{1,2})", re.IGNORECASE)
_WELSH = re.compile(r"\bwelsh[ -]medium\b", re.IGNORECASE)
_ENGLISH = re.compile(r"\benglish[ -]medium\b", re.IGNORECASE)
# GSS codes of the authorities, by the code that schools carry (660 to 681).
GSS = {
    660 + at: f"W060000{code:02}"
    for at, code in enumerate(
        (1, 2, 3, 4, 5, 6, 23, 8, 9, 10, 11, 12, 13, 14, 16, 24, 18, 19, 20, 21, 22, 15)
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WelshSchool:
    number: str
    name: str
    kind: Literal["school", "nursery"]
    ages: tuple[int, int] | None
    town: str
    postcode: str
    language: Literal["cy", "en"] | None

    @property
    def local_authority(self) -> str:
        """Its GSS code."""
        return GSS[int(self.number[:3])]


Taken: TypeAlias = tuple[int, WelshSchool, str]


@dataclass(frozen=True, slots=True)
class WelshFile:
    rows: int
    taken: tuple[Taken, ...]
    refused: tuple[RowProblem, ...]


def open_welsh(path: Path) -> WelshFile:
    """Raises UnreadableFile when it is another file, or is cut short."""
    found: list[Taken | RowProblem] = []
    for rows in _tables(path):
        found += _each(rows)
    taken = tuple(each for each in found if not isinstance(each, RowProblem))
    refused = tuple(each for each in found if isinstance(each, RowProblem))
    if not found:
        raise UnreadableFile("the file has headings and no rows")
    return WelshFile(len(found), taken, refused)


def _tables(path: Path) -> Iterator[Sequence[Row]]:
    if path.suffix.lower() != ".ods":
        rows = list(read(path, encoding_of(path)))
        heading = next((row for row in rows if row.cells[0].strip() == NUMBER), None)
        if heading and rows[-1].line > heading.line and len(rows[-1].cells) < len(heading.cells):
            raise UnreadableFile(f"the file ends in the middle of a row, on line {rows[-1].line}")
        yield rows
        return
    found = sheets(path)
    missing = [name for name in SHEETS if name not in found]
    if missing:
        raise UnreadableFile(f"no sheet {', '.join(missing)}")
    for name in SHEETS:
        yield [Row(line, cells) for line, cells in enumerate(found[name], start=1) if any(cells)]


def _each(rows: Sequence[Row]) -> Iterator[Taken | RowProblem]:
    """Titles and notes stand above the headings, and may below the last row."""
    starts = (at for at, row in enumerate(rows) if row.cells[0].strip() == NUMBER)
    at = next(starts, None)
    if at is None:
        raise UnreadableFile(f"no column {NUMBER}")
    names = [name.partition(" - ")[0].strip() for name in rows[at].cells]
    for needed in (NAME, POSTCODE):
        if needed not in names:
            raise UnreadableFile(f"no column {needed}")
    for row in rows[at + 1 :]:
        if not row.cells[0].strip():
            continue
        try:
            yield _school(row, dict(zip(names, row.cells, strict=False)))
        except BadCell as bad:
            yield RowProblem(line=row.line, column=bad.column, says=bad.says)


def _school(row: Row, named: dict[str, str]) -> Taken:
    number = named[NUMBER].strip()
    if not re.fullmatch(r"\d{7}", number, re.ASCII) or int(number[:3]) not in GSS:
        raise BadCell(NUMBER, "is not a number of a school in Wales")
    name = " ".join(named.get(NAME, "").split())
    if not name:
        raise BadCell(NAME, "is empty")
    sector = named.get(SECTOR, "").strip().casefold()
    remark = "" if sector in _SECTORS else "a sector that is not known: taken as a school"
    ages = _AGES.search(named.get(TYPE, ""))
    low, high = (int(ages[1]), int(ages[2])) if ages else (0, 0)
    places = (" ".join(named.get(each, "").split()) for each in ADDRESS)
    return (
        row.line,
        WelshSchool(
            number=number,
            name=name,
            kind="nursery" if sector == "nursery" else "school",
            ages=(low, high) if low < high else None,
            town=next((each for each in places if each and not cells.postcode(each)), ""),
            postcode=cells.postcode(named.get(POSTCODE, "")),
            language=_language(next((named[each] for each in LANGUAGE if each in named), "")),
        ),
        remark,
    )


def _language(text: str) -> Literal["cy", "en"] | None:
    if _WELSH.search(text):
        return "cy"
    return "en" if _ENGLISH.search(text) else None
