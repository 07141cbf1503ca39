"""Who is there? The organisations of the area: the middle is a file, the rest grows around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from services.demo import names
from services.demo.chance import chance
from services.demo.school_year import Span, around
from services.scenario.story import Area as Written
from services.scenario.story import read_area

Json = dict[str, Any]
FILE = Path(__file__).with_name("area.yaml")
_GATES = {"primary": ("08:40", "08:45", "08:50", "09:00"), "secondary": ("08:30", "08:35", "08:40")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """`half_terms_earlier`: a week before the others, as councils sometimes do."""

    name: str
    place: str
    gss: str
    police_area: str
    force: str
    half_terms_earlier: bool = False


AUTHORITIES = (
    Authority(
        name="north",
        place="Northshire",
        gss="E06000999",
        police_area="E23000099",
        force="north-police",
    ),
    Authority(
        name="east",
        place="Eastmere",
        gss="E06000998",
        police_area="E23000099",
        force="north-police",
        half_terms_earlier=True,
    ),
    Authority(
        name="south",
        place="Southshire",
        gss="E06000997",
        police_area="E23000098",
        force="south-police",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """`phase`: primary, secondary, special, unit, college or nursery."""

    id: str
    name: str
    phase: str
    urn: str
    authority: Authority
    ages: tuple[int, int]
    opens: str

    @property
    def kind(self) -> str:
        return self.phase if self.phase in ("college", "nursery") else "school"


_AGES = {
    "primary": (4, 11),
    "secondary": (11, 18),
    "special": (4, 18),
    "unit": (11, 16),
    "college": (16, 99),
    "nursery": (2, 4),
}
_CALLED = {
    "primary": "Primary",
    "secondary": "Academy",
    "special": "Special School",
    "unit": "Pupil Referral Unit",
    "college": "College",
    "nursery": "Nursery",
}
# The three that the file writes down, with their numbers; the others follow.
_WRITTEN = {"alder": "900001", "birch": "900002", "cedar": "900003"}
WITHOUT_CALENDAR = "medlar"
INSET_ON_MONDAY = "hornbeam"


def schools() -> tuple[School, ...]:
    """Forty, the same every time."""
    phases = [
        *((name, "primary") for name in names.PRIMARIES),
        *((name, "secondary") for name in names.SECONDARIES),
        *((name, "special") for name in names.SPECIAL),
        (names.UNIT, "unit"),
        *((name, "college") for name in names.COLLEGES),
        *((name, "nursery") for name in names.NURSERIES),
    ]
    number = iter(range(900004, 901000))
    return tuple(
        _school(name, phase, _WRITTEN.get(name) or str(next(number)), place)
        for place, (name, phase) in enumerate(phases)
    )


def _school(name: str, phase: str, urn: str, place: int) -> School:
    authority = AUTHORITIES[0] if name in _WRITTEN else AUTHORITIES[place % 3]
    gates = _GATES["primary" if phase in ("primary", "nursery") else "secondary"]
    written = {"alder": "08:40", "birch": "08:30", "cedar": "09:15"}
    return School(
        id=name,
        name=f"{name.capitalize()} {_CALLED[phase]}",
        phase=phase,
        urn=urn,
        authority=authority,
        ages=_AGES[phase],
        opens=written.get(name) or chance("gate", name).choice(gates),
    )


class DemoArea:
    """Everything that the directory is told. `sunday`: the day on whose evening the story opens."""

    def __init__(self, sunday: date) -> None:
        self.sunday = sunday
        self.schools = schools()
        self.school = {one.id: one for one in self.schools}
        self.written: Written = read_area(FILE)

    @cached_property
    def organisations(self) -> tuple[Json, ...]:
        written = [one.model_dump() for one in self.written.organisations]
        known = {one["id"] for one in written}
        grown = [one for one in self._grown() if one["id"] not in known]
        return tuple(self._with_calendar(one) for one in (*written, *grown))

    @cached_property
    def names(self) -> dict[str, str]:
        return {one["id"]: one["name"] for one in self.organisations}

    @cached_property
    def contacts(self) -> dict[str, tuple[Json, ...]]:
        return {one["id"]: tuple(one.get("contacts", ())) for one in self.organisations}

    def _grown(self) -> Iterator[Json]:
        for one in AUTHORITIES:
            yield from _services_of(one)
        yield {
            "id": "south-marac",
            "kind": "marac",
            "name": "Southshire MARAC",
            "police_area": "E23000098",
            "contacts": [_contact("southshire-coordinator", "coordinator", "marac@southshire")],
        }
        for school in self.schools:
            yield {
                "id": school.id,
                "kind": school.kind,
                "name": school.name,
                "urn": school.urn,
                "local_authority": school.authority.gss,
                "police_area": school.authority.police_area,
                "ages": list(school.ages),
                "opens": school.opens,
                "contacts": _key_adults(school.id),
            }

    def _with_calendar(self, one: Json) -> Json:
        """Schools publish their own but one, which goes by its authority's."""
        if one["kind"] == "local-authority":
            authority = next(each for each in AUTHORITIES if each.gss == one["local_authority"])
            return {**one, "calendar": self.calendar(authority)}
        school = self.school.get(one["id"])
        if school is None or school.id == WITHOUT_CALENDAR:
            return one
        inset = [self.sunday + timedelta(days=1)] if school.id == INSET_ON_MONDAY else []
        return {**one, "calendar": self.calendar(school.authority, inset)}

    def calendar(self, authority: Authority, inset: list[date] | None = None) -> Json:
        spans: list[Span] = around(self.sunday, earlier=authority.half_terms_earlier)
        return {
            "terms": [f"{start}/{end}" for start, end in spans],
            "inset": [day.isoformat() for day in inset or []],
        }


def _services_of(one: Authority) -> Iterator[Json]:
    mail = one.place.lower()
    yield {
        "id": f"{one.name}-council",
        "kind": "local-authority",
        "name": f"{one.place} Council",
        "local_authority": one.gss,
        "contacts": [
            _contact(f"{mail}-ehe", "home-education-officer", f"ehe@{mail}"),
            _contact(f"{mail}-education", "education-safeguarding", f"education@{mail}"),
        ],
    }
    yield {
        "id": f"{one.name}-csc",
        "kind": "childrens-social-care",
        "name": f"{one.place} Children's Social Care",
        "local_authority": one.gss,
        "contacts": [_contact(f"{mail}-front-door", "desk", f"front-door@{mail}")],
    }
    yield {
        "id": f"{one.name}-health-visiting",
        "kind": "health-visiting",
        "name": f"{one.place} Health Visiting",
        "local_authority": one.gss,
        "contacts": [_contact(f"{mail}-health-visitor", "worker", f"health-visiting@{mail}")],
    }


def _key_adults(school: str) -> list[Json]:
    """Two or three, in the order of call."""
    last = chance("third", school).choice([[], [("head", "head")]])
    roles = [("dsl", "designated-safeguarding-lead"), ("deputy", "deputy"), *last]
    return [_contact(f"{school}-{short}", role, f"{short}@{school}") for short, role in roles]


def _contact(name: str, role: str, mail: str) -> Json:
    rng = chance("contact", name)
    return {
        "id": name,
        "role": role,
        "given_name": rng.choice(rng.choice([names.WOMEN, names.MEN])),
        "family_name": names.FAMILY,
        "email": f"{mail}.example",
        "phone": f"01632 960{rng.randrange(1000):03}",
    }
