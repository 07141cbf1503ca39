"""Which establishments does the daily file `edubasealldata` name? By heading, whatever the layout.

All layouts seen (120 to 140 columns) agree in their first 55 columns and nowhere after. A row
whose width is that of another layout than its heading, or with empty cells too many, is therefore
read in those 55 only, and its local authority comes from the rows that are whole. There a cell
that slipped aside is seen: codes stand beside names. Any other ragged row is refused (ADR 0019).
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from services.directory.domain.establishments import Establishment, Status
from services.directory.domain.report import RowProblem, UnreadableFile
from services.directory.gias import cells
from services.directory.gias.cells import BadCell
from services.directory.gias.table import Row, Shape, examine, read

BEGINS = ("URN", "LA (code)", "LA (name)", "EstablishmentNumber", "EstablishmentName")
_WIDTHS = frozenset({120, 133, 135, 138, 139, 140})
_AGREED = 55  # up to and with `FurtherEducationType (name)`

_URN, _LA, _NAME = "URN", "LA (code)", "EstablishmentName"
_TYPE, _GROUP = "TypeOfEstablishment (code)", "EstablishmentTypeGroup (code)"
_STATUS, _OPENED, _CLOSED = "EstablishmentStatus (code)", "OpenDate", "CloseDate"
_LOW, _HIGH, _GSS = "StatutoryLowAge", "StatutoryHighAge", "GSSLACode (name)"
_NUMBER, _TRUST, _FEDERATION = "EstablishmentNumber", "Trusts (code)", "Federations (code)"
_NEEDED = (
    *(_URN, _LA, _NUMBER, _NAME, _TYPE, _GROUP, _STATUS),
    *(_OPENED, _CLOSED, _LOW, _HIGH, _TRUST, _FEDERATION),
)
_TOWN, _POSTCODE = "Town", "Postcode"
_FORMER_LA, _FORMER_NUMBER = "PreviousLA (code)", "PreviousEstablishmentNumber"
_WHOLE = (_GSS, _TOWN, _POSTCODE, _FORMER_LA, _FORMER_NUMBER)  # of a row that is whole only

Taken: TypeAlias = tuple[int, Establishment, str]
"""The line, the establishment, and a remark for a person ("" when there is none)."""


class EstablishmentsFile:
    """A file that was examined and may be read."""

    def __init__(self, path: Path, shape: Shape, authorities: Mapping[int, str]) -> None:
        self._path, self._shape, self._authorities = path, shape, authorities
        self._place = {name: at for at, name in enumerate(shape.heading)}
        self.rows = shape.rows

    def __iter__(self) -> Iterator[Taken | RowProblem]:
        for row in _rows(self._path, self._shape):
            try:
                yield self._taken(row)
            except BadCell as bad:
                yield RowProblem(line=row.line, column=bad.column, says=bad.says)

    def _taken(self, row: Row) -> Taken:
        named, remark = self._named(row)
        status = cells.code(_STATUS, named[_STATUS])
        if status not in set(Status):
            raise BadCell(_STATUS, "is not a status of the register")
        if not named[_NAME].strip():
            raise BadCell(_NAME, "is empty")
        authority = cells.gss(named.get(_GSS, "")) or self._authorities.get(
            cells.optional_code(_LA, named[_LA]) or 0
        )
        return (
            row.line,
            Establishment(
                urn=str(cells.code(_URN, named[_URN])),
                name=" ".join(named[_NAME].split()),
                type=cells.code(_TYPE, named[_TYPE]),
                group=cells.code(_GROUP, named[_GROUP]),
                status=Status(status),
                opened=cells.day(_OPENED, named[_OPENED]),
                closed=cells.day(_CLOSED, named[_CLOSED]),
                low_age=cells.optional_code(_LOW, named[_LOW]),
                high_age=cells.optional_code(_HIGH, named[_HIGH]),
                local_authority=authority,
                number=cells.laestab(_NUMBER, named[_LA], named[_NUMBER]),
                former_number=cells.laestab(
                    _FORMER_NUMBER, named.get(_FORMER_LA, ""), named.get(_FORMER_NUMBER, "")
                ),
                town=" ".join(named.get(_TOWN, "").split()),
                postcode=cells.postcode(named.get(_POSTCODE, "")),
                groups=cells.codes(named, _TRUST, _FEDERATION),
            ),
            remark,
        )

    def _named(self, row: Row) -> tuple[dict[str, str], str]:
        """The wanted cells by name; of a ragged row only what every layout agrees on."""
        wide, width = len(row.cells), len(self._shape.heading)
        if wide == width:
            here = {name: at for name, at in self._place.items() if name in (*_NEEDED, *_WHOLE)}
            return {name: row.cells[at] for name, at in here.items()}, ""
        says = f"{wide} cells under {width} headings"
        layouts = wide in _WIDTHS and width in _WIDTHS
        padded = wide > width and not any(row.cells[width:])  # or a comma split one cell in two
        if not (layouts or padded):
            raise BadCell("", says)
        agreed = {name: self._place[name] for name in _NEEDED}
        return (
            {name: row.cells[at] for name, at in agreed.items()},
            f"{says}: read only as far as all layouts agree",
        )


def open_establishments(path: Path) -> EstablishmentsFile:
    """Raises UnreadableFile, for the whole file, when it is truncated, shifted or another file."""
    shape = examine(path, begins=BEGINS)
    _refuse_without(shape.heading, _NEEDED)
    return EstablishmentsFile(path, shape, _authorities(path, shape))


def _refuse_without(heading: Sequence[str], needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in heading[:_AGREED]]
    if missing:
        raise UnreadableFile(f"no column {', '.join(missing)} where every layout has it")


def _authorities(path: Path, shape: Shape) -> dict[int, str]:
    """The GSS code of each local authority code, where all whole rows say the same one."""
    if _GSS not in shape.heading:
        return {}
    la, area, width = shape.heading.index(_LA), shape.heading.index(_GSS), len(shape.heading)
    said: dict[int, set[str]] = {}
    for row in _rows(path, shape):
        if len(row.cells) == width and row.cells[la].strip().isdecimal():
            found = cells.gss(row.cells[area])
            if found:
                said.setdefault(int(row.cells[la]), set()).add(found)
    return {number: next(iter(codes)) for number, codes in said.items() if len(codes) == 1}


def _rows(path: Path, shape: Shape) -> Iterator[Row]:
    rows = read(path, shape.encoding)
    next(rows)  # the heading
    return rows
