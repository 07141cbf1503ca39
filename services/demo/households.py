"""Which families live here? Made up after published shares: sizes, ages, twins, who lives apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from services.demo import names
from services.demo.area import AUTHORITIES, Authority, DemoArea, School
from services.demo.chance import chance, weighted
from services.demo.school_year import year_of

Json = dict[str, Any]
FAMILIES = 180
_SIZES = ((1, 45.0), (2, 36.0), (3, 13.0), (4, 6.0))
_ROLL_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_POSTCODE_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
# How the event speaks of the child's school. Silent: the register alone knows.
_SPEAKS = (
    ("named", 62.0),
    ("silent", 22.0),
    ("unknown", 6.0),
    ("contradicted", 4.0),
    ("home-educated", 4.0),
    ("missing-education", 2.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """`roll`: the establishments on whose register the child is."""

    ref: str
    given: str
    born: date
    speaks: str
    roll: tuple[School, ...] = ()
    upn: str | None = None
    known_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adult:
    ref: str
    given: str
    born: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """`apart`: the postcode of the other adult, where that one lives elsewhere."""

    id: str
    authority: Authority
    street: str
    postcode: str
    harmed: Adult
    other: Adult
    apart: str | None
    children: tuple[Child, ...] = ()

    @property
    def force(self) -> str:
        return self.authority.force


class Households:
    """`families` have children; those without are made up as they are needed."""

    def __init__(self, area: DemoArea) -> None:
        self._area = area
        self._moment = area.sunday
        self._phases: dict[tuple[str, str], list[School]] = {}
        for school in area.schools:
            self._phases.setdefault((school.authority.name, school.phase), []).append(school)
        self.families = tuple(self._family(number) for number in range(FAMILIES))

    def without_children(self, *named: object) -> Household:
        rng = chance("couple", *named)
        authority = weighted(rng, tuple(zip(AUTHORITIES, (4.0, 3.0, 3.0), strict=True)))
        return self._home(f"c{rng.randrange(10**9)}", authority, rng, ())

    def at_school(self, name: str, school: str, *ages: int, speaks: str = "named") -> Household:
        """A family whose children all go to one school: for what the story wants to happen."""
        rng = chance("written", name)
        on = self._area.school[school]
        children = tuple(
            self._child(f"child-{number}", age, rng, (on,), speaks)
            for number, age in enumerate(ages, 1)
        )
        return self._home(name, on.authority, rng, children)

    def not_at_school(self, name: str, authority: str, age: int, speaks: str) -> Household:
        rng = chance("written", name)
        place = next(one for one in AUTHORITIES if one.name == authority)
        child = self._child("child-1", age, rng, (), speaks)
        return self._home(name, place, rng, (child,))

    def _family(self, number: int) -> Household:
        rng = chance("family", number)
        authority = weighted(rng, tuple(zip(AUTHORITIES, (4.0, 3.0, 3.0), strict=True)))
        size = weighted(rng, _SIZES)
        first = rng.randrange(2)  # then two years apart at the least: they have one mother
        ages = sorted((first + 2 * step for step in rng.sample(range(9), size)), reverse=True)
        if size > 1 and rng.random() < 0.02:
            ages[1] = ages[0]
        name = f"f{number}"
        children = tuple(
            self._schooled(f"child-{place}", age, authority, rng)
            for place, age in enumerate(ages, 1)
        )
        return self._home(name, authority, rng, _twins_share_a_birthday(children, ages))

    def _schooled(self, ref: str, age: int, authority: Authority, rng: Random) -> Child:
        near = authority if rng.random() > 0.04 else rng.choice(AUTHORITIES)
        school = self._school_for(age, near, rng)
        if school is None:
            return self._child(ref, age, rng, (), "named")
        speaks = weighted(rng, _SPEAKS)
        roll: tuple[School, ...] = (school,)
        if speaks in ("unknown", "home-educated", "missing-education"):
            roll = ()
        elif school.phase == "secondary" and rng.random() < 0.03:
            roll = (school, self._area.school[names.UNIT])
        return self._child(ref, age, rng, roll, speaks)

    def _school_for(self, age: int, authority: Authority, rng: Random) -> School | None:
        if age < 2:
            return None
        phase = "nursery" if age < 4 else "primary" if age < 11 else "secondary"
        if age >= 16 and rng.random() < 0.6:
            phase = "college"
        elif age >= 4 and rng.random() < 0.02:
            phase = "special"
        near = self._phases.get((authority.name, phase), [])
        return rng.choice(near) if near else None

    def _child(
        self, ref: str, age: int, rng: Random, roll: tuple[School, ...], speaks: str
    ) -> Child:
        given = rng.choice(names.CHILDREN)
        born = _born(age, self._moment, rng)
        known_as = f"{given[:3]}ie" if rng.random() < 0.08 else None
        upn = _upn(rng, year_of(born) + 5) if roll and rng.random() < 0.5 else None
        return Child(
            ref=ref, given=given, born=born, speaks=speaks, roll=roll, upn=upn, known_as=known_as
        )

    def _home(
        self, name: str, authority: Authority, rng: Random, children: tuple[Child, ...]
    ) -> Household:
        eldest = max((self._moment.year - one.born.year for one in children), default=0)
        age = max(eldest + 19, 20) + rng.randrange(12)
        women, men = rng.choice(names.WOMEN), rng.choice(names.MEN)
        harmed, other = (women, men) if rng.random() < 0.75 else (men, women)
        return Household(
            id=name,
            authority=authority,
            street=f"{rng.randrange(1, 99)} Synthetic {rng.choice(('Street', 'Row', 'Lane'))}",
            postcode=_postcode(rng),
            harmed=Adult(ref="harmed", given=harmed, born=_born(age, self._moment, rng)),
            other=Adult(
                ref="other",
                given=other,
                born=_born(age + rng.randrange(-2, 6), self._moment, rng),
            ),
            apart=_postcode(rng) if rng.random() < 0.35 else None,
            children=children,
        )


def registers(families: Sequence[Household]) -> dict[str, list[Json]]:
    """The pupils that each school uploads."""
    rolls: dict[str, list[Json]] = {}
    for school, row in _rows(families):
        rolls.setdefault(school, []).append(row)
    return rolls


def _rows(families: Sequence[Household]) -> Iterator[tuple[str, Json]]:
    for family in families:
        for child in family.children:
            for school in child.roll:
                row = {
                    "given_name": child.given,
                    "family_name": names.FAMILY,
                    "date_of_birth": child.born.isoformat(),
                    "postcode": family.postcode,
                    "upn": child.upn,
                }
                yield school.id, row


def _twins_share_a_birthday(children: tuple[Child, ...], ages: list[int]) -> tuple[Child, ...]:
    if len(ages) < 2 or ages[0] != ages[1]:
        return children
    first, second, *others = children
    twin = Child(
        ref=second.ref,
        given=second.given if second.given != first.given else f"{second.given}-Mae",
        born=first.born,
        speaks=first.speaks,
        roll=first.roll,
        upn=second.upn,
    )
    return (first, twin, *others)


def _born(age: int, moment: date, rng: Random) -> date:
    """Of that age all through the opening days: no birthday falls into them by chance."""
    return moment - timedelta(days=round(age * 365.25) + rng.randrange(30, 330))


def _postcode(rng: Random) -> str:
    letters = "".join(rng.choice(_POSTCODE_LETTERS) for _ in range(2))
    return f"ZZ99 {rng.randrange(10)}{letters}"


def _upn(rng: Random, year: int) -> str:
    """Of an authority that does not exist (999), with its right check letter."""
    digits = f"9994001{year % 100:02}{rng.randrange(1000):03}"
    total = sum(int(digit) * place for place, digit in enumerate(digits, 2))
    return f"{_ROLL_LETTERS[total % 23]}{digits}"
