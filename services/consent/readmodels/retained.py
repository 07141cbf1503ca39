"""Which case is kept until when, who is in it by keyed hashes, and what does a legal hold keep?"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    Column,
    Date,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    bindparam,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import Instant, upsert
from services.chassis.store import Row as Logged
from services.consent.domain.retention import end_of, ground_of, history_ends, term_of
from services.consent.readmodels.asking import in_parts
from services.consent.readmodels.grounds import METADATA as METADATA
from services.consent.readmodels.grounds import months_of_grounds, settle
from services.consent.streams.events import DecisionTaken, EventTaken
from services.consent.streams.retention import (
    CaseErased,
    GroundsSet,
    HistoryForgotten,
    LegalHoldLifted,
    LegalHoldPlaced,
)

_AT_ONCE = 500
CASES = Table(
    "retained_cases",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("type", String, nullable=False),  # of its last event
    Column("last_at", Instant, nullable=False),  # when its last event was accepted
    Column("events", Integer, nullable=False),
    Column("shared", Text, nullable=False),  # agreements, id@version
    Column("withheld", Text, nullable=False),
    Column("agreement", String, nullable=False),  # the one whose months apply
    Column("months", Integer),  # None: nothing says when it ends
    Column("due", Instant),
    Column("erased", Instant),  # the due moment that has been acted upon
    Column("history_due", Instant),
    Column("forgotten", Instant),
    Index("retained_due", "due"),
    Index("retained_history", "history_due"),
)
KEYS = Table(
    "retained_keys",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Index("retained_keys_key", "key"),
)
LEGAL_HOLDS = Table(
    "legal_holds",
    METADATA,
    Column("hold", String, primary_key=True),
    Column("case_id", String),
    Column("review_on", Date, nullable=False),
    Column("placed_by", String, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("lifted_at", Instant),
)
LEGAL_HOLD_KEYS = Table(
    "legal_hold_keys",
    METADATA,
    Column("hold", String, primary_key=True),
    Column("key", String, primary_key=True),
)

Values = dict[str, Any]
_CASES = select(CASES).where(CASES.c.case_id.in_(bindparam("keys", expanding=True)))


class Retained:
    """A PageProjection. `months` are those of every agreement on file, by `id@version`."""

    name = "consent-retained"
    metadata = METADATA

    def __init__(self, months: Mapping[str, int]) -> None:
        self._months = dict(months)

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Logged]) -> None:
        told = [(row.type, orjson.loads(row.data)) for row in page if row.type in _READ]
        known = await _known(tx, {_case_of(event) for _, event in told if _case_of(event)})
        keys: dict[tuple[str, str], Values] = {}
        for kind, event in told:
            if kind == GroundsSet.__name__:
                await settle(tx, event)
                await self._time_again(tx)
            elif kind == LegalHoldPlaced.__name__:
                await _placed(tx, event)
            elif kind == LegalHoldLifted.__name__:
                lifted = {"lifted_at": datetime.fromisoformat(event["at"])}
                one = LEGAL_HOLDS.c.hold == event["hold"]
                await tx.execute(update(LEGAL_HOLDS).where(one).values(lifted))
            else:
                case = _case_of(event)
                row = known.setdefault(case, _new(case))
                _HOW[kind](row, event)
                if kind == EventTaken.__name__:
                    keys |= _keys(case, event)
        grounds = await months_of_grounds(tx)
        rows = [self._timed(row, grounds) for row in known.values()]
        await upsert(tx, CASES, rows, key=["case_id"])
        await upsert(tx, KEYS, list(keys.values()), key=["case_id", "key"])

    async def _time_again(self, tx: AsyncConnection) -> None:
        """Those whose months are the area's own; what has ended has ended."""
        grounds = await months_of_grounds(tx)
        asked = select(CASES).where(
            CASES.c.agreement == "", or_(CASES.c.erased.is_(None), CASES.c.erased < CASES.c.due)
        )
        kept = [row for row in await tx.execute(asked) if ground_of(row.type)]
        again = [self._timed(_read(row), grounds) for row in kept]
        for start in range(0, len(again), _AT_ONCE):
            await upsert(tx, CASES, again[start : start + _AT_ONCE], key=["case_id"])

    def _timed(self, row: Values, grounds: Mapping[str, int]) -> Values:
        term = term_of(
            row["type"],
            shared=row["shared"],
            withheld=row["withheld"],
            months=self._months,
            grounds=grounds,
        )
        return {
            **row,
            "shared": json.dumps(sorted(row["shared"])),
            "withheld": json.dumps(sorted(row["withheld"])),
            "agreement": term.agreement if term else "",
            "months": term.months if term else None,
            "due": end_of(row["last_at"], term.months) if term else None,
            "history_due": history_ends(row["last_at"]) if term and not term.ground else None,
        }


async def is_erased(tx: AsyncConnection, case: UUID) -> bool:
    """Has its retention ended, with nothing new since?"""
    asked = select(CASES.c.due, CASES.c.erased).where(CASES.c.case_id == str(case))
    row = (await tx.execute(asked)).one_or_none()
    return row is not None and row.erased is not None and row.due <= row.erased


async def _known(tx: AsyncConnection, cases: set[str]) -> dict[str, Values]:
    found = {}
    for part in in_parts(cases):
        for row in await tx.execute(_CASES, {"keys": part}):
            found[row.case_id] = _read(row)
    return found


def _read(row: Row[Any]) -> Values:
    values = dict(row._mapping)
    return values | {name: set(json.loads(values[name])) for name in ("shared", "withheld")}


def _case_of(event: Values) -> str:
    """Of a legal hold and of the grounds none: they are rows of their own."""
    if "hold" in event or ("months" in event and "case" not in event):
        return ""
    return str(event["message"]["case"] if "message" in event else event["case"])


def _new(case: str) -> Values:
    return {
        "case_id": case,
        "type": "",
        "last_at": None,
        "events": 0,
        "shared": set(),
        "withheld": set(),
        "agreement": "",
        "months": None,
        "due": None,
        "erased": None,
        "history_due": None,
        "forgotten": None,
    }


def _take(row: Values, taken: Values) -> None:
    at = datetime.fromisoformat(taken["accepted_at"])
    row["last_at"] = max(at, row["last_at"] or at)
    row["type"] = taken["type"]
    row["events"] += 1


def _decide(row: Values, taken: Values) -> None:
    message = taken["message"]
    if message["outcome"] == "withheld":
        asked = {reason["version"] for reason in message["because"]}
        row["withheld"] |= {version for version in asked if "@" in version}
    elif message.get("agreement"):
        row["shared"].add(f"{message['agreement']}@{message['agreement_version']}")


def _erase(row: Values, erased: Values) -> None:
    row["erased"] = datetime.fromisoformat(erased["ended_at"])


def _forget(row: Values, forgotten: Values) -> None:
    row["forgotten"] = datetime.fromisoformat(forgotten["ended_at"])


_HOW = {
    EventTaken.__name__: _take,
    DecisionTaken.__name__: _decide,
    CaseErased.__name__: _erase,
    HistoryForgotten.__name__: _forget,
}
_READ = {*_HOW, LegalHoldPlaced.__name__, LegalHoldLifted.__name__, GroundsSet.__name__}


def _keys(case: str, taken: Values) -> dict[tuple[str, str], Values]:
    return {
        (case, key): {"case_id": case, "key": key}
        for person in taken["people"]
        for key in person["keys"]
    }


async def _placed(tx: AsyncConnection, placed: Values) -> None:
    hold = placed["hold"]
    row = {
        "hold": hold,
        "case_id": placed["case"],
        "review_on": date.fromisoformat(placed["review_on"]),
        "placed_by": placed["by"],
        "placed_at": datetime.fromisoformat(placed["at"]),
        "lifted_at": None,
    }
    await upsert(tx, LEGAL_HOLDS, row, key=["hold"])
    await tx.execute(delete(LEGAL_HOLD_KEYS).where(LEGAL_HOLD_KEYS.c.hold == hold))
    keys = [{"hold": hold, "key": key} for key in placed["keys"]]
    await upsert(tx, LEGAL_HOLD_KEYS, keys, key=["hold", "key"])
