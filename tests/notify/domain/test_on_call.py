"""Who answers now, when people are away, untrained, off duty, or not reached by mail?"""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.contacts import Away, Contact, Hours
from contracts.messages import Organisation
from services.notify.domain.on_call import Moment, at_work
from services.notify.domain.readers import KEY_ADULTS, lapsed, told
from tests.notify.back_house import contact

MONDAY = date(2026, 2, 23)
EIGHT = time(8, 0)
DSL = contact("dsl", "designated-safeguarding-lead")
DEPUTY = contact("deputy", "deputy")
HEAD = contact("head", "head")
DESK = contact("desk", "education-safeguarding")
AUTHORITY = Organisation(id="north-la", kind="local-authority", contacts=(DESK,))
BARE = Organisation(id="north-la", kind="local-authority")
OFF_DUTY = (Hours(start=time(17, 0), end=time(8, 0)),)


def but(one: Contact, **changes: object) -> Contact:
    return one.model_copy(update=changes)


def away(cover: str | None = None) -> tuple[Away, ...]:
    return (Away(start=MONDAY, end=MONDAY, cover=cover),)


def ask(
    *contacts: Contact,
    authority: Organisation = AUTHORITY,
    kind: str = "school",
    day: date = MONDAY,
    at: time | None = EIGHT,
    dead: tuple[str, ...] = (),
    barred: tuple[str, ...] = (),
) -> tuple[tuple[str, ...], str | None]:
    organisation = Organisation(id="alder", kind=kind, contacts=contacts)
    moment = Moment(day=day, at=at, unreachable=frozenset(dead))
    return told(organisation, authority, "education", lambda one: one.id in barred, moment)


UNTRAINED = date(2026, 2, 22)


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ((but(DSL, away=away("head")), DEPUTY, HEAD), ("head", "deputy")),
        ((but(DSL, away=away("deputy")), DEPUTY, HEAD), ("deputy",)),
        ((but(DSL, away=away()), DEPUTY, HEAD), ("deputy",)),
        ((but(DSL, away=away("deputy")), but(DEPUTY, away=away("head")), HEAD), ("head",)),
        ((but(DSL, away=away("deputy")), but(DEPUTY, away=away("dsl")), HEAD), ("head",)),
        ((but(DSL, away=away("gone")), DEPUTY, HEAD), ("deputy",)),
        ((but(DSL, trained_until=UNTRAINED), DEPUTY, HEAD), ("deputy",)),
        ((but(DSL, trained_until=MONDAY), DEPUTY, HEAD), ("dsl", "deputy")),
        (
            (but(DSL, trained_until=UNTRAINED), but(DEPUTY, trained_until=UNTRAINED), HEAD),
            ("head",),
        ),
        ((but(DSL, away=away("deputy")), but(DEPUTY, trained_until=UNTRAINED), HEAD), ("head",)),
        ((but(DSL, hours=OFF_DUTY), DEPUTY, HEAD), ("deputy",)),
        ((but(DSL, hours=OFF_DUTY), but(DEPUTY, hours=OFF_DUTY)), ("dsl", "deputy")),
        ((but(DSL, since=date(2026, 2, 24)), DEPUTY, HEAD), ("deputy",)),
        ((but(DSL, until=UNTRAINED), DEPUTY, HEAD), ("deputy",)),
    ],
)
def test_the_next_who_answers_is_told(
    contacts: tuple[Contact, ...], expected: tuple[str, ...]
) -> None:
    assert ask(*contacts) == (expected, None)


def test_the_day_after_the_cover_the_order_of_call_is_as_before() -> None:
    assert ask(but(DSL, away=away("head")), HEAD, day=date(2026, 2, 24)) == (("dsl",), None)


@pytest.mark.parametrize("lack", [{"away": away()}, {"trained_until": UNTRAINED}])
def test_where_a_school_has_nobody_left_its_authority_is_told_and_else_the_school_itself(
    lack: dict[str, object],
) -> None:
    assert ask(but(DSL, **lack)) == (("desk",), "north-la")
    assert ask(but(DSL, **lack), authority=BARE) == (("dsl",), None)
    # being off duty is no reason to tell another organisation: mail waits
    assert ask(but(DSL, hours=OFF_DUTY)) == (("dsl",), None)


def test_a_dead_mailbox_moves_one_rung_up_and_is_tried_again_for_want_of_another() -> None:
    assert ask(DSL, DEPUTY, HEAD, dead=("dsl",)) == (("deputy",), None)
    assert ask(DSL, HEAD, dead=("dsl",)) == (("head",), None)
    assert ask(DSL, dead=("dsl",), authority=BARE) == (("dsl",), None)


def test_whoever_must_not_know_does_not_stand_in_either() -> None:
    assert ask(but(DSL, away=away("head")), HEAD, barred=("head",)) == (("desk",), "north-la")


def test_an_emergency_desk_takes_over_for_the_night_and_the_weekend() -> None:
    office = contact(
        "office", "desk", hours=(Hours(days=(1, 2, 3, 4, 5), start=time(9), end=time(17)),)
    )
    night = contact(
        "night",
        "emergency-duty",
        hours=(
            Hours(days=(1, 2, 3, 4, 5), start=time(17), end=time(9)),
            Hours(days=(6, 7), start=time(9), end=time(9)),
        ),
    )

    def at(day: int, hour: int, minute: int = 0) -> tuple[str, ...]:
        there = ask(
            office,
            night,
            kind="childrens-social-care",
            day=date(2026, 2, day),
            at=time(hour, minute),
        )
        return there[0]

    assert at(20, 16, 59) == ("office",)  # Friday
    assert at(20, 17) == ("night",)
    assert at(21, 8, 59) == ("night",)  # Saturday, the rest of Friday's night
    assert at(22, 12) == ("night",)
    assert at(23, 3) == ("night",)  # Monday, the rest of Sunday's
    assert at(23, 9) == ("office",)


def test_in_hours_that_nobody_has_taken_everybody_is_told() -> None:
    week = (1, 2, 3, 4, 5)
    night = contact(
        "night", "emergency-duty", hours=(Hours(days=week, start=time(17), end=time(9)),)
    )
    assert not at_work(night, MONDAY, time(3, 0))
    assert ask(night, kind="childrens-social-care", at=time(3, 0)) == (("night",), None)


def test_whose_training_has_lapsed_is_said_of_those_who_would_be_told_first() -> None:
    old = but(DSL, trained_until=UNTRAINED)
    school = Organisation(
        id="alder", kind="school", contacts=(old, DEPUTY, but(HEAD, trained_until=UNTRAINED))
    )
    assert lapsed(school, "education", MONDAY) == ("dsl",)


CONTACTS = st.lists(
    st.builds(
        Contact,
        id=st.sampled_from("abcd"),
        role=st.sampled_from([*sorted(KEY_ADULTS), "head", "lado"]),
        given_name=st.just("Ada"),
        family_name=st.just("Test"),
        email=st.just("a@alder.example"),
        away=st.sampled_from([(), away(), away("a"), away("b")]),
        trained_until=st.sampled_from([None, UNTRAINED, MONDAY]),
        hours=st.sampled_from([(), OFF_DUTY]),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)


@given(CONTACTS, st.sets(st.sampled_from("abcd")), st.sampled_from([AUTHORITY, BARE]))
def test_whatever_is_said_of_people_somebody_is_told_where_somebody_was_told_before(
    contacts: list[Contact], dead: set[str], authority: Organisation
) -> None:
    plain = [
        one.model_copy(update={"away": (), "trained_until": None, "hours": ()}) for one in contacts
    ]
    before, _ = ask(*plain, authority=authority)
    now, _ = ask(*contacts, authority=authority, dead=tuple(dead))
    assert bool(before) is bool(now)
    assert len(set(now)) == len(now)
