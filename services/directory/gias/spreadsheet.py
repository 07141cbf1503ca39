"""What stands in the sheets of an OpenDocument spreadsheet? Rows of text, nothing else."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from services.directory.domain.report import UnreadableFile

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_LARGEST = 128 * 1024 * 1024  # bytes of the content, unpacked
_WIDEST = 64  # cells; a row is filled up with one empty cell that is repeated a thousand times


def sheets(path: Path) -> dict[str, list[list[str]]]:
    """By name. Raises UnreadableFile for what is broken off, too large, or no such file."""
    content = _content(path)
    if b"<!DOCTYPE" in content:  # no such document declares entities; a harmful one would
        raise UnreadableFile("the file is no plain spreadsheet")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - without a document type, see above
    except ElementTree.ParseError:
        raise UnreadableFile("the content of the spreadsheet cannot be read") from None
    return {
        str(table.get(f"{_TABLE}name")): [
            list(_cells(row)) for row in table.iter(f"{_TABLE}table-row")
        ]
        for table in root.iter(f"{_TABLE}table")
    }


def _content(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as packed:
            if packed.getinfo("content.xml").file_size > _LARGEST:
                raise UnreadableFile("the spreadsheet is too large")
            return packed.read("content.xml")
    except OSError as error:
        raise UnreadableFile(f"the file cannot be opened: {error.strerror}") from None
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError):
        raise UnreadableFile("the file is no spreadsheet (.ods), or not the whole of one") from None


def _cells(row: ElementTree.Element) -> Iterator[str]:
    width = 0
    for cell in row.findall(f"{_TABLE}table-cell"):
        text = " ".join("".join(each.itertext()) for each in cell.findall(f"{_TEXT}p"))
        repeated = min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), _WIDEST - width)
        for _ in range(repeated):
            yield text.strip()
        width += repeated
