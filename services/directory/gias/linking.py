"""What becomes of the links file? A closed establishment learns which open one took its place."""

from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from services.directory.domain.report import Progress, Report, RowProblem, nothing
from services.directory.domain.successors import Successor, Why, successor_of
from services.directory.gias.importing import Wishes, change_together, today
from services.directory.gias.links_file import open_links
from services.directory.handles import Directory
from services.directory.readmodels.queries import all_with_urn
from services.directory.streams.organisation_commands import Close

_TOGETHER = 200
_SAYS: dict[Why, str] = {
    "none": "its chain of successors ends in one that is closed",
    "several": "more than one successor: a person must choose",
    "circle": "its successors lead back to itself",
    "too-deep": "its chain of successors is too long",
    "unknown": "its successor is not in the directory",
}


async def import_links(
    directory: Directory, path: Path, *, dry_run: bool = False, progress: Progress = nothing
) -> Report:
    """Raises UnreadableFile. A successor that a person named stays, while it is open."""
    links = open_links(path)
    await directory.book.catch_up()
    known = {row.urn: row for row in await all_with_urn(directory.database)}
    day = today(directory)

    def is_open(urn: str) -> bool | None:
        row = known.get(urn)
        return None if row is None else row.closed_on is None or row.closed_on > day

    names = {row.id: row.urn for row in known.values()}
    wishes: list[Wishes] = []
    left_out: Counter[str] = Counter()
    notes: list[RowProblem] = []
    unchanged = 0
    for urn in links.successors:
        row = known.get(urn)
        if row is None or row.closed_on is None:
            left_out["not known, or not closed"] += 1
            continue
        if row.successor is not None and is_open(names.get(row.successor, "")) is not False:
            unchanged += 1
            continue
        found = successor_of(urn, links.successors, is_open)
        if isinstance(found, Successor):
            wishes.append(_closing(row, known[found.urn].id))
            continue
        left_out[_SAYS[found.why]] += 1
        notes.append(RowProblem(line=links.lines[urn], column="URN", says=_SAYS[found.why]))
    for start in range(0, len(wishes), _TOGETHER):
        if not dry_run:
            await change_together(directory, wishes[start : start + _TOGETHER])
        progress(min(start + _TOGETHER, len(wishes)), len(wishes))
    if not dry_run:
        await directory.book.catch_up()
    return Report(
        rows=links.rows,
        changed=len(wishes),
        unchanged=unchanged,
        left_out=dict(left_out),
        refused=links.refused,
        notes=tuple(notes),
        dry_run=dry_run,
    )


def _closing(row: Row[Any], successor: str) -> Wishes:
    by_register = bool(row.closed_by_register)
    return row.id, [Close(on=row.closed_on, successor=successor, by_register=by_register)]
