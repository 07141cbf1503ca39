"""Whose calendar decides of a day? The most specific that speaks."""

from datetime import date

import pytest

from contracts.messages import Calendar, Closure, Span
from contracts.school_days import (
    AUTHORITY,
    NOBODY,
    SCHOOL,
    TRUST,
    covers,
    ends,
    newest_first,
    ruling,
)

BANK_HOLIDAYS = frozenset({date(2026, 4, 3), date(2026, 5, 4)})


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def terms(*spans: tuple[str, str], inset: str = "", closed: str = "", to: str = "") -> Calendar:
    return Calendar(
        terms=tuple(Span(start=day(start), end=day(end)) for start, end in spans),
        inset=(day(inset),) if inset else (),
        closed=(day(closed),) if closed else (),
        valid_to=day(to) if to else None,
    )


OWN = terms(("02-23", "03-27"), inset="03-02", closed="03-03")
OF_TRUST = terms(("02-24", "04-17"), inset="04-01")
OF_COUNCIL = terms(("02-25", "05-29"), closed="04-20")
LAYERS = ((SCHOOL, OWN), (TRUST, OF_TRUST), (AUTHORITY, OF_COUNCIL))


@pytest.mark.parametrize(
    ("when", "kind", "layer"),
    [
        ("02-16", "holiday", SCHOOL),  # before its first term
        ("02-23", "term", SCHOOL),  # whatever the trust and the council say
        ("03-01", "weekend", NOBODY),
        ("03-02", "inset", SCHOOL),
        ("03-03", "closure", SCHOOL),
        ("03-30", "term", TRUST),  # after the school's last term
        ("04-01", "inset", TRUST),
        ("04-03", "bank-holiday", NOBODY),  # in the trust's term
        ("04-20", "closure", AUTHORITY),
        ("05-04", "bank-holiday", NOBODY),
        ("05-05", "term", AUTHORITY),
        ("06-01", "assumed", NOBODY),
    ],
)
def test_the_most_specific_calendar_that_speaks_decides(when: str, kind: str, layer: str) -> None:
    said = ruling(day(when), LAYERS, (), BANK_HOLIDAYS)
    assert (said.kind, said.layer, said.pupils) == (kind, layer, kind in ("term", "assumed"))


def closed(start: str, end: str, reason: str = "snow", *, open_: bool = False) -> Closure:
    return Closure(start=day(start), end=day(end), reason=reason, open=open_)


def test_a_closure_of_the_whole_area_counts_for_a_school_in_term() -> None:
    closures = newest_first([(AUTHORITY, [closed("03-04", "03-05")])])
    said = ruling(day("03-05"), LAYERS, closures, BANK_HOLIDAYS)
    assert (said.pupils, said.layer, said.reason) == (False, AUTHORITY, "snow")
    assert ruling(day("03-06"), LAYERS, closures, BANK_HOLIDAYS).pupils


def test_a_school_that_says_it_is_open_is_open_and_its_newest_word_counts() -> None:
    for_all = (AUTHORITY, [closed("03-04", "03-05")])
    opened = closed("03-04", "03-04", open_=True)
    closures = newest_first([(SCHOOL, [opened]), for_all])
    assert ruling(day("03-04"), LAYERS, closures, BANK_HOLIDAYS).pupils
    assert not ruling(day("03-05"), LAYERS, closures, BANK_HOLIDAYS).pupils
    again = newest_first([(SCHOOL, [opened, closed("03-04", "03-04", "heating")]), for_all])
    said = ruling(day("03-04"), LAYERS, again, BANK_HOLIDAYS)
    assert (said.layer, said.reason) == (SCHOOL, "heating")


def test_open_after_all_opens_no_holiday() -> None:
    closures = newest_first([(SCHOOL, [closed("02-16", "02-16", open_=True)])])
    assert not ruling(day("02-16"), LAYERS, closures, BANK_HOLIDAYS).pupils


def test_a_calendar_that_says_how_long_it_holds_says_nothing_beyond() -> None:
    summer = terms(("06-01", "07-21"), to="08-31")
    assert (covers(summer, day("08-31")), covers(summer, day("09-01"))) == (True, False)
    assert not ruling(day("08-03"), ((SCHOOL, summer),), (), ()).pupils
    assert ruling(day("09-01"), ((SCHOOL, summer),), (), ()).pupils
    later = summer.model_copy(update={"valid_from": day("05-01")})
    assert ruling(day("04-30"), ((SCHOOL, later),), (), ()).kind == "assumed"


def test_validity_without_a_term_closes_nobody() -> None:
    empty = Calendar(valid_to=day("12-31"))
    assert ends(empty) is None
    assert ruling(day("03-04"), ((SCHOOL, empty),), (), ()).kind == "assumed"
