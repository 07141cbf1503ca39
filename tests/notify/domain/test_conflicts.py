"""Who is kept out, and who is told instead? Over generated people and parties (ADR 0030)."""

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.identity import birth_keys, household_key, reader_key
from contracts.messages import Contact, Organisation
from services.notify.domain.on_call import Moment
from services.notify.domain.readers import kept_out, whom_to_tell
from services.notify.readmodels.barred import Barred

PEPPER = bytes(range(32))
TODAY = date(2026, 3, 4)
NOW = Moment(day=TODAY)
ROLES = ("designated-safeguarding-lead", "deputy", "head", "chair-of-governors")
BARRED = Barred(PEPPER)

NAMES = st.sampled_from(["Ada", "Ben", "Cleo", "Dan"])
BORN = st.sampled_from([date(1980, 1, 1), date(1985, 6, 2)])
LINES = st.sampled_from(["9 Elm Row", "9, Elm Row", "10 Elm Row"])
MAILBOXES = st.sampled_from(["office@alder.example", "a@alder.example", "B@alder.example", None])
UNTIL = st.sampled_from([None, TODAY, TODAY - timedelta(days=1)])


@st.composite
def contacts(draw: st.DrawFn, roles: tuple[str, ...] = ROLES) -> tuple[Contact, ...]:
    found = []
    for place, role in enumerate(draw(st.lists(st.sampled_from(roles), max_size=5))):
        name, known_by = draw(NAMES), []
        if draw(st.booleans()):
            known_by = [
                *birth_keys(PEPPER, name, "Test", draw(BORN)),
                household_key(PEPPER, "ZZ99 3CZ", draw(LINES)),
                household_key(PEPPER, "ZZ99 3CZ"),
            ]
        one = Contact(
            id=f"c{place}",
            role=role,
            given_name=name,
            family_name="Test",
            email=draw(MAILBOXES),
            until=draw(UNTIL),
            known_by=tuple(known_by),
        )
        found.append(one)
    return tuple(found)


@st.composite
def parties(draw: st.DrawFn) -> tuple[str, ...]:
    keys = [reader_key(PEPPER, draw(NAMES), "Test")]
    if draw(st.booleans()):
        keys += birth_keys(PEPPER, draw(NAMES), "Other", draw(BORN))
    if draw(st.booleans()):
        keys.append(household_key(PEPPER, "zz993cz", draw(st.none() | LINES)))
    return tuple(keys)


def keeping(keys: tuple[str, ...]) -> Callable[[Contact], bool]:
    return lambda one: BARRED(one, keys)


DESK = Contact(
    id="desk",
    role="education-safeguarding",
    given_name="Gil",
    family_name="Test",
    email="education@north.example",
)


@settings(max_examples=300, deadline=None)
@given(contacts(), contacts(("education-safeguarding", "lado")), parties(), st.booleans())
def test_the_barred_hear_nothing_and_somebody_else_is_told(
    there: tuple[Contact, ...], desks: tuple[Contact, ...], keys: tuple[str, ...], works: bool
) -> None:
    school = Organisation(id="alder", kind="school", urn="900001", contacts=there)
    authority = Organisation(id="north-la", kind="local-authority", contacts=(*desks, DESK))
    works_at = ("900001",) if works else ()
    barred = keeping(keys)
    told = whom_to_tell(school, authority, "education", barred, NOW, works_at)
    reads = authority if told.diverted_to else school
    by_id = {one.id: one for one in reads.contacts}
    mailboxes = {one.email.casefold() for one in there if barred(one) and one.email and serves(one)}
    for one in (by_id[name] for name in told.contacts):
        assert not barred(one)
        assert serves(one)
        assert one.email is not None
        if reads is school:  # what reaches a shared mailbox reaches the barred one too
            assert one.email.casefold() not in mailboxes
    assert told.contacts  # diverted, never suppressed
    assert told.conflict == (works or any(barred(one) and serves(one) for one in there))
    if reads is school:
        assert told.quiet == told.conflict


def serves(one: Contact) -> bool:
    return one.until is None or one.until >= TODAY


@settings(max_examples=200, deadline=None)
@given(contacts(), parties())
def test_who_shares_a_mailbox_with_the_barred_is_kept_out_with_them(
    there: tuple[Contact, ...], keys: tuple[str, ...]
) -> None:
    school = Organisation(id="alder", kind="school", contacts=there)
    barred = keeping(keys)
    out = kept_out(school, barred, TODAY)
    assert {one.id for one in there if barred(one) and serves(one)} <= out
    for one in there:
        shares = any(
            other.id in out
            and barred(other)
            and one.email is not None
            and other.email is not None
            and one.email.casefold() == other.email.casefold()
            for other in there
        )
        if serves(one):
            assert (one.id in out) == (barred(one) or shares)


def test_where_nobody_is_left_anywhere_the_authority_has_it_all_the_same() -> None:
    """It is a task for the authority then, and nobody who must not know is nudged."""
    lead = contact_named("Ada", "designated-safeguarding-lead")
    desk = contact_named("Ada", "education-safeguarding")
    school = Organisation(id="alder", kind="school", contacts=(lead,))
    authority = Organisation(id="north-la", kind="local-authority", contacts=(desk,))
    keys = (reader_key(PEPPER, "Ada", "Test"),)
    told = whom_to_tell(school, authority, "education", keeping(keys), NOW)
    assert (told.contacts, told.diverted_to, told.quiet) == ((), "north-la", True)
    alone = whom_to_tell(school, None, "education", keeping(keys), NOW)
    assert (alone.contacts, alone.diverted_to, alone.conflict) == ((), None, True)


def test_without_a_conflict_an_empty_list_of_contacts_diverts_to_nobody_by_itself() -> None:
    school = Organisation(id="alder", kind="school")
    authority = Organisation(id="north-la", kind="local-authority")
    told = whom_to_tell(school, authority, "education", keeping(()), NOW)
    assert (told.contacts, told.diverted_to, told.conflict) == ((), None, False)


def contact_named(name: str, role: str) -> Contact:
    return Contact(
        id=f"{name}-{role}",
        role=role,
        given_name=name,
        family_name="Test",
        email=f"{role}@alder.example",
    )
