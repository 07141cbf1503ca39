"""What can leave at all? Only what a profile names; to a school never what could hurt."""

import json
from datetime import datetime
from typing import Any

from hypothesis import given as for_all
from hypothesis import strategies as st

from services.consent.domain.content import is_named, pick
from services.consent.domain.deciding import decide
from services.consent.domain.facts import Facts
from tests.consent.story import (
    AGREEMENTS,
    AREA,
    PEPPER,
    Json,
    answer,
    child,
    harmed,
    incident,
    matter,
    other,
    verdict,
)

# Everything that no school may read, in one event, each with its own mark.
NEVER = {
    "postcode": "ZZ99 8QQ",
    "line": "77 Secret Row",
    "sibling": "Quintus",
    "adult": "Wilhelmina",
    "nhs": "999 000 0018",
    "score": 27,
    "place": "ZZ99 7WW",
    "contact": "never by post",
    "job": "Larch Works",
    "school": "Willow Hidden School",
}


def loaded(**more: Any) -> Json:
    home = {
        "kind": "home",
        "lines": [NEVER["line"]],
        "postcode": NEVER["postcode"],
        "local_authority": "E06000999",
    }
    kid = child(addresses=[home], identifiers={"nhs_number": NEVER["nhs"]})
    sibling = child(
        "c2",
        "Quintus",
        "2016-01-01",
        addresses=[home],
        education=[{"status": "registered", "urn": "900002", "name": NEVER["school"]}],
    )
    return incident(
        kid,
        sibling,
        harmed=harmed(
            given_name=NEVER["adult"],
            addresses=[home],
            safe_contact={"safe_to_call": False, "notes": NEVER["contact"]},
        ),
        other=other(works_or_volunteers_at=[{"name": NEVER["job"]}]),
        dash={"score": NEVER["score"], "professional_judgement": True},
        location={"kind": "public", "postcode": NEVER["place"]},
        **more,
    )


def test_no_school_is_shown_an_address_a_sibling_a_party_or_a_score() -> None:
    terms = answer(verdict(loaded())).terms
    assert terms is not None
    text = json.dumps(dict(terms.content))

    for mark in NEVER.values():
        assert str(mark) not in text
    assert not any(path.split(".")[0] in ("dash", "people", "harmed") for path in terms.content)
    assert "people" in terms.drops


def test_all_paths_that_are_pinned_are_shown_when_they_have_a_value() -> None:
    force = AREA.organisations["north-police"]
    assert force.contacts
    told = loaded()
    told["people"][2]["known_as"] = "Kitty"
    content = answer(verdict(told)).terms
    assert content is not None

    full = next(one for one in AGREEMENTS if one.id == "operation-encompass").profiles["full"]
    # Nobody tells us who may collect a child; and the first incident has no earlier dates.
    absent = {"instructions.collection", "history.dates_12_months"}
    assert set(full) - set(content.content) == absent


def test_history_counts_earlier_incidents_of_twelve_months_only() -> None:
    earlier = {
        "c1": tuple(
            datetime.fromisoformat(f"{day}T12:00:00+00:00")
            for day in ("2025-02-12", "2025-02-13", "2026-01-31", "2026-03-01")
        )
    }
    terms = answer(verdict(incident(), facts=Facts(earlier=earlier))).terms

    assert terms is not None
    assert terms.content["history.count_12_months"] == 2
    assert terms.content["history.dates_12_months"] == ["2025-02-13", "2026-01-31"]


PATHS = st.sampled_from(
    ["child.name", "child.words", "incident.summary", "incident.desk", "people", "dash.score"]
)


@for_all(st.dictionaries(PATHS, st.integers()), st.lists(PATHS))
def test_a_field_is_seen_by_nobody_until_a_profile_names_it(
    fields: dict[str, int], profile: list[str]
) -> None:
    picked = pick(fields, profile)

    assert set(picked) == set(fields) & set(profile)
    assert pick(fields, []) == {}


def test_a_star_names_what_is_below_it_and_nothing_beside_it() -> None:
    assert is_named(["incident.*"], "incident.summary")
    assert not is_named(["incident.*"], "incidental")
    assert not is_named(["incident.*"], "incident")
    assert not is_named(["incident"], "incident.summary")


def test_a_field_that_is_new_in_an_event_reaches_no_content() -> None:
    """The model lets an unknown field be planted; no path leads to it."""
    what = matter(incident())
    people = what.incident.people if what.incident else ()
    for one in people:
        object.__setattr__(one, "__pydantic_extra__", {"planted": "XYZZY"})
        one.__dict__["planted"] = "XYZZY"
    decided = decide(what, Facts(), AREA, AGREEMENTS, PEPPER)

    assert "XYZZY" not in str([d.terms and d.terms.content for d in decided.decisions])
