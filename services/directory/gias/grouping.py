"""What becomes of the groups file? Trusts are organisations, and academies know theirs.

A federation of maintained schools is such an organisation too: one body above several schools.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.directory.days import today
from services.directory.domain.report import Progress, Report, RowProblem, nothing
from services.directory.gias.establishing import differs, group_id
from services.directory.gias.groups_file import TYPES, Group, open_groups
from services.directory.gias.importing import Wishes, change_in_turn
from services.directory.gias.wholeness import note, refuse_fewer, refuse_shifted
from services.directory.handles import Directory
from services.directory.readmodels.schools import every_group, every_school
from services.directory.streams import imports
from services.directory.streams.listing import Listing, Numbered
from services.directory.streams.organisation_commands import Close, Reopen, SetProfile, Wish

NOT_TAKEN = "a group that runs no schools of its own"
LONG_CLOSED = "closed before it was known here"
Rows = Mapping[str, Mapping[str, Any]]


async def import_groups(
    directory: Directory,
    path: Path,
    *,
    accept_fewer: bool = False,
    dry_run: bool = False,
    progress: Progress = nothing,
) -> Report:
    """Raises UnreadableFile, with nothing taken, when the file as a whole cannot be right."""
    file = open_groups(path)
    refuse_shifted(len(file.refused), file.rows)
    await refuse_fewer(directory, imports.GROUPS, file.rows, accept=accept_fewer)
    await directory.schools.catch_up()
    async with directory.database.reading() as tx:
        known, schools = await every_group(tx), await every_school(tx)
    counts: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    notes: list[RowProblem] = []
    waiting: list[Wishes] = []
    standing = {name for name, row in known.items() if row["closed_on"] is None}
    for _, group in file.taken:
        name, have = group_id(group.uid), known.get(group_id(group.uid))
        if group.type not in TYPES or (have is None and not group.is_open):
            left_out[NOT_TAKEN if group.type not in TYPES else LONG_CLOSED] += 1
            continue
        wishes = _wishes(directory, group, have)
        counts["unchanged" if not wishes else "changed" if have else "added"] += 1
        (standing.add if group.is_open else standing.discard)(name)
        if wishes:
            waiting.append((name, wishes))
    linked = _links(schools, standing)
    every = [*waiting, *linked]
    await change_in_turn(directory, every, progress, dry_run=dry_run)
    if not dry_run:
        await note(directory, imports.GROUPS, file.rows)
        await directory.book.catch_up()
        await directory.schools.catch_up()
    return Report(
        rows=file.rows,
        added=counts["added"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        linked=len(linked),
        left_out=dict(left_out),
        refused=file.refused,
        notes=tuple(notes),
        dry_run=dry_run,
    )


def _wishes(directory: Directory, group: Group, have: Mapping[str, Any] | None) -> list[Wish]:
    listing = Listing(
        register="gias-groups",
        type=group.type,
        numbers=(Numbered(number=group.number),) if group.number else (),
    )
    changes = {"kind": "trust", "name": group.name, "listing": listing}
    wishes: list[Wish] = []
    if have is None or differs(changes, have):
        wishes.append(SetProfile(changes=changes))
    closed_on = have["closed_on"] if have is not None else None
    if not group.is_open:
        on = group.closed or closed_on or today(directory)
        if on != closed_on:
            wishes.append(Close(on=on, by_register=True))
    elif closed_on is not None and have is not None and have["closed_by_register"]:
        wishes.append(Reopen())
    return wishes


def _links(schools: list[dict[str, Any]], standing: set[str]) -> list[Wishes]:
    """Schools that were imported before their trust was known."""
    found: list[Wishes] = []
    for row in schools:
        ids = [group_id(uid) for uid in (row["listing"] or {}).get("groups", ())]
        trust = next((each for each in ids if each in standing), None)
        if trust is not None and row["trust"] != trust:
            found.append((row["id"], [SetProfile(changes={"trust": trust})]))
    return found
