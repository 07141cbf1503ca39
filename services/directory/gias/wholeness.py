"""Is this the whole of the register? A download that broke off looks like half a country."""

from functools import reduce

from services.directory.domain.report import UnreadableFile
from services.directory.handles import Directory, acting
from services.directory.streams import imports
from services.directory.streams.imports import NoteImport

_EXPECTED = 0.9  # of the rows of the last file: fewer is a file cut at the end of a row
_REGISTER = 1_000  # rows; what is smaller is an extract that somebody chose


def refuse_shifted(refused: int, rows: int) -> None:
    """One bad row is a row, most of them are a file. Raises UnreadableFile."""
    if refused * 2 > rows:
        raise UnreadableFile(f"{refused} of {rows} rows cannot be read: the columns have shifted")


async def refuse_fewer(directory: Directory, register: str, rows: int, *, accept: bool) -> None:
    """`register` is the stream that remembers the last file. Raises UnreadableFile."""
    history = await directory.store.read_stream(register)
    before = reduce(imports.evolve, (each.event for each in history), 0)
    if before >= _REGISTER and rows < before * _EXPECTED and not accept:
        raise UnreadableFile(
            f"the file has {rows} rows and the last one had {before}: it may be cut short"
        )


async def note(directory: Directory, register: str, rows: int) -> None:
    await directory.imports.handle(
        register, NoteImport(rows=rows, at=directory.clock.now()), acting(register)
    )
