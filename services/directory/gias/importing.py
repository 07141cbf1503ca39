"""What becomes of the register's daily file? Organisations change where it says otherwise."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from services.directory.domain.report import Progress, Report, RowProblem, UnreadableFile, nothing
from services.directory.gias.establishing import id_of, left_out, wishes_for
from services.directory.gias.establishments_file import EstablishmentsFile, open_establishments
from services.directory.handles import Directory, acting
from services.directory.readmodels.queries import all_with_urn
from services.directory.streams import imports
from services.directory.streams.imports import NoteImport
from services.directory.streams.organisation_commands import Wish

ACTOR = "import-gias"
_TOGETHER = 200  # organisations written in one go; they share commits
_EXPECTED = 0.9  # of the rows of the last file: fewer is a file cut at the end of a row
_REGISTER = 1_000  # rows; what is smaller is an extract that somebody chose

Wishes: TypeAlias = tuple[str, Sequence[Wish]]


async def import_establishments(
    directory: Directory,
    path: Path,
    *,
    accept_fewer: bool = False,
    dry_run: bool = False,
    progress: Progress = nothing,
) -> Report:
    """Raises UnreadableFile, with nothing taken, when the file as a whole cannot be right."""
    file = open_establishments(path)
    _refuse_shifted(file)
    await _refuse_fewer(directory, file, accept_fewer)
    await directory.book.catch_up()
    known = {row.urn: row for row in await all_with_urn(directory.database)}
    work = _Work(directory, known, dry_run)
    for done, each in enumerate(file, start=1):
        await work.take(each)
        if done % _TOGETHER == 0:
            progress(done, file.rows)
    await work.flush()
    if not dry_run:
        await _note(directory, file.rows)
    progress(file.rows, file.rows)
    return work.report(file.rows)


class _Work:
    """One pass through a file: what is to be written, and what is to be said of it."""

    def __init__(self, directory: Directory, known: dict[str, Row[Any]], dry_run: bool) -> None:
        self._directory, self._known, self._dry_run = directory, known, dry_run
        self._today = today(directory)
        self._waiting: list[Wishes] = []
        self._seen: set[str] = set()
        self._left_out: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._refused: list[RowProblem] = []
        self._notes: list[RowProblem] = []

    async def take(self, each: Any) -> None:
        if isinstance(each, RowProblem):
            self._refused.append(each)
            return
        line, establishment, remark = each
        if establishment.urn in self._seen:
            says = "is there twice; the first row counts"
            self._refused.append(RowProblem(line=line, column="URN", says=says))
            return
        self._seen.add(establishment.urn)
        why = left_out(establishment)
        if why is not None:
            self._left_out[why] += 1
            return
        known = self._known.get(establishment.urn)
        wishes, differing = wishes_for(establishment, known, self._today)
        for says in filter(None, (remark, differing)):
            self._notes.append(RowProblem(line=line, says=says))
        if not wishes:
            self._counts["unchanged"] += 1
            return
        self._counts["added" if known is None else "changed"] += 1
        self._waiting.append((known.id if known is not None else id_of(establishment.urn), wishes))
        if len(self._waiting) >= _TOGETHER:
            await self.flush()

    async def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting and not self._dry_run:
            await change_together(self._directory, waiting)
            await self._directory.book.catch_up()  # as it goes, so that the progress is the truth

    def report(self, rows: int) -> Report:
        return Report(
            rows=rows,
            added=self._counts["added"],
            changed=self._counts["changed"],
            unchanged=self._counts["unchanged"],
            left_out=dict(self._left_out),
            refused=tuple(self._refused),
            notes=tuple(self._notes),
            dry_run=self._dry_run,
        )


async def change_together(directory: Directory, waiting: Sequence[Wishes]) -> None:
    """Many organisations at once; each of them whole or not at all."""
    async with asyncio.TaskGroup() as group:
        for organisation, wishes in waiting:
            group.create_task(directory.change(organisation, *wishes, actor=ACTOR))


def today(directory: Directory) -> date:
    return directory.clock.now().astimezone(ZoneInfo("Europe/London")).date()


def _refuse_shifted(file: EstablishmentsFile) -> None:
    """Read once more before anything is written: one bad row is a row, most of them are a file."""
    refused = sum(isinstance(each, RowProblem) for each in file)
    if refused * 2 > file.rows:
        raise UnreadableFile(
            f"{refused} of {file.rows} rows cannot be read: the columns have shifted"
        )


async def _refuse_fewer(directory: Directory, file: EstablishmentsFile, accept: bool) -> None:
    history = await directory.store.read_stream(imports.GIAS)
    before = reduce(imports.evolve, (each.event for each in history), 0)
    if before >= _REGISTER and file.rows < before * _EXPECTED and not accept:
        raise UnreadableFile(
            f"the file has {file.rows} rows and the last one had {before}: it may be cut short"
        )


async def _note(directory: Directory, rows: int) -> None:
    await directory.imports.handle(
        imports.GIAS, NoteImport(rows=rows, at=directory.clock.now()), acting(ACTOR)
    )
