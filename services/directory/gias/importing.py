"""What becomes of the register's daily file? Organisations change where it says otherwise."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from services.directory.days import today
from services.directory.domain.establishments import Establishment
from services.directory.domain.report import Progress, Report, RowProblem, nothing
from services.directory.gias.establishing import id_of, left_out, wishes_for
from services.directory.gias.establishments_file import open_establishments
from services.directory.gias.wholeness import note, refuse_fewer, refuse_shifted
from services.directory.handles import Directory
from services.directory.readmodels.schools import every_group, every_school
from services.directory.streams import imports
from services.directory.streams.organisation_commands import Wish

ACTOR = imports.GIAS
_TOGETHER = 200  # organisations written in one go; they share commits

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
    # Read once more before anything is written.
    refuse_shifted(sum(isinstance(each, RowProblem) for each in file), file.rows)
    await refuse_fewer(directory, imports.GIAS, file.rows, accept=accept_fewer)
    work = _Work(directory, await known_of(directory), dry_run)
    for done, each in enumerate(file, start=1):
        await work.take(each)
        if done % _TOGETHER == 0:
            progress(done, file.rows)
    await work.flush()
    if not dry_run:
        await note(directory, imports.GIAS, file.rows)
    progress(file.rows, file.rows)
    return work.report(file.rows)


@dataclass(frozen=True, slots=True)
class Known:
    """What is there before a file is read: establishments by URN, those of Wales by the number of
    their own list, and the ids of trusts and federations."""

    by_urn: dict[str, dict[str, Any]]
    welsh: dict[str, dict[str, Any]]
    groups: frozenset[str]

    def of(self, establishment: Establishment) -> dict[str, Any] | None:
        """A Welsh school that its own list named first is the same school."""
        found = self.by_urn.get(establishment.urn)
        if found is None and establishment.number is not None:
            found = self.welsh.get(establishment.number)
        return found


async def known_of(directory: Directory) -> Known:
    await directory.schools.catch_up()
    async with directory.database.reading() as tx:
        every, groups = await every_school(tx), await every_group(tx)
    return Known(
        by_urn={row["urn"]: row for row in every},
        welsh={
            number["number"]: row
            for row in every
            if row["listing"] and row["listing"]["register"] == "wales"
            for number in row["listing"]["numbers"]
        },
        groups=frozenset(name for name, row in groups.items() if row["closed_on"] is None),
    )


class _Work:
    """One pass through a file: what is to be written, and what is to be said of it."""

    def __init__(self, directory: Directory, known: Known, dry_run: bool) -> None:
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
        known = self._known.of(establishment)
        wishes, differing = wishes_for(establishment, known, self._today, self._known.groups)
        for says in filter(None, (remark, differing)):
            self._notes.append(RowProblem(line=line, says=says))
        if not wishes:
            self._counts["unchanged"] += 1
            return
        self._counts["added" if known is None else "changed"] += 1
        name = known["id"] if known is not None else id_of(establishment.urn)
        self._waiting.append((name, wishes))
        if len(self._waiting) >= _TOGETHER:
            await self.flush()

    async def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting and not self._dry_run:
            await change_together(self._directory, waiting)
            await self._directory.book.catch_up()  # as it goes, so that the progress is the truth
            await self._directory.schools.catch_up()

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


async def change_in_turn(
    directory: Directory,
    waiting: Sequence[Wishes],
    progress: Progress,
    *,
    dry_run: bool = False,
) -> None:
    """Some of them at a time, so that the progress is the truth."""
    for start in range(0, len(waiting), _TOGETHER):
        some = waiting[start : start + _TOGETHER]
        if not dry_run:
            await change_together(directory, some)
        progress(start + len(some), len(waiting))
