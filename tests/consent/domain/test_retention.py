"""Until when is a case kept? The longest that disclosed, else the shortest that was asked."""

from datetime import UTC, datetime

import pytest

from contracts.catalogue import EVENT_TYPES
from services.consent.domain.retention import GROUNDS, Term, end_of, history_ends, term_of

MONTHS = {"schools@1": 13, "schools@2": 24, "social-care@1": 72, "marac@1": 6}
POLICE, STATUS = "police.incident.recorded.v1", "safeguarding.status.changed.v1"


@pytest.mark.parametrize(
    ("shared", "withheld", "expected"),
    [
        (["schools@1", "social-care@1"], [], Term("social-care@1", 72)),
        (["schools@1"], ["social-care@1", "marac@1"], Term("schools@1", 13)),
        ([], ["social-care@1", "schools@2"], Term("schools@2", 24)),
        (["schools@9"], [], Term("schools@9", 72)),  # no longer on file: the longest of all
        ([], ["schools@9", "social-care@1"], Term("schools@9", 72)),
        ([], [], Term("", 6)),
    ],
)
def test_which_agreement_says_how_long(
    shared: list[str], withheld: list[str], expected: Term
) -> None:
    assert term_of(POLICE, shared=shared, withheld=withheld, months=MONTHS) == expected


@pytest.mark.parametrize(
    ("kind", "ground", "months"),
    [
        ("consent.given.v1", "consent", 73),
        ("consent.withdrawn.v1", "consent", 73),
        (STATUS, "status", 73),
        ("referral.made.v1", "referral", 13),
        ("conference.convened.v1", "conference", 13),
        ("marac.case.heard.v1", "marac", 61),
    ],
)
def test_what_no_agreement_covers_has_a_ground_that_the_area_settles(
    kind: str, ground: str, months: int
) -> None:
    expected = Term("", months, ground)
    assert term_of(kind, shared=[], withheld=[], months=MONTHS) == expected
    assert term_of(kind, shared=[], withheld=[], months={}) == expected
    own = {**GROUNDS, ground: 2}
    settled = term_of(kind, shared=[], withheld=[], months=MONTHS, grounds=own)
    assert settled == Term("", 2, ground)


def test_an_agreement_that_covers_it_comes_before_its_ground() -> None:
    assert term_of(STATUS, shared=["marac@1"], withheld=[], months=MONTHS) == Term("marac@1", 6)
    assert term_of(STATUS, shared=[], withheld=["marac@1"], months=MONTHS) == Term("marac@1", 6)


def test_every_type_of_event_has_an_end() -> None:
    for kind in EVENT_TYPES:
        assert term_of(kind, shared=[], withheld=[], months=MONTHS) is not None


def test_without_any_agreement_nothing_says_when_anything_ends() -> None:
    assert term_of(POLICE, shared=["schools@1"], withheld=[], months={}) is None


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        # The anniversary is inside, by the London day: midnight of summer time is 23:00 in UTC.
        ("2026-02-13T23:05:00+00:00", 13, "2027-03-14T00:00:00+00:00"),
        ("2026-06-30T22:59:00+00:00", 1, "2026-07-30T23:00:00+00:00"),
        ("2026-06-30T23:01:00+00:00", 1, "2026-08-01T23:00:00+00:00"),
        ("2026-01-31T12:00:00+00:00", 1, "2026-03-01T00:00:00+00:00"),
        ("2024-02-29T12:00:00+00:00", 12, "2025-03-01T00:00:00+00:00"),
    ],
)
def test_it_ends_after_its_anniversary_in_london(start: str, months: int, end: str) -> None:
    assert end_of(datetime.fromisoformat(start), months) == datetime.fromisoformat(end)


def test_a_history_outlives_a_short_agreement() -> None:
    start = datetime(2026, 2, 13, 12, tzinfo=UTC)
    assert history_ends(start) == datetime(2027, 3, 14, tzinfo=UTC)
