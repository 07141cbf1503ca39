"""What is left of a person in consent and notify when everything about them has ended? Nothing."""

import copy
import json
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from contracts.envelope import parse
from contracts.problems import InvalidEvent
from services.chassis.sealing import Sealed
from services.chassis.settings import Settings
from services.scenario.people import People
from services.scenario.setting import set_up
from services.scenario.stage import Stage, open_stage
from services.scenario.story import read_story

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
STORY = ROOT / "scenarios" / "retention-ends.yaml"
EXAMPLE = ROOT / "contracts" / "examples" / "police.incident.recorded.v1.json"
BELIEVED = datetime.fromisoformat("2026-02-13T10:05:00+00:00")
MINE = ("consent", "notify")
# What ties an event together or says where it goes: no words of anybody.
STRUCTURE = {"ref", "to", "harmed", "other", "organisation", "reference", "urn"}


@pytest.fixture(params=["embedded", pytest.param("distributed", marks=pytest.mark.distributed)])
async def stage(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    settings = None
    if request.param == "distributed":
        servers = {
            "database_url": request.getfixturevalue("postgres_dsn"),
            "broker_url": request.getfixturevalue("broker_url"),
        }
        settings = Settings().model_copy(update=servers)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    start = BELIEVED - timedelta(minutes=5)
    async with open_stage(
        on=request.param, start=start, agreements=None, settings=settings
    ) as opened:
        people = People()
        area = read_story(STORY).area.model_copy(update={"pupils": []})  # no register to contradict
        await set_up(opened, area, {}, people)
        yield opened


def leaves(told: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a string: where it stands, and under which name or number."""
    items = told.items() if isinstance(told, dict) else enumerate(told)
    for name, value in items:
        if isinstance(value, dict | list):
            yield from leaves(value)
        elif isinstance(value, str) and name not in STRUCTURE:
            yield told, name


def marked() -> tuple[Json, list[str]]:
    """An incident with a mark of its own in every field that takes words, and what was marked."""
    event: Json = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    data = event["data"]
    data |= {
        "occurred_at": "2026-02-13T09:40:00+00:00",
        "occurred_until": "2026-02-13T10:00:00+00:00",
        "believed_at": BELIEVED.isoformat(),
    }
    for person in data["people"]:
        person |= {"known_as": "x", "sex": "x"}
        person["identifiers"] = {**person.get("identifiers", {}), "local": "x"}
        person["identifiers"].pop("upn", None)  # the school is the one that the sender names
        person["addresses"][0]["lines"] = ["x", "x"]
        person["safe_contact"] = {"safe_to_call": True, "never_contact_via": ["x"], "notes": "x"}
    marks: list[str] = []
    for where, name in list(leaves(data)):
        former, mark = where[name], f"Quillfeather{len(marks):03d}zephyr"
        where[name] = mark
        try:
            parse(copy.deepcopy(event))
        except InvalidEvent:
            where[name] = former  # a code, an instant or a number: no words
        else:
            marks.append(mark)
    known = {"9990000018", "ZZ99 3CZ", "ZZ99 3VZ", "1991-04-12", "2018-05-01"}
    return event, [*marks, *known]


async def good(stage: Stage, method: str, path: str, **more: Any) -> Json:
    answer = await stage.request(method, path, **more)
    assert answer.is_success, answer.text
    return dict(answer.json()) if answer.content else {}


def cat(event: Json) -> Json:
    [child] = [one for one in event["data"]["people"] if one["ref"] == "child"]
    told = {name: child[name] for name in ("given_name", "family_name", "date_of_birth")}
    return {**told, "postcodes": ["ZZ99 3CZ"]}


async def everything_is_asked(stage: Stage, event: Json) -> list[str]:
    """The event is sent and read; every right is used, and every word of it is a mark too."""
    planted = {
        name: f"Marrowbone{name}zephyr" for name in ("note", "said", "asked", "held", "gone")
    }
    sent = {"content-type": "application/cloudevents+json"}
    await good(stage, "POST", "/notify/v1/events", agency="north-police", json=event, headers=sent)
    await stage.advance(BELIEVED + timedelta(hours=1))
    read = {"X-Daybreak-Contact": "alder-dsl"}
    inbox = await good(stage, "GET", "/notify/v1/inbox", agency="alder", headers=read)
    [one] = inbox["notifications"]
    path = f"/notify/v1/inbox/{one['id']}"
    await good(stage, "GET", path, agency="alder", headers=read)
    note = {"by": "alder-dsl", "note": planted["note"]}
    await good(stage, "POST", f"{path}/acknowledge", agency="alder", json=note)

    person, by = cat(event), {"received_on": "2026-02-13", "by": "ig-1"}
    rights = "/consent/v1/rights"
    about = f"{event['source']}|{event['id']}"
    said = {**by, "person": person, "event": about, "statement": planted["said"]}
    await good(stage, "POST", f"{rights}/annotations", json=said)
    await good(stage, "POST", f"{rights}/erasure-requests", json={**by, "person": person})
    asking = {**by, "person": person, "requester": "the-person"}
    asked = await good(stage, "POST", f"{rights}/subject-access", json=asking)
    refusal = {"reason": planted["asked"], "by": "ig-1"}
    await good(stage, "POST", f"{rights}/subject-access/{asked['id']}/refuse", json=refusal)
    hold = f"/consent/v1/legal-holds/{asked['id']}"
    held = {"person": person, "reason": planted["held"], "review_on": "2026-03-01", "by": "ig-1"}
    await good(stage, "PUT", hold, json=held)
    await good(stage, "DELETE", hold, json={"reason": planted["gone"], "by": "ig-1"})
    looked = {"person": person, "reason": planted["asked"], "by": "ig-1"}
    await good(stage, "POST", "/consent/v1/access-search", json=looked)
    await stage.house.settle()
    return list(planted.values())


async def readable(stage: Stage) -> str:
    """Everything in both logs, as whoever holds the service's key can read it."""
    logs = [await stage.storage.stores[name].read_all(0, 10_000) for name in MINE]
    return "".join(words(recorded.event) for log in logs for recorded in log)


def words(told: Any) -> str:
    """Also what is sealed, which shows itself to nobody who only prints it."""
    if isinstance(told, Sealed):
        return json.dumps(told.value)
    if is_dataclass(told):
        return "".join(words(getattr(told, each.name)) for each in fields(told))
    if isinstance(told, dict):
        return "".join(map(words, told.values()))
    return "".join(map(words, told)) if isinstance(told, tuple | list) else repr(told)


async def written(stage: Stage, folder: Path) -> bytes:
    """Every file and every row of every table, as it is stored."""
    found = [
        file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.startswith("directory")
    ]
    for name in MINE:
        database = stage.storage.databases[name]
        async with database.reading() as tx:
            if tx.dialect.name != "postgresql":
                continue
            mine = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
            for table in (await tx.execute(mine)).scalars().all():
                rows = await tx.execute(text(f'SELECT t::text FROM "{table}" t'))
                found += [str(row).encode() for row in rows.scalars()]
    return b"\n".join(found)


async def test_after_its_end_no_table_and_no_file_says_anything_of_the_person(
    stage: Stage, tmp_path: Path
) -> None:
    event, marks = marked()
    assert len(marks) >= 35
    marks += await everything_is_asked(stage, event)
    before = await readable(stage)
    assert [mark for mark in marks if mark not in before] == []

    await stage.advance(BELIEVED + timedelta(days=800))  # thirteen months, and twenty-five

    after, stored = await readable(stage), await written(stage, tmp_path)
    assert [mark for mark in marks if mark in after] == []
    assert len(stored) > 10_000
    for mark in marks:
        assert mark.encode() not in stored
        assert mark.encode().hex().encode() not in stored  # as bytes are written by the server
