"""When is somebody told that a notification waits? Before it is due."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.notify.domain.calendars import PupilDays
from services.notify.domain.localtime import instant, local, local_day, next_at
from services.notify.domain.subscriptions import Cadence

RUN = time(7, 0)
CLOSE_OF_DAY = time(16, 0)
SOON = timedelta(hours=2)
PHONE_LEAD = timedelta(minutes=20)
EDUCATION = "education"
OFFICERS = frozenset({"home-education-officer", "children-missing-education"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """From when it can be read, and from when somebody is told."""

    available_from: datetime
    announce_at: datetime


def timetable(
    *,
    audience: str,
    accepted: datetime,
    due: datetime,
    pupil_days: PupilDays | None,
    cadence: Cadence = Cadence.AT_ONCE,
    not_before: date | None = None,
) -> Timetable:
    ready = accepted
    if not_before is not None and local_day(accepted) < not_before:
        # A school that the child has not joined yet has no business with it before that day.
        ready = instant(not_before, RUN)
    if cadence is not Cadence.AT_ONCE:
        ready = _round(ready, cadence)
        return Timetable(available_from=ready, announce_at=ready)
    if audience != EDUCATION or pupil_days is None:
        return Timetable(available_from=ready, announce_at=ready)
    return Timetable(available_from=ready, announce_at=_for_school(ready, due, pupil_days))


def _round(ready: datetime, cadence: Cadence) -> datetime:
    moment = next_at(ready, RUN)
    while cadence is Cadence.WEEKLY and local(moment).weekday() != 0:
        moment = next_at(moment + timedelta(seconds=1), RUN)
    return moment


def _for_school(ready: datetime, due: datetime, pupil_days: PupilDays) -> datetime:
    here = local(ready)
    if RUN <= here.time() < CLOSE_OF_DAY and pupil_days(here.date()):
        return ready
    if due - ready <= SOON:
        return ready
    run = next_at(ready, RUN)
    return run if run < due else max(ready, due - SOON)


def again(after: datetime, due: datetime, pupil_days: PupilDays | None) -> datetime | None:
    """The next morning on which what is still unopened is announced once more."""
    days = {local_day(due)}
    if pupil_days is not None:
        days |= pupil_days.inset_days()
    moments = (instant(day, RUN) for day in days if day <= local_day(due))
    return min((moment for moment in moments if moment > after and moment <= due), default=None)


def phone_at(audience: str, due: datetime) -> datetime | None:
    """From when a person telephones, because nobody has opened it."""
    if audience == EDUCATION or audience in OFFICERS:
        return due - PHONE_LEAD
    return None


def run_of(planned: datetime, now: datetime) -> str:
    """One run, one nudge for each contact: the morning's round, or this very moment."""
    here = local(planned)
    if here.time() == RUN:
        return f"morning:{here.date().isoformat()}"
    return f"at:{now.isoformat(timespec='seconds')}"
