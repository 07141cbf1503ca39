"""What becomes of the links file? A closed establishment learns which open one took its place."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from services.directory.days import today
from services.directory.domain.report import Progress, Report, RowProblem, nothing
from services.directory.domain.successors import (
    Successor,
    Unclear,
    Why,
    is_conversion,
    successor_of,
)
from services.directory.gias.carrying import Conversion, carry_over
from services.directory.gias.importing import ACTOR, Wishes, change_in_turn, known_of
from services.directory.gias.links_file import LinksFile, open_links
from services.directory.handles import Directory, acting
from services.directory.readmodels.schools import unclear_ones, with_contacts
from services.directory.streams import succession
from services.directory.streams.organisation_commands import Close
from services.directory.streams.succession import NoteUnclear, Settle, SuccessionCommand

_TOGETHER = 200
_SAYS: dict[Why, str] = {
    "none": "its chain of successors ends in one that is closed",
    "several": "more than one successor: a person must choose",
    "circle": "its successors lead back to itself",
    "too-deep": "its chain of successors is too long",
    "unknown": "its successor is not in the directory",
}
Row: TypeAlias = Mapping[str, Any]


async def import_links(
    directory: Directory, path: Path, *, dry_run: bool = False, progress: Progress = nothing
) -> Report:
    """Raises UnreadableFile. A successor that a person named stays, while it is open.

    What is not plain is noted for the authority to choose. Where one school became one school, the
    people who are called there are carried over, to be confirmed.
    """
    links = open_links(path)
    pass_ = _Pass(directory, links, (await known_of(directory)).by_urn)
    report = pass_.decided()
    if dry_run:
        return replace(report, dry_run=True)
    await change_in_turn(directory, pass_.wishes, progress)
    await pass_.note()
    carried = await pass_.carry()
    await directory.book.catch_up()
    await directory.schools.catch_up()
    return replace(report, carried_over=carried)


class _Pass:
    """One reading of the links against what is known now."""

    def __init__(self, directory: Directory, links: LinksFile, known: Mapping[str, Row]) -> None:
        self._directory, self._links, self._known = directory, links, known
        self._day = today(directory)
        self._names = {row["id"]: urn for urn, row in known.items()}
        self._predecessors = links.predecessors
        self._conversions: list[tuple[int, Conversion]] = []
        self._notes: list[SuccessionCommand] = []
        self.wishes: list[Wishes] = []

    def _is_open(self, urn: str) -> bool | None:
        row = self._known.get(urn)
        return None if row is None else row["closed_on"] is None or row["closed_on"] > self._day

    def decided(self) -> Report:
        left_out: Counter[str] = Counter(self._links.left_out)
        notes: list[RowProblem] = []
        unchanged = 0
        for urn in self._links.successors:
            row = self._known.get(urn)
            if row is None or row["closed_on"] is None:
                left_out["not known, or not closed"] += 1
                continue
            found = successor_of(urn, self._links.successors, self._is_open)
            stands = self._stands(row)
            if isinstance(found, Successor):
                self._found(row, found, stands)
            elif not stands:
                self._unclear(row, found)
                left_out[_SAYS[found.why]] += 1
                line = self._links.lines[urn]
                notes.append(RowProblem(line=line, column="URN", says=_SAYS[found.why]))
            unchanged += stands
        return Report(
            rows=self._links.rows,
            changed=len(self.wishes),
            unchanged=unchanged,
            left_out=dict(left_out),
            refused=self._links.refused,
            notes=tuple(notes),
        )

    def _stands(self, row: Row) -> bool:
        """Is there a successor already that is not known to be closed?"""
        named = row["successor"]
        return named is not None and self._is_open(self._names.get(named, "")) is not False

    def _found(self, row: Row, found: Successor, stands: bool) -> None:
        new = self._known[found.urn]["id"]
        if not stands:
            by_register = bool(row["closed_by_register"])
            close = Close(on=row["closed_on"], successor=new, by_register=by_register)
            self.wishes.append((row["id"], [close]))
            self._notes.append(
                Settle(organisation=row["id"], successor=new, at=self._directory.clock.now())
            )
        elif row["successor"] != new:
            return  # a person chose another
        if row["closed_on"] <= self._day and is_conversion(found, self._predecessors):
            conversion = Conversion(old=row["id"], new=new, closed_on=row["closed_on"])
            self._conversions.append((len(found.through), conversion))

    def _unclear(self, row: Row, found: Unclear) -> None:
        candidates = sorted(
            self._known[urn]["id"] for urn in found.candidates if urn in self._known
        )
        self._notes.append(
            NoteUnclear(
                organisation=row["id"],
                why=found.why,
                candidates=tuple(candidates),
                at=self._directory.clock.now(),
            )
        )

    async def note(self) -> None:
        async with self._directory.database.reading() as tx:
            noted = await unclear_ones(tx)
        said = [each for each in self._notes if not _is_said(each, noted.get(each.organisation))]
        for start in range(0, len(said), _TOGETHER):
            async with asyncio.TaskGroup() as group:
                for each in said[start : start + _TOGETHER]:
                    group.create_task(self._say(each))

    async def _say(self, command: SuccessionCommand) -> None:
        stream = succession.stream_of(command.organisation)
        await self._directory.successions.handle(stream, command, acting(ACTOR))

    async def carry(self) -> int:
        """The nearest first: of a chain, the last school that had people gives them."""
        async with self._directory.database.reading() as tx:
            peopled = await with_contacts(tx)
        nearest = sorted(self._conversions, key=lambda each: each[0])
        wanted = [each for _, each in nearest if each.old in peopled and each.new not in peopled]
        return sum([await carry_over(self._directory, each, actor=ACTOR) for each in wanted])


def _is_said(command: SuccessionCommand, noted: tuple[str, tuple[str, ...]] | None) -> bool:
    """Nothing to say of one that is plain already, or unclear in the same way."""
    if isinstance(command, NoteUnclear):
        return noted == (command.why, command.candidates)
    return noted is None
