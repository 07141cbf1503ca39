"""What does one notification say first, and how does it say that it was read?"""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.front import labels
from services.front import notification as words
from services.front.agreements import Ground

NOW = datetime(2026, 11, 2, 7, 50, tzinfo=UTC)
AT = "2026-11-01T22:20:00+00:00"
ON = "Sunday 1 November 2026 at 10:20pm"
GROUND = Ground(
    title="To schools",
    version="1",
    purpose="",
    basis=(),
    tell_subject="",
    paths=("child.name", "child.words", "incident.reference", "incident.*"),
)


@pytest.mark.parametrize(
    ("content", "audience", "sentence"),
    [
        (
            {
                "child.name": "Cat Test",
                "incident.occurred_at": AT,
                "incident.location_kind": "home",
            },
            "education",
            f"Police went to a domestic abuse incident at Cat’s home on {ON}.",
        ),
        (
            {"child.name": "Catherine Test", "child.known_as": "Cat", "incident.occurred_at": AT},
            "education",
            f"Police went to a domestic abuse incident on {ON}. It concerns Cat.",
        ),
        (
            {"child.name": "Cat Test", "incident.occurred_at": AT, "incident.category": "other"},
            "childrens-social-care",
            f"Police went to an incident on {ON}. It concerns Cat.",
        ),
        (
            {
                "harmed.name": "Hana Test",
                "incident.occurred_at": AT,
                "incident.category": "domestic-abuse",
                "incident.location_kind": "public",
            },
            "marac",
            f"Police went to a domestic abuse incident in a public place on {ON}. "
            "It concerns Hana.",
        ),
        (
            {
                "client.name": "Ida Test",
                "treatment.provider": "Brook",
                "treatment.ended_at": AT,
                "treatment.reason": "dropped-out",
            },
            "childrens-social-care",
            f"Brook ended the treatment of Ida Test on {ON}: dropped out.",
        ),
        (
            {
                "client.name": "Ida Test",
                "treatment.provider": "Brook",
                "appointment.kind": "assessment",
                "appointment.starts_at": AT,
                "appointment.outcome": "did-not-attend",
            },
            "childrens-social-care",
            f"Did not attend: assessment of Ida Test on {ON} with Brook.",
        ),
        ({}, "referrer", "Somebody you may need to know about was named to us."),
    ],
)
def test_what_happened_comes_first_in_one_sentence(
    content: dict[str, Any], audience: str, sentence: str
) -> None:
    assert words.lead(content, audience) == sentence


def test_rows_that_the_profile_could_show_are_there_also_when_nobody_knows() -> None:
    rows = words.sections({"child.name": "Cat Test", "incident.new": "x"}, GROUND)
    assert [row.label for row in rows[labels.PRESENCE]] == ["What the child said"]
    assert [row.label for row in rows[labels.SOURCE]] == ["Police reference"]
    assert rows[labels.SOURCE][0].shown.lines == ("Not known",)
    assert [row.label for row in rows[labels.HAPPENED]] == ["Incident: new"]


def detail(**more: Any) -> dict[str, Any]:
    whole = {
        "audience": "education",
        "due": "2026-11-02T08:10:00+00:00",
        "received_at": AT,
        "told_at": "2026-11-02T07:00:00+00:00",
        "opened_at": NOW.isoformat(),
        "opened_by": "dsl",
        "acknowledged_at": None,
        "acknowledged_by": None,
        "outcome": None,
        "overdue": False,
    }
    return {**whole, **more}


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (detail(), "Read by 8:10am. You read it at 7:50am."),
        (detail(opened_by="deputy"), "Read by 8:10am. Ben Test read it at 7:50am."),
        (
            detail(opened_by="alder"),
            "Read by 8:10am. Your organisation’s system read it at 7:50am.",
        ),
        (detail(opened_at=None), "Read by 8:10am."),
        (
            detail(due="2026-11-02T07:38:00+00:00", overdue=True),
            "Was to be read by 7:38am. You read it at 7:50am, 12 minutes late.",
        ),
    ],
)
def test_who_read_it_and_when(of: dict[str, Any], said: str) -> None:
    assert words.reading(of, "dsl", {"deputy": "Ben Test"}, NOW) == said


def test_what_happened_so_far_has_the_newest_first() -> None:
    recorded = detail(
        acknowledged_at=NOW.isoformat(), acknowledged_by="deputy", outcome="supported-silently"
    )
    found = words.happenings(recorded, "dsl", {"deputy": "Ben Test"})
    assert [(one.title, one.by) for one in found] == [
        ("Recorded: supporting quietly", "Ben Test"),
        ("First read", "you"),
        ("You were told that it is there", ""),
        ("Put in your inbox", ""),
    ]


def test_only_a_school_hears_how_it_was_found() -> None:
    assert words.found_by(detail(found_by="register")) == "Your register of pupils has this child."
    assert words.found_by(detail(found_by="sender", audience="marac")) is None


def test_a_correction_says_which_fields_differ_in_the_words_of_the_page_and_why() -> None:
    told = {"changed": ["child.presence", "child.known_as"], "reason": "At a friend's"}
    assert words.correction({"corrected": told}) == {
        "changed": ["Where the child was", "Known as"],
        "reason": "At a friend's",
    }
    assert words.correction({"corrected": {"changed": None, "reason": None}}) == {
        "changed": [],
        "reason": None,
    }
    assert words.correction({"corrected": None}) is None
