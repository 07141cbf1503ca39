"""When is it due? Four calculators, never mixed: clock hours, working days, school days, months."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from contracts.messages import ClockKind, ClockRule
from services.notify.domain.calendars import (
    BankHolidays,
    PupilDays,
    is_working_day,
    working_day_after,
)
from services.notify.domain.localtime import instant, local_day

CAP = time(9, 0)  # the outer limit of the working standard
LEAD_MINUTES = 30
# A calendar with no pupil day in three years is a slip of the keyboard: treat it as unknown.
_HORIZON = 3 * 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """When one establishment's day begins: `gate` is None where nobody has said."""

    pupil_days: PupilDays
    gate: time | None = None
    lead_minutes: int = LEAD_MINUTES

    def told_by(self) -> time:
        """The wall-clock time by which it must have been read: gate less lead, never after nine."""
        if self.gate is None:
            return CAP
        minutes = max(0, self.gate.hour * 60 + self.gate.minute - self.lead_minutes)
        return min(time(minutes // 60, minutes % 60), CAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    at: datetime
    late: bool = False  # the lead time had gone already: telephone at once


def clock_hours(start: datetime, hours: int) -> datetime:
    """Elapsed hours: on the nights when the clock changes, not the same time next day."""
    return start + timedelta(hours=hours)


def working_days(start: datetime, days: int, at: time, bank_holidays: BankHolidays) -> datetime:
    day = working_day_after(local_day(start), days, bank_holidays)
    moment = instant(day, at)
    if days == 0 and moment < start:
        return instant(working_day_after(day, 1, bank_holidays), at)
    return moment


def school_day(start: datetime, morning: Morning, *, not_before: date | None = None) -> Due:
    """The first pupil day whose moment is after the start; inside lead time it never rolls over."""
    first = local_day(start)
    for days in range(_HORIZON):
        day = first + timedelta(days=days)
        if not morning.pupil_days(day) or (not_before is not None and day < not_before):
            continue
        if found := _on(day, start, morning):
            return found
    unknown = PupilDays(bank_holidays=morning.pupil_days.bank_holidays)
    day = max(first, not_before or first) + timedelta(days=1)
    while not is_working_day(day, unknown.bank_holidays):
        day += timedelta(days=1)
    return Due(at=instant(day, morning.told_by()))


def _on(day: date, start: datetime, morning: Morning) -> Due | None:
    moment = instant(day, morning.told_by())
    if start < moment:
        return Due(at=moment)
    if morning.gate is not None and start < instant(day, morning.gate):
        return Due(at=start, late=True)
    return None


def calendar_of(rule: ClockRule, found: Due, morning: Morning | None) -> str | None:
    """Whose calendar says that pupils are in on the due day; None where no school day counts."""
    if morning is None or rule.kind is not ClockKind.SCHOOL_DAY:
        return None
    return morning.pupil_days.ruling(local_day(found.at)).layer


def due(
    rule: ClockRule,
    bank_holidays: BankHolidays,
    morning: Morning | None = None,
    *,
    not_before: date | None = None,
) -> Due:
    """What a rule of an agreement comes to, for the establishment whose `morning` it is."""
    match rule.kind:
        case ClockKind.SCHOOL_DAY:
            unknown = Morning(pupil_days=PupilDays(bank_holidays=bank_holidays))
            return school_day(rule.starts_at, morning or unknown, not_before=not_before)
        case ClockKind.CLOCK_HOURS:
            return Due(at=clock_hours(rule.starts_at, rule.hours))
        case ClockKind.WORKING_DAY:
            return Due(at=working_days(rule.starts_at, rule.days, rule.at, bank_holidays))
        case ClockKind.AT_ONCE:
            return Due(at=rule.starts_at, late=True)
