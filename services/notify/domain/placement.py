"""Which organisations are told? A set, from what the register and the event say (ADR 0020).

Nothing is guessed: where two sources contradict each other, or none speaks, the answer is a
Problem, which becomes a task for a person, and nobody is sent anything meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contracts.messages import Organisation, PupilKeys, Routing
from services.notify.domain.this_child import (
    Enrolment,
    MayBeTwo,
    is_this_child,
    spelled_otherwise,
)

SCHOOLS = frozenset({"school", "college"})
OFFICER_AUDIENCES = frozenset({"home-education-officer", "children-missing-education"})
AUTHORITY = "local-authority"
_SUCCESSORS = 8  # a longer chain is a circle or a mistake


class Problem(StrEnum):
    CONTRADICTION = "contradiction"
    UNKNOWN_URN = "unknown-urn"
    CLOSED = "closed"
    NOT_A_SCHOOL = "not-a-school"
    NOBODY = "nobody"
    SEVERAL = "several"
    NEVER_TELL = "never-tell"
    NOT_SIGNATORY = "not-signatory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    organisation: str
    not_before: date | None = None
    by_register: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    targets: tuple[Target, ...] = ()
    problem: Problem | None = None
    left_out: tuple[str, ...] = ()  # found, but not signatories or never to be told


def is_open(one: Organisation, day: date) -> bool:
    """From the day on which it closed it is closed; before the day of opening it is not open."""
    begun = one.open_from is None or one.open_from <= day
    return begun and (one.closed_on is None or day < one.closed_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """As much of the address book as one question needs."""

    organisations: Mapping[str, Organisation]
    by_urn: Mapping[str, str]
    enrolments: Sequence[Enrolment] = ()  # of this child, removed ones left out
    with_register: frozenset[str] = frozenset()  # have uploaded at least one pupil, ever

    def open_one(self, organisation: str, day: date) -> Organisation | None:
        """The organisation itself, or the one that has taken its place; None when there is none."""
        seen: set[str] = set()
        current: str | None = organisation
        while current and current not in seen and len(seen) <= _SUCCESSORS:
            seen.add(current)
            found = self.organisations.get(current)
            if found is None:
                return None
            if is_open(found, day):
                return found
            current = found.successor
        return None


def place(
    audience: str, routing: Routing, book: Book, day: date, excluded: frozenset[str] = frozenset()
) -> Placement:
    """`excluded`: those who have said that it is not theirs, or whose roll the child has left."""
    if audience == "education":
        found = _schools(routing.pupil or PupilKeys(), book, day, excluded)
    else:
        found = _by_place(audience, routing, book, day, excluded)
    return _permitted(found, routing)


def _permitted(found: Placement, routing: Routing) -> Placement:
    kept: list[Target] = []
    out: list[Target] = []
    problem = found.problem
    for target in found.targets:
        if target.organisation in routing.never_tell:
            problem, dropped = Problem.NEVER_TELL, True
        elif routing.signatories is not None and target.organisation not in routing.signatories:
            problem, dropped = Problem.NOT_SIGNATORY, True
        else:
            dropped = False
        (out if dropped else kept).append(target)
    return Placement(
        targets=tuple(kept),
        problem=None if kept else problem,
        left_out=tuple(target.organisation for target in out),
    )


def _schools(keys: PupilKeys, book: Book, day: date, excluded: frozenset[str]) -> Placement:
    try:
        registered = _registered(keys, book, day, excluded)
        named = _named(keys, book, day, excluded)
    except _Unplaceable as fault:
        return Placement(problem=fault.problem)
    if not registered and not named:
        return Placement(problem=Problem.NOBODY)
    if not registered:
        if named & book.with_register:  # it has a register, and the child is not on it
            return Placement(problem=Problem.CONTRADICTION)
        return Placement(targets=_targets(named, by_register=False))
    others = named - registered.keys()
    if named and not named & registered.keys():
        return Placement(problem=Problem.CONTRADICTION)
    if others & book.with_register:
        return Placement(problem=Problem.CONTRADICTION)
    targets = tuple(registered[one] for one in sorted(registered))
    return Placement(targets=targets + _targets(others, by_register=False))


def _targets(organisations: set[str], *, by_register: bool) -> tuple[Target, ...]:
    return tuple(Target(organisation=one, by_register=by_register) for one in sorted(organisations))


class _Unplaceable(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def _registered(
    keys: PupilKeys, book: Book, day: date, excluded: frozenset[str]
) -> dict[str, Target]:
    try:
        mine = [one for one in book.enrolments if is_this_child(one, keys)]
        return _present(mine, book, day, excluded) or _present(
            spelled_otherwise(book.enrolments, keys, day), book, day, excluded
        )
    except MayBeTwo:
        raise _Unplaceable(Problem.CONTRADICTION) from None


def _present(
    mine: Sequence[Enrolment], book: Book, day: date, excluded: frozenset[str]
) -> dict[str, Target]:
    current = _establishments([one for one in mine if one.on_roll(day)], book, day, excluded)
    if current:
        return current
    coming = [one for one in mine if one.starts is not None and one.starts > day]
    return _establishments(coming, book, day, excluded)


def _establishments(
    enrolments: Sequence[Enrolment], book: Book, day: date, excluded: frozenset[str]
) -> dict[str, Target]:
    found: dict[str, Target] = {}
    for one in enrolments:
        starts = one.starts if one.starts is not None and one.starts > day else None
        school = book.open_one(one.organisation, starts or day)
        if school is None and one.organisation in excluded:
            continue
        if school is None:
            raise _Unplaceable(Problem.CLOSED)
        if school.kind in SCHOOLS and school.id not in excluded:
            earlier = found.get(school.id)
            if earlier is None or (earlier.not_before or day) > (starts or day):
                found[school.id] = Target(organisation=school.id, not_before=starts)
    return found


def _named(keys: PupilKeys, book: Book, day: date, excluded: frozenset[str]) -> set[str]:
    found: set[str] = set()
    for urn in keys.urns:
        known = book.by_urn.get(urn)
        if known is None:
            raise _Unplaceable(Problem.UNKNOWN_URN)
        school = book.open_one(known, day)
        if school is None and known in excluded:
            continue
        if school is None:
            raise _Unplaceable(Problem.CLOSED)
        if school.kind not in SCHOOLS:
            raise _Unplaceable(Problem.NOT_A_SCHOOL)
        if school.id not in excluded:
            found.add(school.id)
    return found


def still_on_roll(target: Target, keys: PupilKeys, book: Book, day: date) -> bool:
    """Looked at again on the day of telling."""
    try:
        current = _registered(keys, book, day, frozenset())
    except _Unplaceable:
        return False
    if target.organisation in current:
        return True
    school = book.organisations.get(target.organisation)
    if school is None or not is_open(school, day):
        return False
    return not target.by_register and target.organisation not in book.with_register


def _by_place(
    audience: str, routing: Routing, book: Book, day: date, excluded: frozenset[str]
) -> Placement:
    if routing.organisation is not None and routing.organisation not in excluded:
        direct = book.open_one(routing.organisation, day)
        if direct is not None:
            return Placement(targets=_targets({direct.id}, by_register=False))
    kind = AUTHORITY if audience in OFFICER_AUDIENCES else audience
    found = serving(kind, routing.local_authority, routing.police_area, book, day) - excluded
    if len(found) == 1:
        return Placement(targets=_targets(found, by_register=False))
    return Placement(problem=Problem.SEVERAL if found else Problem.NOBODY)


def serving(
    kind: str, local_authority: str | None, police_area: str | None, book: Book, day: date
) -> set[str]:
    """The open organisations of a kind that serve a place: by authority first, then by force area.

    By force area only one that serves the whole area: another authority's social care in the same
    force area has no business with this child.
    """
    mine = [
        one
        for one in book.organisations.values()
        if one.kind == kind and book.open_one(one.id, day) is one
    ]
    near = {one.id for one in mine if local_authority and one.local_authority == local_authority}
    if near and kind != "police":
        return near
    return {
        one.id
        for one in mine
        if police_area
        and one.police_area == police_area
        and (kind == "police" or one.local_authority is None)
    }
