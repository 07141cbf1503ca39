"""Whatever is put into the private directory, does any of it come out as open data?"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, example, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.directory.domain.wordings import words
from services.directory.readmodels.open_ids import OpenIds
from tests.directory.house import House, open_house
from tests.directory.offers import BRIDGE, SHELTER, open_bridge
from tests.directory.open_data import ask, everything, strings

OFFERS = ("shop", "stay-at-12-hidden-lane", "beds", "plain")
# In every public place of a service where a person can write what they like.
PLACES: tuple[tuple[str | int, ...], ...] = (
    ("name",),
    ("details",),
    ("criteria",),
    ("referral", 0, "how"),
    ("contra_indications",),
    ("contact", "title"),
    ("forms", 0, "name"),
    ("cost",),
    ("hours", 0, "notes"),
    ("location", "name"),
    ("location", "line"),
    ("location", "town"),
    ("location", "county"),
    ("location", "access"),
)
ADDRESSED: tuple[tuple[str | int, ...], ...] = (("contact", "email"), ("contact", "url"))
WRITTEN: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    lambda text: f"Ask for {text}, please.",
    lambda text: f"({text})",
    lambda text: text.replace(" ", "  "),
    lambda text: text.replace(" ", "-"),
    lambda text: text.replace(" ", "\u00a0"),
)


@dataclass(frozen=True)
class Secret:
    """`put` says where in the private directory; `text` is what must not come out."""

    put: str
    text: str


_LETTERS = st.text("abcdefgilmnorsuz\u00e9\u0142\u00fc", min_size=3, max_size=8)
_GIVEN = _LETTERS.map(lambda name: f"Zq{name}")
_FAMILY = st.one_of(
    st.just("Test"), st.just("O'Testy"), st.just("Ash-Test"), st.just(""), _LETTERS.map(str.title)
)
_FULL = st.tuples(_GIVEN, _FAMILY).map(lambda both: " ".join(filter(None, both)))
_FIGURES = st.integers(0, 999).map(lambda last: f"{last:03}")
_PHONE = st.one_of(
    _FIGURES.map(lambda last: f"01632 960{last}"), _FIGURES.map(lambda last: f"07700 900 {last}")
)
_MAIL = _LETTERS.map(lambda name: f"zq{name.encode('ascii', 'ignore').decode()}x@alder.example")
_HOUSE = _LETTERS.map(lambda name: f"Zq{name} House")
_STREET = st.tuples(st.integers(1, 99), _LETTERS).map(lambda both: f"{both[0]} Zq{both[1]} Lane")
SECRETS = st.one_of(
    st.builds(Secret, put=st.sampled_from(["contact", "own-contact", "named"]), text=_FULL),
    st.builds(Secret, put=st.sampled_from(["phone", "own-phone", "direct"]), text=_PHONE),
    st.builds(Secret, put=st.sampled_from(["email", "personal"]), text=_MAIL),
    st.builds(Secret, put=st.sampled_from(["refuge", "house"]), text=_HOUSE),
    st.builds(Secret, put=st.just("line"), text=_STREET),
    st.builds(Secret, put=st.just("postcode"), text=_FIGURES.map(lambda n: f"ZZ9{n[0]} {n[1]}QX")),
)


def with_text(body: dict[str, Any], place: tuple[str | int, ...], text: str) -> dict[str, Any]:
    changed = deepcopy(body)
    inner: Any = changed
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = text
    return changed


def addressed(place: tuple[str | int, ...], secret: str) -> str:
    """As it may stand in a mailbox or a link."""
    plain = ".".join(words(secret)).encode("ascii", "ignore").decode().strip(".") or "none"
    return f"{plain}@bridge.example" if place[-1] == "email" else f"https://bridge.example/{plain}"


class Area:
    """A house that every example changes in its own way."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()

    def __enter__(self) -> "Area":
        return self

    def open(self, folder: Any) -> None:
        async def begin() -> House:
            house = await self._stack.enter_async_context(open_house("embedded", folder))
            await open_bridge(house)
            await house.good("PUT", "/organisations/alder", json={"kind": "school"})
            refuge = {"kind": "refuge", "name": "Willow House"}
            await house.good("PUT", "/organisations/willow", json=refuge)
            plain = {"organisation": "bridge", "name": "Plain", "publish": True}
            await house.good("PUT", "/services/plain", json=plain)
            return house

        self.house = self._runner.run(begin())

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()

    def answers(self, secret: Secret, public: dict[str, Any], *, secret_first: bool) -> Any:
        async def tell() -> dict[str, Any]:
            steps = [self._private(secret), self._public(public, secret)]
            for step in steps if secret_first else steps[::-1]:
                await step
            return await everything(self.house, OFFERS, ("services", "service_at_locations"))

        return self._runner.run(tell())

    def asked_for(self, text: str) -> Any:
        async def look() -> list[Any]:
            given = {"search": text, "postcode": text[:10], "day": text[:10]}
            return [
                await ask(self.house, "services", params={name: value})
                for name, value in given.items()
            ]

        return self._runner.run(look())

    async def _private(self, secret: Secret) -> None:
        text = secret.text
        given, _, family = text.partition(" ")
        person = {"role": "worker", "given_name": "Zqzed", "family_name": "Testless"}
        alder, own = dict(person), dict(person)
        if secret.put in ("contact", "own-contact"):
            named = alder if secret.put == "contact" else own
            named |= {"given_name": given, "family_name": family}
        if secret.put in ("phone", "own-phone"):
            (alder if secret.put == "phone" else own)["phone"] = text
        if secret.put == "email":
            alder["email"] = text
        await self.house.good("PUT", "/organisations/alder/contacts/one", json=alder)
        await self.house.good("PUT", "/organisations/bridge/contacts/one", json=own)
        name = text if secret.put == "refuge" else "Willow House"
        await self.house.good("PUT", "/organisations/willow", json={"name": name})
        stay = deepcopy(SHELTER)
        for put, field in (("house", "name"), ("line", "line"), ("postcode", "postcode")):
            if secret.put == put:
                stay["private"]["address"][field] = text
        await self.house.good("PUT", f"/services/{OFFERS[1]}", json=stay)
        beds = {**SHELTER, "organisation": "willow", "name": f"Beds at {name}"}
        await self.house.good("PUT", "/services/beds", json=beds)

    async def _public(self, public: dict[str, Any], secret: Secret) -> None:
        body = deepcopy(public)
        fields = {"named": "contact_name", "direct": "phone", "personal": "email"}
        if secret.put in fields:
            body["private"][fields[secret.put]] = secret.text
        answer = await self.house.call("PUT", "/services/shop", json=body)
        if answer.status_code == 422:  # not taken: then it is what it was
            await self.house.good("PUT", "/services/shop", json=BRIDGE)


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Area]:
    with Area() as opened:
        opened.open(tmp_path_factory.mktemp("open-data"))
        yield opened


def says(answer: Any, secret: str) -> bool:
    """Letters and figures only, within one text of the answer, whatever stands between them."""
    wanted = "".join(words(secret))
    return any(wanted in "".join(words(text)) for text in strings(answer.json()))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@for_all(
    secret=SECRETS,
    place=st.sampled_from((*PLACES, *ADDRESSED)),
    written=st.sampled_from(WRITTEN),
    secret_first=st.booleans(),
)
@example(Secret("contact", "Zqmona"), ("details",), WRITTEN[2], True)
@example(Secret("contact", "Zqada Test"), ("contact", "email"), str, False)
@example(Secret("line", "12 Zqhid Lane"), ("location", "line"), str, False)
@example(Secret("refuge", "Zqlark House"), ("location", "name"), str.upper, True)
def test_nothing_private_comes_out_wherever_it_is_written(
    area: Area,
    secret: Secret,
    place: tuple[str | int, ...],
    written: Callable[[str], str],
    secret_first: bool,
) -> None:
    text = addressed(place, secret.text) if place in ADDRESSED else written(secret.text)
    answers = area.answers(secret, with_text(BRIDGE, place, text), secret_first=secret_first)
    said = [path for path, answer in answers.items() if says(answer, secret.text)]
    assert said == []
    inside = ("hidden lane", "12-hidden", "Cleo Test", "900123", "willow", "Zqzed", "alder")
    assert [one for one in inside for answer in answers.values() if says(answer, one)] == []
    assert [one["name"] for one in answers["services"].json()["contents"]].count("Plain") == 1
    assert not [answer for answer in area.asked_for(secret.text) if says(answer, secret.text)]


def test_a_text_that_says_nothing_private_does_come_out(area: Area) -> None:
    answers = area.answers(Secret("phone", "01632 960001"), BRIDGE, secret_first=True)
    names = [one["name"] for one in answers["services"].json()["contents"]]
    assert sorted(names) == ["Bridge one-stop shop", "Plain", "Safe accommodation"]
    shop = OpenIds(area.house.directory.pepper).service("shop")
    assert answers[f"services/{shop}"].status_code == 200
