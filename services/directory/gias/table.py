"""What does a register's file say, row by row? Read by heading, one row at a time.

The encoding is windows-1252 with CRLF; a file saved again by a spreadsheet as UTF-8 is read as
what it is. Nothing here knows a column: the caller names those it wants.
"""

import codecs
import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.directory.domain.report import UnreadableFile

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is where the row begins in the file; the heading's own line is 1."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a file before a row of it is taken."""

    encoding: str
    heading: list[str]
    rows: int


def examine(path: Path, *, begins: Sequence[str]) -> Shape:
    """Read the file once from end to end and refuse it whole when it is not what it should be.

    Refused: another kind of file, a first row that does not start with a number, no rows, and a
    file cut in the middle of its last row.
    """
    encoding = encoding_of(path)
    rows = read(path, encoding)
    heading = next(rows, None)
    if heading is None:
        raise UnreadableFile("the file is empty")
    names = [name.strip() for name in heading.cells]
    if names[: len(begins)] != list(begins):
        raise UnreadableFile(f"the first headings are not {', '.join(begins)}")
    if len(set(names)) != len(names):
        raise UnreadableFile("two columns have the same heading")
    count, last = 0, heading
    for row in rows:
        if count == 0 and not _number(row.cells[0]):
            raise UnreadableFile("the first row does not start with a number: columns have shifted")
        count, last = count + 1, row
    if count == 0:
        raise UnreadableFile("the file has headings and no rows")
    if len(last.cells) < len(names) and not _ends_a_line(path):
        raise UnreadableFile(f"the file ends in the middle of a row, on line {last.line}")
    return Shape(encoding=encoding, heading=names, rows=count)


def read(path: Path, encoding: str) -> Iterator[Row]:
    """Every row that is not blank, the heading first."""
    line = 1
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, strict=True)
            for cells in reader:
                if cells:
                    yield Row(line, cells)
                line = reader.line_num + 1
    except OSError as error:
        raise UnreadableFile(f"the file cannot be opened: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UnreadableFile("the file is neither in windows-1252 nor in UTF-8") from None
    except csv.Error:
        raise UnreadableFile(f"the file ends inside quotation marks, from line {line}") from None


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) in b"\r\n"


def _number(cell: str) -> bool:
    return cell.strip().isdecimal()


def encoding_of(path: Path) -> str:
    """UTF-8 only when every byte fits it: an accent of windows-1252 never does."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    except OSError as error:
        raise UnreadableFile(f"the file cannot be opened: {error.strerror}") from None
    return "utf-8-sig"
