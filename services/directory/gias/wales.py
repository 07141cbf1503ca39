"""What becomes of Wales's own list? Its schools are organisations, each of them once.

The English register lists Welsh schools too, without ages or sector. What a Welsh school is called,
whom it takes and where it stands is said by Wales's list; its URN and whether it is open by the
English register, for the list has neither (ADR 0038).
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.directory.days import today
from services.directory.domain.report import Progress, Report, RowProblem, nothing
from services.directory.gias.establishing import differs
from services.directory.gias.importing import Wishes, change_in_turn
from services.directory.gias.welsh_file import WelshSchool, open_welsh
from services.directory.gias.wholeness import note, refuse_fewer, refuse_shifted
from services.directory.handles import Directory
from services.directory.readmodels.schools import LISTING, every_school
from services.directory.streams import imports
from services.directory.streams.listing import Listing, Numbered, after
from services.directory.streams.organisation_commands import SetProfile

_MISSING = "known as a school of Wales, and not in this list"
Rows = Mapping[str, Mapping[str, Any]]


def id_of(number: str) -> str:
    """What a school is called that only Wales's list has told us of."""
    return f"wales-{number}"


async def import_wales(
    directory: Directory,
    path: Path,
    *,
    accept_fewer: bool = False,
    dry_run: bool = False,
    progress: Progress = nothing,
) -> Report:
    """Raises UnreadableFile, with nothing taken, when the file as a whole cannot be right."""
    file = open_welsh(path)
    refuse_shifted(len(file.refused), file.rows)
    await refuse_fewer(directory, imports.WALES, file.rows, accept=accept_fewer)
    known = await _known(directory)
    counts: Counter[str] = Counter()
    refused, notes = list(file.refused), []
    waiting: list[Wishes] = []
    seen: set[str] = set()
    for line, school, remark in file.taken:
        if school.number in seen:
            says = "is there twice; the first row counts"
            refused.append(RowProblem(line=line, column="School Number", says=says))
            continue
        seen.add(school.number)
        have = known.get(school.number)
        if have is not None and have["closed_on"] is not None:
            remark = remark or "is closed here and stands in the list"
        if remark:
            notes.append(RowProblem(line=line, says=remark))
        changes = _changes(school, have, directory)
        if have is not None and not differs(changes, have):
            counts["unchanged"] += 1
            continue
        counts["added" if have is None else "changed"] += 1
        name = have["id"] if have is not None else id_of(school.number)
        waiting.append((name, [SetProfile(changes=changes)]))
    await change_in_turn(directory, waiting, progress, dry_run=dry_run)
    if not dry_run:
        await note(directory, imports.WALES, file.rows)
        await directory.book.catch_up()
        await directory.schools.catch_up()
    return Report(
        rows=file.rows,
        added=counts["added"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        left_out=_missing(known, seen),
        refused=tuple(refused),
        notes=tuple(notes),
        dry_run=dry_run,
    )


async def _known(directory: Directory) -> Rows:
    """By school number; where two bear it, as when one replaced the other, the open one."""
    await directory.schools.catch_up()
    async with directory.database.reading() as tx:
        every = await every_school(tx)
    found: dict[str, Mapping[str, Any]] = {}
    for row in every:
        if row["listing"] is None or not row["listing"]["numbers"]:
            continue
        number = row["listing"]["numbers"][-1]["number"]
        if number not in found or row["closed_on"] is None:
            found[number] = row
    return found


def _changes(
    school: WelshSchool, have: Mapping[str, Any] | None, directory: Directory
) -> dict[str, Any]:
    """A kind that a person gave stays; without a URN of its own the school number stands for it."""
    known = LISTING.validate_python(have["listing"]) if have is not None else None
    said = Listing(
        register="wales",
        type=known.type if known else None,
        numbers=(Numbered(number=school.number),),
        town=school.town,
        postcode=school.postcode,
        groups=known.groups if known else (),
        language=school.language,
    )
    changes: dict[str, Any] = {
        "name": school.name,
        "local_authority": school.local_authority,
        "listing": after(known, said, today(directory)),
    }
    if school.ages is not None:
        changes["ages"] = school.ages
    if have is None:
        changes["urn"] = school.number
    if have is None or have["id"] in (id_of(school.number), f"urn-{have['urn']}"):
        changes["kind"] = school.kind
    return changes


def _missing(known: Rows, seen: set[str]) -> dict[str, int]:
    """Closed since, or left out by mistake: a person looks."""
    gone = sum(
        number not in seen and row["closed_on"] is None and row["listing"]["register"] == "wales"
        for number, row in known.items()
    )
    return {_MISSING: gone} if gone else {}
