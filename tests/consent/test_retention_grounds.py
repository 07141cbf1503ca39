"""When does what no agreement covers end, and a name in requests and holds that are over?"""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts import messages
from services.chassis.store import StoreUnavailable
from services.consent.retention.records import Records
from services.consent.streams.access import access_stream
from services.consent.streams.requests import request_stream
from services.consent.streams.retention import (
    CaseErased,
    RecordForgotten,
    legal_hold_stream,
    retention_stream,
)
from tests.consent.house import House
from tests.consent.story import Json, child, incident
from tests.consent.test_retention import CAT, content_of, ending, hold

STATUS = "safeguarding.status.changed.v1"


async def stated(house: House, id_: str = "s-1") -> UUID:
    """A status of Cat: no agreement tells anybody of it, and it stands until it is replaced."""
    told = {"child": child(), "status": "section-47", "since": "2026-02-13"}
    told["lead"] = {"organisation": "north-csc", "role": "social-worker"}
    await house.accept(told, STATUS, "north-csc", id_)
    return UUID(house.said(messages.EVENT_DECIDED)[-1]["case"])


async def terms(house: House) -> list[Json]:
    return list((await house.good("GET", "/retention"))["terms"])


async def grounds(house: House, **months: int) -> Any:
    told = {"months": months, "reason": "The board has agreed it", "by": "ig-1"}
    return await house.call("PUT", "/retention/grounds", json=told)


async def erased(house: House, case: UUID) -> list[CaseErased]:
    said = [each.event for each in await house.store.read_stream(retention_stream(case))]
    return [one for one in said if isinstance(one, CaseErased)]


async def test_a_status_ends_by_its_ground_and_still_counts(house: House) -> None:
    case = await stated(house)
    assert (await house.good("GET", "/retention"))["without_an_end"] == 0
    house.later("2032-03-13T23:59:00+00:00")  # 73 months: its anniversary is inside
    await house.work()
    assert await content_of(house, case) != []
    house.later("2032-03-14T00:00:00+00:00")
    await house.work()
    assert await content_of(house, case) == []
    [one] = await erased(house, case)
    assert (one.agreement, one.ground, one.months) == ("", "status", 73)
    assert [body["case"] for body in house.said(messages.CASE_ERASED)] == [str(case)]
    [term] = [one for one in await terms(house) if one["ground"] == "status"]
    assert (term["kept"], term["ended"], term["next_end"]) == (0, 1, None)


async def test_an_area_that_settles_fewer_months_ends_what_is_past_by_then(
    embedded: House,
) -> None:
    house = embedded
    case = await stated(house)
    house.later("2027-02-14T00:00:00+00:00")
    await house.work()
    assert await content_of(house, case) != []
    listed = (await house.good("GET", "/retention/grounds"))["grounds"]
    assert {one["status"] for one in listed} == {"to be confirmed by the area"}
    assert not any(one["settled"] for one in listed)

    assert (await grounds(house, status=12)).status_code == 204
    [term] = [one for one in await terms(house) if one["ground"] == "status"]
    assert (term["months"], term["next_end"]) == (12, "2027-02-14T00:00:00+00:00")
    await house.work()
    assert await content_of(house, case) == []
    told = await house.good("GET", "/retention/grounds")
    assert (told["by"], told["reason"]) == ("ig-1", "The board has agreed it")
    assert {one["ground"]: one["months"] for one in told["grounds"]}["status"] == 12

    # More months do not bring back what has ended, nor end it twice.
    assert (await grounds(house)).status_code == 204
    house.later("2033-01-01T00:00:00+00:00")
    await house.work()
    assert len(await erased(house, case)) == 1


@pytest.mark.parametrize(
    ("months", "pointer"),
    [({"statuses": 12}, "/months/statuses"), ({"status": 0}, "/months/status")],
)
async def test_months_that_mean_nothing_are_refused(
    embedded: House, months: dict[str, int], pointer: str
) -> None:
    answer = await grounds(embedded, **months)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def worker(house: House) -> Records:
    [one] = [each for each in house.service.workers if isinstance(each, Records)]
    return one


async def sealed(house: House, stream: str) -> list[Any]:
    """What can still be read of whoever is named there."""
    said = [each.event for each in await house.store.read_stream(stream)]
    return [one.told.value for one in said if getattr(one, "told", None) and one.told.value]


async def refused(house: House) -> UUID:
    body = {"person": CAT, "received_on": "2026-02-13", "by": "ig-1"}
    return UUID((await house.good("POST", "/rights/erasure-requests", json=body))["id"])


async def forgotten(house: House, record: UUID) -> list[RecordForgotten]:
    said = [each.event for each in await house.store.read_stream(retention_stream(record))]
    return [one for one in said if isinstance(one, RecordForgotten)]


async def test_who_asked_and_whom_a_hold_named_is_forgotten_after_it_is_over(
    house: House,
) -> None:
    await house.accept(incident())
    request = await refused(house)
    standing, lifted = await hold(house, case=str(uuid4())), await hold(house, case=str(uuid4()))
    gone = {"reason": "The inquiry is over", "by": "ig-1"}
    await house.good("DELETE", f"/legal-holds/{lifted}", json=gone)
    streams = [request_stream(request), legal_hold_stream(UUID(lifted))]

    house.later("2028-03-13T23:59:00+00:00")  # 25 months
    await house.work()
    assert all([await sealed(house, stream) for stream in streams])
    house.later("2028-03-14T00:00:00+00:00")
    assert await worker(house).next_due() == house.clock.now()
    await asyncio.gather(worker(house).run_once(), worker(house).run_once())
    await house.work()
    assert [await sealed(house, stream) for stream in streams] == [[], []]
    assert await sealed(house, legal_hold_stream(UUID(standing))) != []
    [one] = await forgotten(house, request)
    assert (one.ground, one.months) == ("request", 25)
    assert len(await forgotten(house, UUID(lifted))) == 1
    records = (await house.good("GET", "/retention"))["records"]
    assert records == {"kept": 1, "forgotten": 2, "next_end": None}
    shown = await house.good("GET", f"/rights/erasure-requests/{request}")
    assert shown["requests"][0]["outcome"] == "refused"  # that it was refused is still known


async def test_a_legal_hold_on_somebody_keeps_their_request_too(embedded: House) -> None:
    await embedded.accept(incident())
    request = await refused(embedded)
    name = await hold(embedded, person=CAT, review_on="2040-01-01")
    embedded.later("2028-03-14T00:00:00+00:00")
    await embedded.work()
    assert await sealed(embedded, request_stream(request)) != []
    gone = {"reason": "The inquiry is over", "by": "ig-1"}
    await embedded.good("DELETE", f"/legal-holds/{name}", json=gone)
    await embedded.work()
    assert await sealed(embedded, request_stream(request)) == []


async def test_killed_between_the_key_and_its_record_it_goes_on(
    embedded: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await embedded.accept(incident())
    request = await refused(embedded)
    embedded.later("2028-03-14T00:00:00+00:00")

    async def killed(*_: object, **__: object) -> int:
        raise StoreUnavailable("killed")

    with monkeypatch.context() as patch:
        patch.setattr(embedded.store, "append", killed)
        with pytest.raises(StoreUnavailable):
            await worker(embedded).run_once()
    assert await forgotten(embedded, request) == []
    await embedded.work()
    assert len(await forgotten(embedded, request)) == 1


async def test_a_request_that_nobody_has_answered_is_not_forgotten(embedded: House) -> None:
    body = {
        "person": CAT,
        "requester": "the-person",
        "received_on": "2026-02-13",
        "by": "ig-1",
    }
    told = await embedded.good("POST", "/rights/subject-access", json=body)
    request = UUID(told["id"])
    embedded.later("2036-01-01T00:00:00+00:00")
    await embedded.work()
    assert await sealed(embedded, access_stream(request)) != []
    refusal = {"reason": "Withdrawn by the person", "by": "ig-1"}
    await embedded.good("POST", f"/rights/subject-access/{request}/refuse", json=refusal)
    embedded.later("2038-03-01T00:00:00+00:00")
    await embedded.work()
    assert await sealed(embedded, access_stream(request)) == []
    assert await ending(embedded).run_once() == 0
