"""By when is somebody answered who asks for their own data? Calendar months, by UK GDPR art. 12(3).

That it is one month, and two more where the person is told within the first, is to be confirmed by
the area, and so is how a month is counted: to the same day of the next one, else to its last.
"""

from datetime import UTC, date, datetime, time

from services.consent.domain.days import LONDON, months_after

MONTHS = 1
EXTENDED_MONTHS = 3  # with the first one
KIND = "answer-subject-access"
_CLOSE = time(17, 0)  # of an office: a day that is over at midnight is over when people go home


def due_on(received_on: date) -> date:
    return months_after(received_on, MONTHS)


def extended_to(received_on: date) -> date:
    return months_after(received_on, EXTENDED_MONTHS)


def moment_of(day: date) -> datetime:
    """When the clock of the task ends: 17:00 of that day in London, in UTC."""
    return datetime.combine(day, _CLOSE, LONDON).astimezone(UTC)
