"""By when must somebody have looked at what is held, so that a release is still told in time?

The due moment less a lead (ADR 0030). For a school it is the morning run of the due day, with which
a release at night is told; where that has passed or is no earlier than the due moment, and for
everybody else, a quarter of the time that is left, and never more than two hours.
"""

from datetime import datetime, time, timedelta

from contracts.messages import ClockKind
from services.notify.domain.localtime import instant, local_day

_RUN = time(7, 0)
_LONGEST = timedelta(hours=2)


def review_by(kind: ClockKind, due: datetime, now: datetime) -> datetime:
    """At once where the sender gave the moment, or where it has passed already."""
    if kind is ClockKind.AT_ONCE or due <= now:
        return due
    run = instant(local_day(due), _RUN)
    if kind is ClockKind.SCHOOL_DAY and now < run < due:
        return run
    return due - min((due - now) / 4, _LONGEST)
