"""Whom does the whole product tell? A synthetic area, and incidents with two children of it.

No organisation in it has a person to nudge unless a row asks for one: everything goes by webhook.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import starmap
from typing import Any
from uuid import uuid4

import httpx

from bench.payload import AGENCY, TYPE
from bench.receiver import Desk, host
from bench.row import CannotMeasure
from services.assembly import House
from services.doors import Doors

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

    @property
    def told(self) -> list[str]:
        """Who has an endpoint."""
        schools = [] if self.contacts else [f"school-{number}" for number in range(self.schools)]
        return [*schools, SOCIAL_CARE] if self.social_care else schools

    @property
    def organisations(self) -> dict[str, Json]:
        csc = {SOCIAL_CARE: {"kind": "childrens-social-care", **PLACE}} if self.social_care else {}
        schools = {f"school-{number}": self._school(number) for number in range(self.schools)}
        police = {AGENCY: {"kind": "police", "police_area": PLACE["police_area"]}}
        return {**police, **csc, **schools}

    @property
    def registers(self) -> dict[str, list[Json]]:
        found: dict[str, list[Json]] = {}
        for pupil in self.pupils:
            found.setdefault(pupil.school, []).append(_registered(pupil))
        return found

    def _school(self, number: int) -> Json:
        whole = {
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


async def stand(house: House, doors: Doors, town: Town, desk: Desk) -> dict[str, str]:
    """Put it in place through the product's own doors; the endpoints' secrets by path."""
    directory = "/directory/v1/organisations"
    await _all(
        _done(doors.request("PUT", f"{directory}/{one}", json=body))
        for one, body in town.organisations.items()
    )
    await _all(
        _done(doors.request("POST", f"{directory}/{school}/pupils", json=pupils))
        for school, pupils in town.registers.items()
    )
    await house.settle()
    secrets: dict[str, str] = {}

    async def endpoint(number: int, organisation: str) -> None:
        """Each at a host of its own, as those of schools are."""
        scheme = "https" if desk.certificate else "http"
        url = f"{scheme}://{host(number, desk.hosts)}:{desk.port}/{organisation}"
        body = {"url": url, "organisation": organisation}
        path = f"/notify/v1/endpoints/{organisation}"
        answer = await _done(doors.request("PUT", path, json=body))
        secrets[f"/{organisation}"] = str(answer.json()["secret"])

    await _all(starmap(endpoint, enumerate(town.told)))
    await house.settle()
    return secrets


async def _all(work: Iterable[Awaitable[object]]) -> None:
    gate = asyncio.Semaphore(32)

    async def one(each: Awaitable[object]) -> None:
        async with gate:
            await each

    await asyncio.gather(*map(one, work))


async def _done(request: Awaitable[httpx.Response]) -> httpx.Response:
    answer = await request
    if answer.is_error:
        raise CannotMeasure(f"set-up: {answer.status_code} {answer.text}")
    return answer


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
