"""An agreement carries what is decided until its last day; a late review only warns (ADR 0029)."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.agreements import Agreement
from contracts.signatures import Signature
from services.consent.domain.signing import has_ended, is_unreviewed, last_day, signed_on
from tests.consent.domain.test_weighing import PLAIN, agreement
from tests.consent.story import incident, outcome, rules, verdict

DAY = date(2026, 2, 13)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def decided_on(now: datetime, *agreements: Agreement) -> tuple[str, set[str]]:
    """Of a belief on Friday 13 February 2026, decided later."""
    found = verdict(incident(), agreements=agreements, conditions=PLAIN, now=now)
    return outcome(found), rules(found)


def until(day: str | None, since: str = "2025-01-01", **more: Any) -> Agreement:
    span = {"since": since} if day is None else {"since": since, "until": day}
    return agreement([("permit", "true")], in_force=span, **more)


def test_what_is_decided_after_the_end_is_told_to_nobody() -> None:
    one = until("2026-02-13")

    assert decided_on(datetime(2026, 2, 13, 23, 30, tzinfo=UTC), one)[0] == "disclosed"
    assert decided_on(datetime(2026, 2, 14, 0, 30, tzinfo=UTC), one) == (
        "withheld",
        {"agreement-in-force"},
    )


def test_the_last_day_is_a_day_in_london() -> None:
    """Half past eleven in the evening of universal time is the next day in summer."""
    one = until("2026-06-30")

    assert has_ended([one], one.id, date(2026, 7, 1))
    assert decided_on(datetime(2026, 6, 30, 22, 30, tzinfo=UTC), one)[0] == "disclosed"
    assert decided_on(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), one)[0] == "withheld"


def test_a_later_version_carries_an_agreement_on() -> None:
    first, second = until("2026-02-13"), until(None, since="2026-02-14", version="2")

    assert decided_on(datetime(2026, 2, 20, tzinfo=UTC), first, second)[0] == "disclosed"
    assert last_day([first, second], first.id) is None
    assert last_day([first], first.id) == DAY
    assert last_day([], first.id) is None


def test_the_end_travels_with_what_is_disclosed() -> None:
    found = verdict(incident(), agreements=[until("2026-02-20")], conditions=PLAIN)
    [terms] = [one.terms for one in found.decisions if one.terms]
    assert terms.routing.agreement_until == date(2026, 2, 20)


def test_a_lapsed_review_warns_and_stops_nothing() -> None:
    one = until(None, review_on="2026-02-12")

    assert is_unreviewed(one, DAY)
    assert not is_unreviewed(one, date(2026, 2, 12))
    assert decided_on(datetime(2026, 2, 13, 23, 30, tzinfo=UTC), one)[0] == "disclosed"


@for_all(st.none() | DAYS, st.none() | DAYS, DAYS)
def test_a_signature_counts_on_its_days_and_on_no_other(
    since: date | None, last: date | None, day: date
) -> None:
    signature = Signature(organisation="alder", since=since, until=last)
    inside = (since is None or since <= day) and (last is None or day <= last)
    assert signed_on([signature], day) == ({"alder"} if inside else frozenset())
