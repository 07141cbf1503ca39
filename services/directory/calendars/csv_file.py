"""Which terms, inset days and closures does a file give to which school? All of it or nothing.

Headings: `organisation` or `urn`, then `kind` (term, inset, closed), `start`, `end` (may be empty).
"""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from contracts.messages import Calendar, Span
from services.directory.domain.calendars import BadCalendar, calendar_of
from services.directory.domain.report import Progress, Report, RowProblem, UnreadableFile, nothing
from services.directory.handles import Directory
from services.directory.readmodels.queries import by_urn
from services.directory.streams.calendar_wishes import SetCalendar

ACTOR = "import-calendar"
_KINDS = ("term", "inset", "closed")


@dataclass(slots=True)
class _Days:
    line: int
    spans: dict[str, list[Span]] = field(default_factory=lambda: {kind: [] for kind in _KINDS})

    def calendar(self) -> Calendar:
        inset, closed = (
            [date.fromordinal(n) for span in self.spans[kind] for n in _ordinals(span)]
            for kind in ("inset", "closed")
        )
        return calendar_of(self.spans["term"], inset, closed)


async def import_calendar(
    directory: Directory, path: Path, *, dry_run: bool = False, progress: Progress = nothing
) -> Report:
    """Each organisation that is named gets this calendar in place of its former one."""
    await directory.book.catch_up()
    rows, days, refused = _read(path)
    calendars: dict[str, Calendar] = {}
    for (urn, name), each in days.items():
        organisation = name or await by_urn(directory.database, urn)
        if not organisation or (await directory.organisation(organisation)).profile is None:
            refused.append(RowProblem(line=each.line, says="no such organisation is known here"))
            continue
        try:
            calendars[organisation] = each.calendar()
        except BadCalendar as bad:
            refused.append(RowProblem(line=each.line, says=bad.says))
    if refused:
        return Report(rows=rows, refused=tuple(refused), dry_run=dry_run)
    changed = 0
    for done, (organisation, calendar) in enumerate(calendars.items(), start=1):
        if dry_run:
            changed += (await directory.organisation(organisation)).calendar != calendar
        else:
            wish = SetCalendar(calendar=calendar, source="csv", by=ACTOR)
            changed += bool(await directory.change(organisation, wish, actor=ACTOR))
        progress(done, len(calendars))
    unchanged = len(calendars) - changed
    return Report(rows=rows, changed=changed, unchanged=unchanged, dry_run=dry_run)


def _read(path: Path) -> tuple[int, dict[tuple[str, str], _Days], list[RowProblem]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise UnreadableFile(f"the file cannot be opened: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UnreadableFile("the file is not in UTF-8") from None
    reader = csv.DictReader(lines, restval="")
    heading = {name.strip().lower() for name in reader.fieldnames or ()}
    if not {"kind", "start"} <= heading or not heading & {"organisation", "urn"}:
        raise UnreadableFile("needs headings organisation or urn, kind, start and end")
    found: dict[tuple[str, str], _Days] = {}
    refused: list[RowProblem] = []
    rows = 0
    for row in reader:
        rows, line = rows + 1, reader.line_num
        said = defaultdict(str, {k.strip().lower(): v.strip() for k, v in row.items() if k})
        whose = found.setdefault((said["urn"], said["organisation"]), _Days(line))
        try:
            start = date.fromisoformat(said["start"])
            end = date.fromisoformat(said["end"] or said["start"])
            whose.spans[said["kind"].lower()].append(Span(start=start, end=end))
        except ValueError:
            refused.append(RowProblem(line=line, says="needs dates such as 2026-01-05"))
        except KeyError:
            says = f"is none of {', '.join(_KINDS)}"
            refused.append(RowProblem(line=line, column="kind", says=says))
    return rows, found, refused


def _ordinals(span: Span) -> range:
    return range(span.start.toordinal(), span.end.toordinal() + 1)
