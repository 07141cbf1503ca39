"""Whom does the whole product tell? A synthetic area, and incidents with two children of it.

No organisation in it has a person to nudge unless a row asks for one: everything goes by webhook.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from bench.payload import AGENCY, TYPE
from bench.receiver import Desk, host
from services.assembly import House
from services.doors import Doors
from services.scenario.people import People
from services.scenario.setting import set_up
from services.scenario.story import Area

Json = dict[str, Any]

SOCIAL_CARE = "north-csc"
PLACE = {"local_authority": "E06000999", "police_area": "E23000099"}
_HOME = {"kind": "home", "lines": ["1 Synthetic Street"], "postcode": "ZZ99 3CZ", **PLACE}
_FIRST_BIRTHDAY = date(2012, 1, 1)
_FIRST_URN = 900000


@dataclass(frozen=True, kw_only=True)
class Pupil:
    """Known to the register by name, birthday and postcode."""

    school: str
    given_name: str
    date_of_birth: date


@dataclass(frozen=True, kw_only=True)
class Town:
    """What is set up: schools with so many pupils each, and social care or not."""

    schools: int
    pupils_each: int = 1
    social_care: bool = True
    contacts: bool = False  # a person to nudge at each school, and no endpoint

    @property
    def pupils(self) -> list[Pupil]:
        """Neighbours in the list go to different schools."""
        return [_pupil(number, self.schools) for number in range(self.schools * self.pupils_each)]

    def area(self) -> Area:
        organisations: list[Json] = [
            {"id": AGENCY, "kind": "police", "police_area": PLACE["police_area"]},
            *(self._school(number) for number in range(self.schools)),
        ]
        schools = [f"school-{number}" for number in range(self.schools)]
        endpoints = [] if self.contacts else [{"organisation": school} for school in schools]
        if self.social_care:
            csc = {"id": SOCIAL_CARE, "kind": "childrens-social-care", **PLACE}
            organisations.append(csc)
            endpoints.append({"organisation": SOCIAL_CARE})
        return Area.model_validate({"organisations": organisations, "endpoints": endpoints})

    def _school(self, number: int) -> Json:
        whole = {
            "id": f"school-{number}",
            "kind": "school",
            "name": f"School {number} of the bench",
            "urn": f"{_FIRST_URN + number:06d}",
            "ages": [4, 18],
            "opens": "08:40",
            **PLACE,
        }
        if self.contacts:
            mail = f"dsl@school-{number}.example"
            whole["contacts"] = [
                {
                    "id": f"dsl-{number}",
                    "role": "designated-safeguarding-lead",
                    "given_name": "Ada",
                    "family_name": "Test",
                    "email": mail,
                }
            ]
        return whole


@dataclass(kw_only=True)
class Standing:
    """The house as the set-up wants to see it; afterwards `secrets` holds the keys by path."""

    house: House
    doors: Doors
    desk: Desk
    secrets: dict[str, str] = field(default_factory=dict)
    receiver_url: str = ""

    async def request(self, method: str, path: str, **kwargs: Any) -> Any:
        """Each endpoint stands at a host of its own, as those of schools do."""
        if not path.startswith("/notify/v1/endpoints/"):
            return await self.doors.request(method, path, **kwargs)
        where = f"/{path.rsplit('/', 1)[-1]}"
        scheme = "https" if self.desk.certificate else "http"
        at = host(len(self.secrets), self.desk.hosts)
        kwargs["json"] = {"url": f"{scheme}://{at}:{self.desk.port}{where}"}
        answer = await self.doors.request(method, path, **kwargs)
        if answer.is_success:
            self.secrets[where] = str(answer.json()["secret"])
        return answer

    async def issue(self, agency: str) -> None:
        await self.doors.issue(agency)


async def stand(house: House, doors: Doors, town: Town, desk: Desk) -> Standing:
    """Through the product's own doors."""
    standing = Standing(house=house, doors=doors, desk=desk)
    await set_up(standing, town.area(), {}, People())
    by_school: dict[str, list[Json]] = {}
    for pupil in town.pupils:
        by_school.setdefault(pupil.school, []).append(_registered(pupil))
    for school, pupils in by_school.items():
        path = f"/directory/v1/organisations/{school}/pupils"
        (await doors.request("POST", path, json=pupils)).raise_for_status()
    await house.settle()
    return standing


def _registered(pupil: Pupil) -> Json:
    return {
        "given_name": pupil.given_name,
        "family_name": "Test",
        "date_of_birth": pupil.date_of_birth.isoformat(),
        "postcode": "ZZ99 3CZ",
        "from": "2022-09-01",
    }


def incidents(town: Town, now: datetime, *, children: int = 2) -> Iterator[Json]:
    """Without end: each of other adults, with children of the next schools in turn. Of about 2 KB
    with two children."""
    pupils, number = town.pupils, 0
    while True:
        chosen = [pupils[(number + k) % len(pupils)] for k in range(children)]
        number += children
        yield incident(chosen, now)


def incident(chosen: Sequence[Pupil], now: datetime) -> Json:
    name = uuid4()
    happened, believed = now - timedelta(minutes=50), now - timedelta(minutes=20)
    kids = [_child(k, pupil) for k, pupil in enumerate(chosen)]
    return {
        "specversion": "1.0",
        "id": f"syn-{name}",
        "source": f"/agencies/{AGENCY}",
        "type": TYPE,
        "time": believed.isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "reference": f"SYN-{name}",
            "occurred_at": happened.isoformat(),
            "believed_at": believed.isoformat(),
            "category": "domestic-abuse",
            "grading": "medium",
            "dash": {"score": 9, "professional_judgement": False},
            "intent": "inform",
            "parties": {"harmed": "harmed", "other": ["other"]},
            "people": [_adult("harmed", name.int), _adult("other", name.int >> 60), *kids],
            "children": [
                {
                    "ref": kid["ref"],
                    "presence": "present",
                    "spoken_to": {"outcome": "not-spoken-to", "reason_not": "asleep"},
                    "welfare_check": True,
                }
                for kid in kids
            ],
            "location": {"kind": "home", "postcode": "ZZ99 3CZ", **PLACE},
            "circumstances": {"kinds": ["verbal"]},
            "childrens_services_informed": False,
        },
    }


def _adult(ref: str, salt: int) -> Json:
    born = date(1975, 1, 1) + timedelta(days=salt % 7000)
    return {
        "ref": ref,
        "given_name": f"Ann{salt % 100_000}",
        "family_name": "Test",
        "date_of_birth": born.isoformat(),
        "addresses": [_HOME],
    }


def _child(number: int, pupil: Pupil) -> Json:
    return {
        "ref": f"child{number}",
        "given_name": pupil.given_name,
        "family_name": "Test",
        "date_of_birth": pupil.date_of_birth.isoformat(),
        "addresses": [_HOME],
        "relationships": [{"to": "harmed", "kind": "child"}],
    }


def _pupil(number: int, schools: int) -> Pupil:
    return Pupil(
        school=f"school-{number % schools}",
        given_name=_letters(number),
        date_of_birth=_FIRST_BIRTHDAY + timedelta(days=number % 2000),
    )


def _letters(number: int) -> str:
    """A given name of its own: Caaa, Caab and so on."""
    text = ""
    for _ in range(3):
        number, rest = divmod(number, 26)
        text = chr(ord("a") + rest) + text
    return f"C{text}"
