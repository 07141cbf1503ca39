"""What follows from a wish? Once what was wished; a second time nothing."""

from datetime import UTC, date, datetime
from functools import reduce

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.messages import Calendar, Contact, Span
from services.directory.streams.calendar_wishes import SetCalendar
from services.directory.streams.organisation import UNKNOWN, Known, evolve
from services.directory.streams.organisation_commands import (
    Change,
    Close,
    OrganisationUnknown,
    RemoveContact,
    Reopen,
    SetContact,
    SetContacts,
    SetProfile,
    Wish,
    decide,
)

NOON = datetime(2026, 2, 13, 12, 0, tzinfo=UTC)
DAYS = st.sampled_from([date(2026, 3, 1), date(2026, 8, 31)])
CONTACTS = st.builds(
    Contact,
    id=st.sampled_from("abc"),
    role=st.sampled_from(["head", "deputy"]),
    given_name=st.sampled_from(["Ada", "Ben"]),
    family_name=st.just("Test"),
    until=st.none() | DAYS,
)
CALENDARS = st.builds(
    Calendar, terms=st.tuples(st.just(Span(start=date(2026, 1, 5), end=date(2026, 2, 13))))
)
WISHES: st.SearchStrategy[Wish] = st.one_of(
    st.builds(SetProfile, changes=st.fixed_dictionaries({"name": st.sampled_from("xy")})),
    st.builds(Close, on=DAYS, successor=st.none() | st.sampled_from("pq")),
    st.builds(Reopen),
    st.builds(SetCalendar, calendar=st.none() | CALENDARS),
    st.builds(SetContact, contact=CONTACTS, place=st.none() | st.integers(0, 2)),
    st.builds(RemoveContact, contact=st.sampled_from("abc")),
    st.builds(
        SetContacts, contacts=st.lists(CONTACTS, max_size=3, unique_by=lambda c: c.id).map(tuple)
    ),
)


def grant(known: Known, *wishes: Wish) -> tuple[Known, int]:
    events = decide(Change(organisation="alder", wishes=wishes, at=NOON), known)
    return reduce(evolve, events, known), len(events)


SET, _ = grant(UNKNOWN, SetProfile(changes={"kind": "school"}))


@for_all(st.lists(WISHES, max_size=8), WISHES)
def test_a_wish_granted_twice_is_granted_once(before: list[Wish], wish: Wish) -> None:
    known, _ = grant(SET, *before)
    once, _ = grant(known, wish)
    assert grant(once, wish) == (once, 0)


@for_all(st.lists(WISHES, max_size=8), st.lists(CONTACTS, max_size=3, unique_by=lambda c: c.id))
def test_all_contacts_given_are_all_contacts_in_that_order(
    before: list[Wish], contacts: list[Contact]
) -> None:
    known, _ = grant(SET, *before, SetContacts(contacts=tuple(contacts)))
    assert known.contacts == tuple(contacts)


@for_all(st.lists(WISHES, max_size=8))
def test_several_wishes_together_are_the_same_as_one_after_the_other(wishes: list[Wish]) -> None:
    together, _ = grant(SET, *wishes)
    apart = SET
    for wish in wishes:
        apart, _ = grant(apart, wish)
    assert together == apart


@for_all(WISHES)
def test_nothing_is_said_of_an_organisation_that_was_never_set(wish: Wish) -> None:
    if isinstance(wish, SetProfile):
        return
    with pytest.raises(OrganisationUnknown):
        grant(UNKNOWN, wish)
