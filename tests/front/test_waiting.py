"""What waits in an inbox, in which order, and how is it summed up?"""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.front import waiting

NOW = datetime(2026, 11, 2, 7, 42, tzinfo=UTC)
DUE = datetime(2026, 11, 2, 8, 10, tzinfo=UTC)


def one(name: str, **more: Any) -> dict[str, Any]:
    whole = {
        "id": name,
        "state": "announced",
        "audience": "education",
        "agreement": "operation-encompass",
        "together": f"case-{name}",
        "due": DUE.isoformat(),
        "received_at": (NOW - timedelta(hours=9)).isoformat(),
        "overdue": False,
        "initials": name.upper(),
        "year_group": "Year 4",
    }
    return {**whole, **more}


def test_what_is_late_comes_first_then_what_is_due_today_then_the_rest() -> None:
    tomorrow = (DUE + timedelta(days=1)).isoformat()
    found = [one("a", overdue=True), one("b"), one("c"), one("d", due=tomorrow)]
    assert waiting.summary(found, NOW) == [
        "1 needs reading now: overdue",
        "2 need reading before 8:10am",
        "1 needs reading before 8:10am on Tuesday 3 November",
    ]
    later = (DUE + timedelta(minutes=20)).isoformat()
    assert waiting.summary([one("a"), one("b", due=later)], NOW) == [
        "2 need reading, the first before 8:10am"
    ]
    assert waiting.summary([], NOW) == []


def test_children_of_one_event_stand_together_behind_the_one_due_first() -> None:
    later = (DUE + timedelta(hours=1)).isoformat()
    found = [
        one("a", together="x", due=later),
        one("b"),
        one("c", together="x"),
        one("d", state="opened"),
    ]
    listed = waiting.inbox(found, {}, NOW).waiting
    assert [item.id for item in listed] == ["b", "c", "a", "d"]
    assert [item.with_it for item in listed] == ["", "", "Same event as C, Year 4", ""]


def test_what_is_recorded_or_closed_is_earlier_the_last_one_first() -> None:
    hour = [(NOW - timedelta(hours=n)).isoformat() for n in range(4)]
    found = [
        one("a", state="acknowledged", acknowledged_at=hour[3]),
        one("b", state="withdrawn", reference="SYN-1", closed_at=hour[1], what_to_do="Delete it."),
        one("c", state="opened"),
    ]
    listed = waiting.inbox(found, {}, NOW)
    assert [item.id for item in listed.waiting] == ["c"]
    assert [(item.id, item.called) for item in listed.earlier] == [
        ("b", "Reference SYN-1"),
        ("a", "A, Year 4"),
    ]
    assert listed.summary == []  # what is read needs no reading


def test_of_a_long_past_the_last_fifty_are_listed() -> None:
    found = [one(str(n), state="acknowledged") for n in range(60)]
    listed = waiting.inbox(found, {}, NOW)
    assert len(listed.earlier) == 50


def test_how_often_counts_this_one_too() -> None:
    (first, third) = waiting.inbox(
        [one("a", earlier_in_12_months=0), one("b", earlier_in_12_months=2)], {}, NOW
    ).waiting
    assert (first.repeat, third.repeat) == ("", "3rd in 12 months")


def test_who_receives_under_several_agreements_sees_under_which() -> None:
    titles = {"operation-encompass": "To schools", "police-to-marac": "To the MARAC"}
    (school, marac) = waiting.inbox(
        [one("a"), one("b", audience="marac", agreement="police-to-marac", year_group=None)],
        titles,
        NOW,
    ).waiting
    assert (school.kind, marac.kind) == ("", "To the MARAC")
    assert marac.called == "B"
    assert waiting.called({"initials": None, "year_group": None}) == "Notification"


def test_the_due_moment_is_said_with_how_far_off_it_is() -> None:
    late = (DUE - timedelta(minutes=40)).isoformat()
    (missed, new, read) = waiting.inbox(
        [one("a", due=late, overdue=True), one("b"), one("c", state="opened")], {}, NOW
    ).waiting
    assert waiting.due_words(missed, NOW) == "7:30am, 12 minutes late"
    assert waiting.due_words(new, NOW) == "8:10am, in 28 minutes"
    assert waiting.due_words(read, NOW) == "8:10am"


def test_silence_of_twelve_hours_is_not_taken_as_no_news() -> None:
    assert waiting.is_quiet(None, NOW)
    assert waiting.is_quiet((NOW - timedelta(hours=12, seconds=1)).isoformat(), NOW)
    assert not waiting.is_quiet((NOW - timedelta(hours=12)).isoformat(), NOW)
