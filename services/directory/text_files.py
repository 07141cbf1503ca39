"""What does a file of rows say, and what is wrong with one of them? As every importer says it."""

from collections.abc import Mapping
from pathlib import Path

from services.directory.domain.report import RowProblem, UnreadableFile


def read_text(path: Path) -> str:
    """UTF-8, with or without a byte order mark. Raises UnreadableFile."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableFile(f"the file cannot be opened: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UnreadableFile("the file is not in UTF-8") from None


def row_problem(line: int, error: Mapping[str, str]) -> RowProblem:
    """From one entry of a problem's `errors`."""
    return RowProblem(line=line, column=error["pointer"].lstrip("/"), says=error["detail"])
