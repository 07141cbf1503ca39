"""What is left of a case when its retention has ended, and what keeps it from ending?"""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from sqlalchemy import select, text
from structlog.testing import capture_logs

from contracts import messages
from services.chassis.chain import verify
from services.chassis.store import StoreUnavailable
from services.consent.readmodels.tables import FACTS
from services.consent.retention.ending import Ending
from services.consent.streams.case import stream_of
from services.consent.streams.events import DecisionTaken, EventTaken
from services.consent.streams.pieces import Forgotten, keys_in, whole
from services.consent.streams.retention import CaseErased, retention_stream
from tests.consent.house import House, open_house
from tests.consent.story import ENDED, Json, child, ended, incident, person

EVE, AFTER = "2027-03-13T23:59:00+00:00", "2027-03-14T00:00:00+00:00"
CAT = {
    "given_name": "Cat",
    "family_name": "Test",
    "date_of_birth": "2018-05-01",
    "postcodes": ["ZZ99 3CZ"],
}


async def taken(house: House, **more: Any) -> UUID:
    await house.accept(incident(**more), id_=more.get("reference", "1"))
    return house.made()[-1].case


# Three letters stand by chance in what is sealed; these do not.
LONG_NAMES = ("Cassiopeia", "Annunziata", "ZZ99 3CZ", "I heard shouting")


async def told_of_long_names(house: House) -> UUID:
    ann = person("h", LONG_NAMES[1], "1990-01-01")
    await house.accept(incident(child(given=LONG_NAMES[0]), harmed=ann))
    return house.made()[-1].case


async def content_of(house: House, case: UUID) -> list[object]:
    history = await house.store.read_stream(stream_of(case))
    events = [each.event for each in history]
    people = [one.person.value for e in events if isinstance(e, EventTaken) for one in e.people]
    rest = [e.rest.value for e in events if isinstance(e, EventTaken)]
    shown = [e.content.value for e in events if isinstance(e, DecisionTaken) and e.content]
    return [value for value in (*people, *rest, *shown) if value is not None]


async def erasures(house: House, case: UUID) -> list[CaseErased]:
    said = await house.store.read_stream(retention_stream(case))
    return [each.event for each in said if isinstance(each.event, CaseErased)]


def ending(house: House) -> Ending:
    [worker] = [one for one in house.service.workers if isinstance(one, Ending)]
    return worker


async def hold(house: House, **told: Any) -> str:
    name = str(uuid4())
    body = {"reason": "An inquiry has begun", "review_on": "2027-06-01", "by": "ig-1", **told}
    await house.good("PUT", f"/legal-holds/{name}", json=body)
    return name


async def test_the_content_is_there_on_the_last_day_and_gone_after_it(house: House) -> None:
    case = await taken(house)
    assert await ending(house).next_due() == house.clock.now().fromisoformat(AFTER)

    house.later(EVE)
    await house.work()
    assert await content_of(house, case) != []
    assert house.said(messages.CASE_ERASED) == []

    house.later(AFTER)
    await house.work()
    assert await content_of(house, case) == []
    first = (await house.store.read_stream(stream_of(case)))[0].event
    with pytest.raises(Forgotten):
        whole(first)
    [erased] = await erasures(house, case)
    assert (erased.months, erased.events) == (
        13,
        len(await house.store.read_stream(stream_of(case))),
    )
    assert erased.keys == 4  # Ann, Bob, Cat and the rest of the event
    assert house.said(messages.CASE_ERASED) == [
        {
            "case": str(case),
            "ended_at": "2027-03-14T00:00:00Z",
            "erased_at": "2027-03-14T00:00:00Z",
        }
    ]
    assert await ending(house).next_due() is None
    assert await ending(house).run_once() == 0


async def test_every_door_still_answers_and_the_rows_can_be_made_again(house: House) -> None:
    case = await taken(house)
    house.later(AFTER)
    await house.work()

    before = await house.good("GET", "/decisions?event=/agencies/north-police|1")
    assert {one["outcome"] for one in before["decisions"]} >= {"disclosed"}
    for worker in house.service.workers:
        if hasattr(worker, "rebuild"):
            await worker.rebuild()
    again = await house.good("GET", "/decisions?event=/agencies/north-police|1")
    assert again == before
    assert (await house.good("GET", "/holds"))["holds"] == []
    assert (await house.good("GET", "/retention"))["erased"] == 1
    assert await verify(house.store) is None

    # The same again, a correction and a retraction, long after: answered like any other.
    await house.accept(incident(), copy=1)
    await house.accept(
        incident(correction={"reason": "Name"}), "police.incident.corrected.v1", id_="c-1"
    )
    gone = {"reference": "N/1", "reason": "Wrong", "retracted_at": AFTER}
    await house.accept(gone, "police.incident.retracted.v1", id_="r-1")
    assert house.said(messages.CASE_WITHDRAWN)[0]["case"] == str(case)
    assert len(await erasures(house, case)) == 1


async def test_a_case_ends_while_another_of_the_same_child_lives_on(house: House) -> None:
    first = await taken(house)
    house.later("2026-09-01T10:00:00+00:00")
    second = await taken(house, reference="N/2", occurred_at="2026-09-01T09:00:00+00:00")

    house.later(AFTER)
    await house.work()

    assert await content_of(house, first) == []
    assert len(await content_of(house, second)) >= 4


async def test_a_correction_starts_its_months_again(house: House) -> None:
    case = await taken(house)
    house.later("2026-12-01T10:00:00+00:00")
    await house.accept(
        incident(correction={"reason": "Name"}, grading="high"),
        "police.incident.corrected.v1",
        id_="c-1",
    )
    house.later(AFTER)
    await house.work()
    assert await erasures(house, case) == []
    house.later("2028-01-02T00:00:00+00:00")
    await house.work()
    assert [one.ended_at.date().isoformat() for one in await erasures(house, case)] == [
        "2028-01-02"
    ]


async def test_it_counts_towards_no_history_after_thirteen_months(house: House) -> None:
    case = await taken(house)
    house.later(AFTER)
    await house.work()
    async with house.database.reading() as tx:
        kinds = select(FACTS.c.kind).where(FACTS.c.case_id == str(case))
        assert (await tx.execute(kinds)).all() == []
    again = incident(reference="N/3", occurred_at="2027-03-14T00:00:00Z", believed_at=AFTER)
    await house.accept(again, id_="3")
    told = house.made("education")[-1].disclosure
    assert told is not None
    assert told.content["history.count_12_months"] == 0


async def test_killed_between_its_keys_and_its_record_it_goes_on(
    embedded: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await taken(embedded)
    embedded.later(AFTER)

    async def killed(*_: object, **__: object) -> int:
        raise StoreUnavailable("killed")

    with monkeypatch.context() as patch:
        patch.setattr(embedded.store, "append", killed)
        with pytest.raises(StoreUnavailable):
            await ending(embedded).run_once()
    history = await embedded.store.read_stream(stream_of(case))
    assert await erasures(embedded, case) == []
    assert embedded.said(messages.CASE_ERASED) == []

    await embedded.work()

    assert await content_of(embedded, case) == []
    [erased] = await erasures(embedded, case)
    assert erased.keys == len({key for each in history for key in keys_in(each.event)})
    assert len(embedded.said(messages.CASE_ERASED)) == 1


async def test_killed_half_way_through_the_keys_it_destroys_the_others(
    embedded: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await taken(embedded)
    embedded.later(AFTER)
    destroy, left = embedded.store.destroy_key, [2]

    async def dies(subject: str) -> bool:
        left[0] -= 1
        if left[0] < 0:
            raise StoreUnavailable("killed")
        return await destroy(subject)

    with monkeypatch.context() as patch:
        patch.setattr(embedded.store, "destroy_key", dies)
        with pytest.raises(StoreUnavailable):
            await ending(embedded).run_once()
    assert await content_of(embedded, case) != []
    await embedded.work()
    assert await content_of(embedded, case) == []


async def test_two_workers_at_once_end_it_once(house: House) -> None:
    cases = [await taken(house, reference=f"N/{number}") for number in range(3)]
    house.later(AFTER)
    one = ending(house)

    await asyncio.gather(one.run_once(), one.run_once())
    await house.work()

    assert [len(await erasures(house, case)) for case in cases] == [1, 1, 1]
    assert len(house.said(messages.CASE_ERASED)) == 3


async def test_nothing_of_it_stands_in_any_file_nor_do_its_keys(embedded: House) -> None:
    case = await told_of_long_names(embedded)
    history = await embedded.store.read_stream(stream_of(case))
    keys = {key for each in history for key in keys_in(each.event)}
    with closing(sqlite3.connect(embedded.folder / "log.db")) as db:
        asked = "SELECT subject, wrapped FROM sealing_keys"
        wrapped = [secret for name, secret in db.execute(asked) if name in keys]
    assert len(wrapped) == 4

    embedded.later(AFTER)
    await embedded.work()

    files = [file for file in embedded.folder.iterdir() if file.is_file()]
    written = b"".join(file.read_bytes() for file in files)
    for secret in wrapped:
        assert secret not in written
    for name in LONG_NAMES:
        assert name.encode() not in written


async def test_a_legal_hold_on_a_case_keeps_it_until_it_is_lifted(house: House) -> None:
    case = await taken(house)
    name = await hold(house, case=str(case))
    house.later(AFTER)
    await house.work()
    assert await content_of(house, case) != []
    kept = (await house.good("GET", "/retention"))["ended_and_kept"]
    assert kept == {"by_legal_hold": [str(case)], "waiting_for_a_person": []}
    assert await ending(house).next_due() is None  # nothing to do: it does not ask in circles

    told = {"reason": "The inquiry is over", "by": "ig-1"}
    await house.good("DELETE", f"/legal-holds/{name}", json=told)
    await house.work()
    assert await content_of(house, case) == []
    assert (await house.call("DELETE", f"/legal-holds/{name}", json=told)).status_code == 404


async def test_a_legal_hold_on_a_person_keeps_every_case_of_theirs(house: House) -> None:
    first = await taken(house)
    await house.accept(ended(child(born="2017-01-01", given="Zed")), ENDED, "haven", "e-1")
    other = house.made()[-1].case
    await hold(house, person=CAT)
    house.later(AFTER)
    await house.work()
    assert await content_of(house, first) != []
    assert await content_of(house, other) == []


async def test_a_lapsed_review_warns_and_holds_all_the_same(embedded: House) -> None:
    case = await taken(embedded)
    name = await hold(embedded, case=str(case), review_on="2027-03-01")
    [shown] = (await embedded.good("GET", "/legal-holds"))["legal_holds"]
    assert (shown["id"], shown["review_lapsed"]) == (name, False)
    embedded.later(AFTER)
    structlog.reset_defaults()  # a test before may have asked for errors only
    with capture_logs() as lines:
        await embedded.work()
        await embedded.work()
    assert await content_of(embedded, case) != []
    [shown] = (await embedded.good("GET", "/legal-holds"))["legal_holds"]
    assert (shown["review_lapsed"], shown["reason"]) == (True, "An inquiry has begun")
    assert (await embedded.good("GET", "/retention"))["legal_holds_to_review"] == 1
    assert [line["hold"] for line in lines if line["event"] == "legal hold not reviewed"] == [name]


async def test_what_waits_for_a_person_is_not_ended_behind_their_back(house: House) -> None:
    case = await taken(house, handling={"covert": True})
    house.later(AFTER)
    await house.work()
    assert await content_of(house, case) != []
    kept = (await house.good("GET", "/retention"))["ended_and_kept"]
    assert kept["waiting_for_a_person"] == [str(case)]

    [held] = (await house.good("GET", "/holds"))["holds"]
    told = {"outcome": "withheld", "reason": "Too late", "by": "ig-1"}
    await house.good("POST", f"/holds/{held['hold_id']}/resolve", json=told)
    await house.work()
    assert await content_of(house, case) == []


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({"review_on": "2026-02-12"}, "/review_on"),
        ({"person": CAT}, ""),  # a case and a person
        ({"case": None, "person": {"given_name": "Cat", "family_name": "Test"}}, "/person"),
        ({"reason": ""}, "/reason"),
        ({"until": "2027-01-01"}, "/until"),
    ],
)
async def test_a_legal_hold_that_cannot_be_understood_is_refused(
    embedded: House, told: Json, pointer: str
) -> None:
    body = {"case": str(uuid4()), "reason": "Why", "review_on": "2027-06-01", "by": "ig-1", **told}
    answer = await embedded.call("PUT", f"/legal-holds/{uuid4()}", json=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert "Cat" not in answer.text


async def test_only_information_governance_may_hold_or_look(embedded: House) -> None:
    token = await embedded.key("haven", "publisher", "reviewer")
    for method, path in (("GET", "/legal-holds"), ("GET", "/retention")):
        assert (await embedded.call(method, path, token=token)).status_code == 403


async def test_no_table_of_the_server_says_a_name(
    postgres_dsn: str, broker_url: str, tmp_path: Path
) -> None:
    """What the server keeps of dead rows until vacuum is not seen here (ADR 0009)."""
    async with open_house(tmp_path, (postgres_dsn, broker_url)) as house:
        await told_of_long_names(house)
        held = await tables(house)
        house.later(AFTER)
        await house.work()
        left = await tables(house)
    assert left.keys() == held.keys() >= {"events", "sealing_keys", "retained_cases"}
    for name in LONG_NAMES:
        for rows in left.values():
            assert name not in rows
            assert name.encode().hex() not in rows  # as bytes are written


async def tables(house: House) -> dict[str, str]:
    """Every row of every table of the schema, as text."""
    async with house.database.reading() as tx:
        mine = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        names = (await tx.execute(mine)).scalars().all()
        found = {}
        for name in names:
            rows = await tx.execute(text(f'SELECT t::text FROM "{name}" t'))
            found[name] = "\n".join(map(str, rows.scalars()))
        return found
