"""Does the story of an event say who was told, who was not, and what waits?"""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.front import story
from services.front.happenings import happening

NOW = datetime(2026, 11, 2, 7, 42, tzinfo=UTC)
AT = "2026-11-01T22:42:00+00:00"


def notification(state: str, **more: Any) -> dict[str, Any]:
    return {"state": state, "due": AT, "overdue": False, "steps": [], **more}


def decision(
    outcome: str, *states: str, unplaced: str | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "audience": "education",
        "about": "c1",
        "outcome": outcome,
        "decided_at": AT,
        "superseded": False,
        "unplaced": unplaced,
        "notifications": [notification(state) for state in states],
        **more,
    }


@pytest.mark.parametrize(
    ("of", "outcome"),
    [
        (decision("disclosed", "announced"), story.TOLD),
        (decision("disclosed", "withdrawn", "acknowledged"), story.TOLD),
        (decision("disclosed", "scheduled"), story.TO_BE_TOLD),
        (decision("disclosed"), story.TO_BE_TOLD),
        (decision("disclosed", unplaced="contradiction"), story.WAITING),
        (decision("disclosed", "withdrawn"), story.NO_LONGER),
        (decision("held"), story.WAITING),
        (decision("withheld"), story.NOT_TOLD),
    ],
)
def test_a_decision_comes_to_one_word(of: dict[str, Any], outcome: str) -> None:
    assert story.outcome(of) == outcome


def test_the_summary_counts_what_stands_and_what_waits_comes_first() -> None:
    why = {"decisions": [decision("disclosed", "opened"), decision("withheld"), decision("held")]}
    why["decisions"].append(decision("disclosed", "opened", superseded=True))
    chapters = story.chapters(why, {}, {}, {}, NOW, superseded=False)
    assert [one.outcome for one in chapters] == [story.WAITING, story.TOLD, story.NOT_TOLD]
    assert story.summary(chapters, "") == "1 is told, 1 is not told and 1 waits for a person."
    assert story.summary([], "No agreement.") == "No agreement."
    (replaced,) = story.chapters(why, {}, {}, {}, NOW, superseded=True)
    assert replaced.outcome == story.TOLD


def test_a_sender_sees_recipients_without_names() -> None:
    told = decision("disclosed", "announced", "announced")
    (chapter,) = story.chapters({"decisions": [told]}, {}, {}, {}, NOW, superseded=False)
    assert [one.called for one in chapter.recipients] == ["Recipient 1", "Recipient 2"]


def test_operations_see_who_reads_in_whose_place() -> None:
    told = decision("disclosed")
    told["notifications"] = [
        notification("announced", organisation="alder", diverted_to="north-la")
    ]
    names = {"alder": "Alder Primary", "north-la": "North Council"}
    (chapter,) = story.chapters({"decisions": [told]}, {}, names, {}, NOW, superseded=False)
    assert chapter.recipients[0].called == "Alder Primary, read by North Council in its place"


@pytest.mark.parametrize(
    ("step", "title"),
    [
        ({"what": "announced", "way": "email", "again": False}, "Told by email"),
        ({"what": "announced", "way": "webhook", "again": True}, "Reminded by their own system"),
        ({"what": "nudged", "contacts": ["a", "b"], "again": False}, "Nudge sent to 2 people"),
        ({"what": "nudged", "again": True}, "Reminder sent"),
        ({"what": "acknowledged", "outcome": "referred"}, "Recorded: referred or passed on"),
        ({"what": "acknowledged", "outcome": None}, "Recorded"),
        ({"what": "not-ours", "reason": "left"}, "Said not to be theirs: has left"),
        ({"what": "withdrawn", "reason": "retracted"}, "Withdrawn: the sender withdrew it"),
        ({"what": "due-moved", "due": AT}, "Now due Sunday 1 November 2026 at 10:42pm"),
        ({"what": "overdue"}, "Not read in time"),
        ({"what": "something-new"}, "Something new"),
    ],
)
def test_every_step_has_a_short_title(step: dict[str, Any], title: str) -> None:
    assert happening({"at": AT, **step}, {}).title == title


def test_who_did_it_is_named_where_the_visitor_may_know() -> None:
    step = {"what": "opened", "at": AT, "by": "dsl"}
    assert happening(step, {"dsl": "Ada Test"}).by == "Ada Test"
    assert happening(step, {}).by == "dsl"
    assert happening({"what": "opened", "at": AT}, {}).by == ""


def test_the_list_says_what_became_of_an_event() -> None:
    counts = {"disclosed": 3, "withheld": 1, "held": 1}
    assert story.outcome_words(counts, True) == (
        "Disclosed to 3, not to 1 and 1 waits for a person"
    )
    assert story.outcome_words({"disclosed": 2, "unplaced": 1}, True) == (
        "Disclosed to 1 and 1 waits for a person"
    )
    assert story.outcome_words({"disclosed": 1, "unplaced": 1}, True) == "1 waits for a person"
    assert story.outcome_words({}, True) == "Nobody is to be told"
    assert story.outcome_words({}, False) == "Not decided yet"


def test_what_is_no_moment_counts_nothing_as_new() -> None:
    receipts = [{"received_at": AT}]
    assert story.count_since(receipts, "yesterday") == 0
    assert story.count_since(receipts, "") == 1
    assert story.count_since(receipts, AT) == 0
