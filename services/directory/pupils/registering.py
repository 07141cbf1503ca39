"""What becomes of an upload of pupils? All of it is registered, or, when a row is bad, nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.directory.domain.report import Report, RowProblem
from services.directory.handles import Directory, acting
from services.directory.pupils.given import Given, problems_of
from services.directory.streams import register
from services.directory.streams.register import (
    PupilChanged,
    PupilRegistered,
    RegisterPupils,
    match_pupils,
    stream_of,
)

_LOCAL = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """`enrolments` says which enrolment each line became; empty when nothing was taken."""

    report: Report
    enrolments: tuple[tuple[int, UUID], ...] = ()


async def register_pupils(
    directory: Directory,
    organisation: str,
    given: Sequence[Given],
    problems: Sequence[RowProblem] = (),
    *,
    actor: str,
    whole: bool = False,
    dry_run: bool = False,
) -> Registered:
    """`problems` are those that reading found. The organisation must be known."""
    now = directory.clock.now()
    today = now.astimezone(_LOCAL).date()
    pupils = [each.pupil(directory.pepper) for each in given]
    before = await directory.register(organisation)
    matched = match_pupils(organisation, pupils, before)
    wrong = [*problems, *(wrong for each in given for wrong in problems_of(each, today))]
    wrong.extend(_twice(given, [enrolment for enrolment, _ in matched]))
    rows = len(given) + len({problem.line for problem in problems})
    if wrong:
        refused = tuple(sorted(wrong, key=lambda problem: problem.line))
        return Registered(report=Report(rows=rows, refused=refused, dry_run=dry_run))
    command = RegisterPupils(
        organisation=organisation,
        pupils=tuple(pupils),
        last_day_of_others=today - timedelta(days=1) if whole else None,
        at=now,
    )
    events = (
        register.decide(command, before)
        if dry_run
        else await directory.registers.handle(stream_of(organisation), command, acting(actor))
    )
    added = sum(isinstance(event, PupilRegistered) for event in events)
    changed = sum(isinstance(event, PupilChanged) for event in events)
    left = len(events) - added - changed
    report = Report(
        rows=rows,
        added=added,
        changed=changed,
        unchanged=rows - added - changed,
        left_out={"not in the upload, so marked as left": left} if left else {},
        dry_run=dry_run,
    )
    lines = (each.line for each in given)
    enrolments = zip(lines, (enrolment for enrolment, _ in matched), strict=True)
    return Registered(report=report, enrolments=tuple(enrolments))


def _twice(given: Sequence[Given], enrolments: Sequence[UUID]) -> list[RowProblem]:
    first: dict[UUID, int] = {}
    problems = []
    for each, enrolment in zip(given, enrolments, strict=True):
        if enrolment in first:
            says = f"is the same pupil as line {first[enrolment]}"
            problems.append(RowProblem(line=each.line, says=says))
        first.setdefault(enrolment, each.line)
    return problems
