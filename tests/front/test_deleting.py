"""Is it said by whom a deletion was confirmed, and to the sender only that and when it was?"""

from datetime import UTC, datetime
from typing import Any

from services.front.deleting import Deletion, deletions

NOW = datetime(2026, 11, 2, 7, 42, tzinfo=UTC)
ASKED: dict[str, Any] = {
    "organisation": "alder",
    "role": None,
    "audience": "education",
    "state": "open",
    "due": "2026-11-02T17:00:00+00:00",
    "overdue": False,
    "confirmed_at": None,
}
DONE = {**ASKED, "state": "done", "confirmed_at": "2026-11-02T07:40:00+00:00", "role": "deputy"}
_OWN = {"organisation", "role"}


def said(one: dict[str, Any]) -> Deletion:
    (found,) = deletions([one], {"alder": "Alder Primary"}, NOW)
    return found


def test_who_runs_the_service_reads_the_organisation_and_the_role() -> None:
    done = said(DONE)
    assert (done.called, done.state) == ("Alder Primary", "Confirmed")
    assert done.confirmed == "A deputy safeguarding lead, Monday 2 November 2026 at 7:40am"
    unknown = said({**DONE, "role": None}).confirmed
    assert unknown.startswith("Its own system, or somebody not listed, Monday")


def test_the_sender_reads_the_audience_and_the_moment() -> None:
    done = said({name: value for name, value in DONE.items() if name not in _OWN})
    assert done.called == "The child's school or college"
    assert done.confirmed == "The recipient, Monday 2 November 2026 at 7:40am"


def test_what_nobody_has_confirmed_says_until_when() -> None:
    waits = said(ASKED)
    assert (waits.confirmed, waits.state) == ("Nobody yet: due by 5:00pm, in 9 hours", "Open")
    late = said({**ASKED, "overdue": True, "due": "2026-11-02T07:30:00+00:00"})
    assert (late.state, late.overdue) == ("Overdue", True)
    over = said({**ASKED, "state": "cancelled"})
    assert (over.confirmed, over.state) == ("Nobody", "Not needed any more")
