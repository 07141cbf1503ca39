"""What becomes of a file of dates? For one organisation or many: all of it, or nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.directory.calendars import csv_file, ical_file
from services.directory.calendars.resolving import authority_of
from services.directory.domain.calendars import BadCalendar
from services.directory.domain.entries import Entry, calendar_from
from services.directory.domain.reading import Part, Reading, Refused
from services.directory.domain.report import Progress, Report, RowProblem, UnreadableFile, nothing
from services.directory.handles import Directory
from services.directory.readmodels.queries import by_urn
from services.directory.streams.calendar_layer import Layer
from services.directory.streams.calendar_wishes import EditCalendar, after
from services.directory.streams.organisation import Known
from services.directory.text_files import read_text

ACTOR = "import-calendar"
ICAL, CSV = "ical", "csv"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a file would do to one calendar. `whole`: it stands in place of all there was."""

    reading: Reading
    whole: bool = False

    def wish(self, by: str) -> EditCalendar:
        return EditCalendar(
            put=self.reading.entries(),
            replaces=(lambda _: True) if self.whole else self.reading.replaces,
            source=self.reading.source,
            by=by,
        )

    def check(self, layer: Layer) -> None:
        """Raises Refused: what it says does not go with what is there."""
        self.reading.check()
        entries = after(self.wish(""), layer)
        try:
            calendar_from(entries)
        except BadCalendar as bad:
            number = bad.where.removeprefix("/entries/")
            clashing = entries[int(number)] if number.isdecimal() else None
            mine = (part.at for part in self.reading.parts if part.entry == clashing)
            says = f"{bad.says}, with what is in the calendar already"
            raise Refused([(next(mine, ""), says)]) from None

    def shown(self, layer: Layer) -> Json:
        """What each part was taken as, what is not placed, and what would change."""
        before = {one.entry for one in layer.entries}
        then = set(after(self.wish(""), layer))
        return {
            "taken": [_taken(part) for part in self.reading.parts if part.entry is not None],
            "not_placed": [
                {"at": part.at, "name": part.name, "says": part.says}
                for part in self.reading.parts
                if part.entry is None
            ],
            "comes": _entries(then - before),
            "goes": _entries(before - then),
            "stays": len(then & before),
        }


def plan_of(text: str, source: str, known: Known) -> Plan:
    """For this organisation, whose name a CSV file need not repeat. Raises Refused."""
    if source == ICAL:
        return Plan(reading=ical_file.read(text))
    try:
        _, found, refused = csv_file.rows_of(text)
    except UnreadableFile as bad:
        raise Refused([("", str(bad))]) from None
    profile = known.profile
    place = profile.local_authority if profile and profile.kind == "local-authority" else None
    own = (known.organisation, profile.urn if profile else None, place)
    problems = [(f"/line/{one.line}/{one.column}".rstrip("/"), one.says) for one in refused]
    for key, rows in found.items():
        if any(given and given != mine for given, mine in zip(key, own, strict=True)):
            problems.append((f"/line/{rows.line}", "is of another organisation"))
    if problems:
        raise Refused(problems)
    parts = tuple(part for rows in found.values() for part in rows.parts)
    whole = any(rows.whole for rows in found.values())
    return Plan(reading=Reading(source=CSV, parts=parts), whole=whole)


async def import_calendar(
    directory: Directory,
    path: Path,
    *,
    organisation: str = "",
    dry_run: bool = False,
    progress: Progress = nothing,
) -> Report:
    """CSV for any number of organisations, or iCalendar for the one that is named."""
    await directory.book.catch_up()
    text = read_text(path)
    if text.lstrip("\ufeff \r\n").upper().startswith("BEGIN:VCALENDAR"):
        return await _import_ical(directory, text, organisation, dry_run)
    count, plans, refused = await _plans(directory, text, organisation)
    if refused:
        return Report(rows=count, refused=tuple(refused), dry_run=dry_run)
    changed = 0
    for done, (one, plan) in enumerate(plans.items(), start=1):
        changed += await _apply(directory, one, plan, dry_run)
        progress(done, len(plans))
    unchanged = len(plans) - changed
    return Report(rows=count, changed=changed, unchanged=unchanged, dry_run=dry_run)


async def _plans(
    directory: Directory, text: str, organisation: str
) -> tuple[int, dict[str, Plan], list[RowProblem]]:
    count, found, refused = csv_file.rows_of(text)
    plans: dict[str, Plan] = {}
    for key, rows in found.items():
        one = organisation if not any(key) else await _whose(directory, *key)
        known = await directory.organisation(one) if one else None
        if one is None or known is None or known.profile is None:
            says = "no such organisation is known here"
            refused.append(RowProblem(line=rows.line, says=says))
            continue
        plan = Plan(reading=Reading(source=CSV, parts=tuple(rows.parts)), whole=rows.whole)
        try:
            if rows.parts:
                plan.check(known.year)
        except Refused as bad:
            refused += [
                RowProblem(line=_line(at, rows.line), says=says) for at, says in bad.problems
            ]
        plans[one] = plan
    return count, plans, refused


async def _whose(directory: Directory, organisation: str, urn: str, place: str) -> str | None:
    if organisation:
        return organisation
    if urn:
        return await by_urn(directory.database, urn)
    council = await authority_of(directory, place)
    return council.organisation if council else None


async def _import_ical(directory: Directory, text: str, organisation: str, dry_run: bool) -> Report:
    known = await directory.organisation(organisation)
    if known.profile is None:
        raise UnreadableFile("an iCalendar file says not whose it is: name an organisation")
    try:
        plan = plan_of(text, ICAL, known)
        plan.check(known.year)
    except Refused as bad:
        says = [f"{at}: {what}" if at else what for at, what in bad.problems]
        raise UnreadableFile("; ".join(says)) from None
    changed = await _apply(directory, organisation, plan, dry_run)
    notes = tuple(_note(part) for part in plan.reading.parts if dry_run or part.entry is None)
    return Report(
        rows=len(plan.reading.parts),
        changed=changed,
        unchanged=1 - changed,
        notes=notes,
        dry_run=dry_run,
    )


async def _apply(directory: Directory, organisation: str, plan: Plan, dry_run: bool) -> int:
    wish = plan.wish(ACTOR)
    if dry_run:
        known = await directory.organisation(organisation)
        return int(after(wish, known.year) != tuple(one.entry for one in known.year.entries))
    return int(bool(await directory.change(organisation, wish, actor=ACTOR)))


def _note(part: Part) -> RowProblem:
    """Never what it is called: that is for who wrote it."""
    number = int(part.at.rsplit("/", 1)[-1]) + 1
    entry = part.entry
    says = part.says if entry is None else f"taken as {entry.kind}, {entry.start} to {entry.end}"
    return RowProblem(line=number, column="VEVENT", says=says)


def _line(at: str, otherwise: int) -> int:
    number = at.removeprefix("line ")
    return int(number) if number.isdecimal() else otherwise


def _taken(part: Part) -> Json:
    return {"at": part.at, "name": part.name, **(_entry(part.entry) if part.entry else {})}


def _entries(entries: set[Entry]) -> list[Json]:
    return [_entry(one) for one in sorted(entries, key=lambda one: (one.start, one.end, one.kind))]


def _entry(one: Entry) -> Json:
    return {"kind": one.kind, "start": str(one.start), "end": str(one.end), "called": one.name}
