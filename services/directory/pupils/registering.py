"""What becomes of an upload of pupils? All of it is registered, or, when a row is bad, nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.directory.domain.report import Report, RowProblem
from services.directory.handles import Directory, acting
from services.directory.pupils.given import Given, problems_of
from services.directory.streams import register, uploads
from services.directory.streams.register import (
    PupilChanged,
    PupilLeft,
    PupilRegistered,
    Register,
    RegisterEvent,
    RegisterPupils,
    match_pupils,
    stream_of,
)
from services.directory.streams.uploads import RegisterUploaded

_LOCAL = ZoneInfo("Europe/London")


LEFT = "not in the upload, so marked as left"
GUESTS = "guests, who are registered elsewhere"
_FEW, _SHARE = 10, 5  # a register may lose fewer than ten at once, or up to a fifth, unasked


class TooManyLeave(Exception):
    """A whole register that would lose so many is more often a part of one: a class, a year."""

    def __init__(self, leaving: int, on_roll: int) -> None:
        super().__init__(f"{leaving} of {on_roll} pupils on the roll are not in the upload")
        self.leaving = leaving


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
    leavers: int | None = None,
) -> Registered:
    """`problems` are those that reading found. The organisation must be known.

    Raises TooManyLeave, unless exactly so many `leavers` were confirmed by a person.
    """
    given, guests = [each for each in given if each.on_roll], _guests(given)
    now = directory.clock.now()
    today = now.astimezone(_LOCAL).date()
    pupils = [each.pupil(directory.pepper) for each in given]
    before = await directory.register(organisation)
    matched = match_pupils(organisation, pupils, before)
    wrong = [*problems, *(wrong for each in given for wrong in problems_of(each, today))]
    wrong.extend(_twice(given, [enrolment for enrolment, _ in matched]))
    rows = len(given) + guests + len({problem.line for problem in problems})
    if wrong:
        refused = tuple(sorted(wrong, key=lambda problem: problem.line))
        return Registered(report=Report(rows=rows, refused=refused, dry_run=dry_run))
    command = RegisterPupils(
        organisation=organisation,
        pupils=tuple(pupils),
        last_day_of_others=today - timedelta(days=1) if whole else None,
        at=now,
    )
    events = register.decide(command, before)
    if not dry_run:
        _allow(events, before, today, leavers)
        events = await directory.registers.handle(stream_of(organisation), command, acting(actor))
        await _note(directory, organisation, actor, whole=whole)
    added = sum(isinstance(event, PupilRegistered) for event in events)
    changed = sum(isinstance(event, PupilChanged) for event in events)
    left = len(events) - added - changed
    report = Report(
        rows=rows,
        added=added,
        changed=changed,
        unchanged=rows - guests - added - changed,
        left_out={why: many for why, many in ((LEFT, left), (GUESTS, guests)) if many},
        dry_run=dry_run,
    )
    lines = (each.line for each in given)
    enrolments = zip(lines, (enrolment for enrolment, _ in matched), strict=True)
    return Registered(report=report, enrolments=tuple(enrolments))


async def _note(directory: Directory, organisation: str, actor: str, *, whole: bool) -> None:
    noted = RegisterUploaded(
        organisation=organisation, whole=whole, uploaded_at=directory.clock.now()
    )
    await directory.uploads.handle(uploads.stream_of(organisation), noted, acting(actor))


def _guests(given: Sequence[Given]) -> int:
    return sum(not each.on_roll for each in given)


def _allow(
    events: Sequence[RegisterEvent], before: Register, today: date, leavers: int | None
) -> None:
    leaving = sum(isinstance(event, PupilLeft) for event in events)
    on_roll = sum(one.until is None or one.until >= today for one in before.values())
    if leaving >= _FEW and leaving * _SHARE > on_roll and leaving != leavers:
        raise TooManyLeave(leaving, on_roll)


def _twice(given: Sequence[Given], enrolments: Sequence[UUID]) -> list[RowProblem]:
    first: dict[UUID, int] = {}
    problems = []
    for each, enrolment in zip(given, enrolments, strict=True):
        if enrolment in first:
            says = f"is the same pupil as line {first[enrolment]}"
            problems.append(RowProblem(line=each.line, says=says))
        first.setdefault(enrolment, each.line)
    return problems
