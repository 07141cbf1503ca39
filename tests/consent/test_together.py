"""Is what waits together decided as if it had come one by one? The same, in the same order."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from sqlalchemy import select

from contracts import messages
from contracts.messages import EventAccepted, Outcome
from services.chassis.projections import Projector
from services.chassis.settings import ephemeral_settings
from services.consent.cases.waves import first_wave
from services.consent.readmodels.register import Register
from services.consent.readmodels.tables import REGISTER
from tests.consent.house import House, open_house
from tests.consent.story import (
    ENDED,
    NOW,
    RECORDED,
    Json,
    child,
    client,
    ended,
    event,
    harmed,
    incident,
    other,
)

CORRECTED = "police.incident.corrected.v1"
RETRACTED = "police.incident.retracted.v1"
MOVED = "marac.case.transferred.v1"
Told = tuple[Json, str, str]  # the data, the type, the agency


def at(minute: int) -> str:
    return (NOW - timedelta(hours=3) + timedelta(minutes=minute)).isoformat()


def on(number: int, *children: Json, minute: int = 0, **more: Any) -> Told:
    data = incident(*children, reference=f"N/{number}", occurred_at=at(minute), **more)
    return data, RECORDED, "north-police"


def corrected(told: Told, **more: Any) -> Told:
    return {**told[0], **more, "correction": {"reason": "A slip"}}, CORRECTED, told[2]


def retracted(number: int) -> Told:
    data = {"reference": f"N/{number}", "reason": "Wrong", "retracted_at": "2026-02-13T23:00:00Z"}
    return data, RETRACTED, "north-police"


async def publish(house: House, told: Iterable[Told], *, one_by_one: bool) -> None:
    for number, (data, type_, source) in enumerate(told):
        id_ = uuid5(NAMESPACE_URL, str(number))
        body = EventAccepted(
            receipt=id_, agency=source, accepted_at=NOW, event=event(data, type_, source, str(id_))
        )
        await house.publish(
            messages.EVENTS, messages.EVENT_ACCEPTED, body.model_dump(mode="json"), id_
        )
        if one_by_one:
            await house.work()
    await house.work()


def by_case(house: House) -> dict[str, list[Any]]:
    """Everything that was said, in order for each case."""
    found: dict[str, list[Any]] = defaultdict(list)
    for message in house.heard:
        found[str(message.body.get("case", message.body.get("task")))].append(
            (message.type, message.id, message.body)
        )
    return dict(found)


def counts(house: House) -> dict[str, int]:
    return {
        made.event.id: made.disclosure.content["history.count_12_months"]
        for made in house.made("education")
        if made.disclosure
    }


async def test_incidents_of_one_night_see_each_other(house: House) -> None:
    told = [on(n, minute=n) for n in range(5)]
    await publish(house, told, one_by_one=False)
    assert list(counts(house).values()) == [0, 1, 2, 3, 4]
    assert house.made("marac")[-1].outcome is Outcome.DISCLOSED  # the pair's escalation


async def test_a_retraction_in_between_takes_the_history_of_those_behind_it(house: House) -> None:
    told = [on(1), retracted(1), on(2, minute=5)]
    await publish(house, told, one_by_one=False)
    assert list(counts(house).values()) == [0, 0]
    assert len(house.said(messages.CASE_WITHDRAWN)) == 1


async def test_a_poison_among_them_is_put_aside_and_the_others_are_decided(house: House) -> None:
    await house.publish(messages.EVENTS, messages.EVENT_ACCEPTED, {"nonsense": True})
    await publish(house, [on(n, child(given=f"Cat{n}")) for n in range(3)], one_by_one=False)
    assert len(house.made("education")) == 3
    assert len(await house.bus.dead_letters("consent.events")) == 1


async def test_copies_that_wait_together_are_one(house: House) -> None:
    data, type_, _ = on(1)
    body = EventAccepted(
        receipt=uuid5(NAMESPACE_URL, "r"),
        agency="north-police",
        accepted_at=NOW,
        event=event(data, type_),
    ).model_dump(mode="json")
    id_ = uuid5(NAMESPACE_URL, "m")
    for message in (id_, id_, uuid5(NAMESPACE_URL, "another")):
        await house.publish(messages.EVENTS, messages.EVENT_ACCEPTED, body, message)
    await house.work()
    assert len(house.made("education")) == 1
    assert len(house.said(messages.EVENT_DECIDED)) == 1


async def test_a_call_beside_a_long_list_is_answered_in_between(embedded: House) -> None:
    await publish(embedded, [on(900)], one_by_one=False)
    told = [on(n, child(given=f"Cat{n}"), harmed=harmed(given_name=f"Ann{n}")) for n in range(60)]
    listening = asyncio.create_task(publish(embedded, told, one_by_one=False))
    turns = 0
    while not listening.done():
        await asyncio.sleep(0)
        turns += 1
    await listening
    assert turns > 60
    assert len(embedded.made("education")) == 61


def _night(chance: random.Random) -> list[Told]:
    """Few people, few references, everything that bears on one another."""
    kids = [child("c1", "Cat"), child("c2", "Dan", "2015-01-01"), child("c3", "Eve", "2012-03-03")]
    nhs: dict[str, Any] = {"identifiers": {"nhs_number": "999 000 0018"}}
    kids += [child("c4", "Cat", **nhs), child("c5", "Zoe", "2018-05-01", **nhs)]
    pairs = [(harmed(), other()), (harmed(given_name="Fay"), other()), (harmed(), other(**nhs))]
    told: list[Told] = []
    for number in range(22):
        reference = chance.randrange(6)
        some = chance.sample(kids, chance.choice((1, 1, 2)))
        one, two = chance.choice(pairs)
        recorded = on(reference, *some, minute=number, harmed=one, other=two)
        marac = {"reference": f"M/{reference % 2}"}
        told.append(
            chance.choice(
                [
                    recorded,
                    recorded,
                    corrected(recorded, grading="high"),
                    retracted(reference),
                    (ended(_of_client(some[0])), ENDED, "haven"),
                    (_given(number), "consent.given.v1", "haven"),
                    (_withdrawn(number), "consent.withdrawn.v1", "haven"),
                    (_status(some[0]), "safeguarding.status.changed.v1", "north-csc"),
                    (_referral(reference, some[0]), "referral.made.v1", "north-police"),
                    (_answer(reference), "referral.answered.v1", "north-csc"),
                    (_to_marac(marac, one, two), "marac.referral.made.v1", "north-csc"),
                    ({**marac, **_MOVED}, MOVED, "north-marac"),
                ]
            )
        )
    return told


_MOVED = {
    "from_area": "south-marac",
    "to_area": "north-marac",
    "transferred_at": "2026-01-01T10:00:00Z",
    "reason": "Moved",
}


def _of_client(kid: Json) -> Json:
    return {**kid, "relationships": [{"to": "p", "kind": "child"}], "education": []}


def _given(number: int) -> Json:
    return {
        "person": client(ref="x"),
        "scope": {
            "purposes": ["early-help"],
            "audiences": ["childrens-social-care"],
            "categories": ["treatment-engagement", "attendance"],
        },
        "method": "written",
        "taken_by": "keyworker",
        "competence": "adult",
        "given_at": at(number),
    }


def _withdrawn(number: int) -> Json:
    return {"person": client(ref="x"), "withdrawn_at": at(number)}


def _status(about: Json) -> Json:
    return {"child": about, "status": "protection-plan", "since": "2026-01-05"}


def _referral(reference: int, about: Json) -> Json:
    return {
        "reference": f"R/{reference % 2}",
        "child": about,
        "made_by_phone": True,
        "made_at": "2026-02-13T15:00:00Z",
        "intent": "refer",
    }


def _answer(reference: int) -> Json:
    told = {"decision": "accepted", "decided_at": "2026-02-13T22:00:00Z"}
    return {"reference": f"R/{reference % 2}", **told}


def _to_marac(marac: Json, one: Json, two: Json) -> Json:
    return {
        **marac,
        "harmed": one,
        "other": [two],
        "referred_at": "2025-12-01T10:00:00Z",
        "area": "south-marac",
        "reasons": ["visible-high-risk"],
    }


@pytest.fixture
async def houses(tmp_path: Path) -> AsyncIterator[tuple[House, House]]:
    for name in ("one", "many"):
        (tmp_path / name).mkdir()
    alike = ephemeral_settings()
    async with (
        open_house(tmp_path / "one", None, alike) as one,
        open_house(tmp_path / "many", None, alike) as many,
    ):
        yield one, many


@pytest.mark.parametrize("seed", range(8))
async def test_any_night_comes_to_the_same_together_as_one_by_one(
    houses: tuple[House, House], seed: int
) -> None:
    one, many = houses
    night = _night(random.Random(seed))  # noqa: S311 - any night will do
    await publish(one, night, one_by_one=True)
    await publish(many, night, one_by_one=False)
    assert await many.bus.dead_letters("consent.events") == []
    assert by_case(many) == by_case(one)


async def test_the_register_is_the_same_by_pages_of_any_size(
    embedded: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(3):
        night = [
            ({**data, "reference": f"{seed}/{data.get('reference')}"}, type_, source)
            if type_.startswith("police")
            else (data, type_, source)
            for data, type_, source in _night(random.Random(seed))  # noqa: S311 - any night
        ]
        await publish(embedded, night, one_by_one=False)
    made = await _rows(embedded)
    for size in (1, 7, 5_000):
        monkeypatch.setattr("services.chassis.projections.PAGE", size)
        await Projector(embedded.store, embedded.database, Register()).rebuild()
        assert await _rows(embedded) == made


async def _rows(house: House) -> dict[str, list[tuple[Any, ...]]]:
    async with house.database.reading() as tx:
        return {
            table.name: sorted(map(tuple, await tx.execute(select(table))))
            for table in REGISTER.sorted_tables
        }


def test_none_overtakes_another_that_touches_the_same() -> None:
    ab, bc, c, d = (frozenset(keys) for keys in ("ab", "bc", "c", "d"))
    assert first_wave([ab, bc, c, d]) == [0, 3]  # c waits behind bc, which waits behind ab
    assert first_wave([ab, None, d]) == [0]
    assert first_wave([None, ab]) == [0]
    assert first_wave([frozenset(), frozenset()]) == [0, 1]
