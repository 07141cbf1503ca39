"""By when is somebody answered who asks for their own data? Calendar months, in London."""

from datetime import date

import pytest

from services.consent.domain.answering import due_on, extended_to, moment_of


@pytest.mark.parametrize(
    ("received", "due", "extended"),
    [
        (date(2026, 2, 13), date(2026, 3, 13), date(2026, 5, 13)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30)),  # no such day: its last
        (date(2027, 12, 31), date(2028, 1, 31), date(2028, 3, 31)),
        (date(2028, 1, 31), date(2028, 2, 29), date(2028, 4, 30)),
    ],
)
def test_one_calendar_month_and_three_where_it_is_extended(
    received: date, due: date, extended: date
) -> None:
    assert (due_on(received), extended_to(received)) == (due, extended)


def test_the_clock_of_the_task_ends_at_five_in_london() -> None:
    assert moment_of(date(2026, 3, 13)).isoformat() == "2026-03-13T17:00:00+00:00"
    assert moment_of(date(2026, 5, 13)).isoformat() == "2026-05-13T16:00:00+00:00"
