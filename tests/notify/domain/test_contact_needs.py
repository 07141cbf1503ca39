"""When is an organisation asked about its contacts, and what for?"""

from datetime import UTC, date, datetime
from typing import Literal

import pytest

from contracts.contacts import Confirmation, Contact
from contracts.messages import Calendar, Organisation, Span
from services.notify.domain.contact_needs import Need, asked_on, needs, next_look
from services.notify.domain.task import Cause
from tests.notify.back_house import contact

TERMS = Calendar(
    terms=(
        Span(start=date(2025, 9, 2), end=date(2025, 10, 24)),
        Span(start=date(2025, 11, 3), end=date(2025, 12, 19)),
        Span(start=date(2026, 1, 5), end=date(2026, 2, 13)),
        Span(start=date(2026, 2, 23), end=date(2026, 3, 27)),
    )
)
DSL = contact("dsl", "designated-safeguarding-lead")
HEAD = contact("head", "head")


def said(day: str, state: Literal["confirmed", "to-confirm"] = "confirmed") -> Contact:
    word = Confirmation(state=state, at=datetime.fromisoformat(f"{day}T12:00:00+00:00"))
    return DSL.model_copy(update={"confirmation": word})


def school(*contacts: Contact, calendar: Calendar | None = TERMS) -> Organisation:
    return Organisation(id="alder", kind="school", contacts=contacts, calendar=calendar)


@pytest.mark.parametrize(
    ("confirmed", "calendar", "asked"),
    [
        ("2025-09-02", TERMS, "2026-01-05"),  # not in November: that is the same term
        ("2025-10-20", TERMS, "2026-01-05"),
        ("2025-11-10", TERMS, "2026-02-23"),
        ("2026-01-05", TERMS, "2026-05-05"),  # the calendar ends: after four months
        ("2025-10-31", None, "2026-02-28"),
        ("2025-03-01", TERMS, "2025-09-01"),  # a term that begins later: after six at the latest
    ],
)
def test_each_term_and_where_none_is_known_after_four_months(
    confirmed: str, calendar: Calendar | None, asked: str
) -> None:
    assert asked_on(said(confirmed), calendar) == date.fromisoformat(asked)


def test_of_whom_nothing_was_said_nothing_is_asked() -> None:
    alder = school(DSL, HEAD)
    assert next_look(alder) is None
    assert needs(alder, date(2030, 1, 1), {}, {}) == []


def test_everything_that_is_wrong_is_said_by_its_cause() -> None:
    old = said("2025-09-02").model_copy(update={"trained_until": date(2026, 1, 31)})
    carried = said("2026-01-20", "to-confirm").model_copy(update={"id": "deputy", "role": "deputy"})
    alder = school(old, carried, HEAD)
    since = datetime(2026, 2, 2, tzinfo=UTC)
    found = needs(alder, date(2026, 2, 2), {"head": since, "gone": since}, {"dsl": since})
    assert found == [
        Need(cause=Cause.TO_CONFIRM, contacts=("deputy",), since="2026-01-20T12:00:00+00:00"),
        Need(cause=Cause.NEW_TERM, contacts=("dsl",), since="2026-01-05"),
        Need(cause=Cause.MAILBOX_REFUSES, contacts=("head",), since=since.isoformat()),
        Need(cause=Cause.NOBODY_OPENS, contacts=("dsl",), since=since.isoformat()),
        Need(cause=Cause.TRAINING_LAPSED, contacts=("dsl",), since="2026-01-31"),
    ]
    assert next_look(alder) == date(2026, 1, 5)


def test_who_has_left_or_has_not_begun_is_not_asked_about() -> None:
    left = said("2025-01-01").model_copy(update={"until": date(2026, 1, 4)})
    later = said("2025-01-01").model_copy(update={"id": "later", "since": date(2026, 1, 6)})
    assert needs(school(left, later), date(2026, 1, 5), {}, {}) == []
