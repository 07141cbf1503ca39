"""What does the log come to? People, facts, decisions and settings, as rows that can be asked."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import upsert
from services.chassis.store import Recorded
from services.consent.readmodels.tables import (
    DECISIONS,
    FACTS,
    PEOPLE,
    REGISTER,
    RESTING,
    SETTINGS,
)
from services.consent.streams.events import (
    CaseClosed,
    DecisionTaken,
    EventTaken,
    FactsNoted,
    PoliciesSet,
    SignatoriesSet,
)

POLICIES = "policies"
SIGNATORIES = "signatories/"

_FORGET = delete(FACTS).where(FACTS.c.case_id == bindparam("case"))
_NOTE = insert(FACTS)
_CLOSE = update(DECISIONS).where(DECISIONS.c.case_id == bindparam("case")).values(superseded=True)
_SUPERSEDE = (
    update(DECISIONS).where(DECISIONS.c.decision_id == bindparam("former")).values(superseded=True)
)

Values = dict[str, Any]


class Register:
    """A PageProjection: the same rows when it is fed twice."""

    name = "consent-register"
    metadata = REGISTER

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Recorded]) -> None:
        told = _Told()
        for recorded in page:
            told.add(recorded)
        await told.write(tx)


class _Told:
    """What a page of the log comes to, folded in its order, before any of it is written."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], Values] = {}
        self._facts: dict[UUID, FactsNoted] = {}
        self._decisions: dict[str, Values] = {}
        self._resting: dict[tuple[str, str], Values] = {}
        self._closed: set[str] = set()
        self._former: set[str] = set()
        self._settings: dict[str, Values] = {}

    def add(self, recorded: Recorded) -> None:
        match recorded.event:
            case EventTaken() as taken:
                self._people |= _people(taken)
            case FactsNoted() as noted:  # all that the case left before
                self._facts[noted.case] = noted
            case DecisionTaken() as taken:
                self._decide(taken, recorded.position)
            case CaseClosed() as closed:
                self._close(str(closed.message.case))
            case PoliciesSet(policies=policies):
                self._set(POLICIES, list(policies))
            case SignatoriesSet() as signed:
                self._set(SIGNATORIES + signed.agreement, signed.organisations)
            case _:
                pass

    def _decide(self, taken: DecisionTaken, position: int) -> None:
        if taken.message.supersedes is not None:
            former = str(taken.message.supersedes)
            self._former.add(former)
            if former in self._decisions:
                self._decisions[former]["superseded"] = True
        row = _decision(taken, position)
        self._decisions[row["decision_id"]] = row
        for key in taken.resting.keys if taken.resting else ():
            rests = {"decision_id": row["decision_id"], "key": key}
            self._resting[row["decision_id"], key] = rests

    def _close(self, case: str) -> None:
        self._closed.add(case)
        for row in self._decisions.values():
            if row["case_id"] == case:
                row["superseded"] = True

    def _set(self, name: str, value: object) -> None:
        self._settings[name] = {"name": name, "body": json.dumps(value)}

    async def write(self, tx: AsyncConnection) -> None:
        """What the page changes of what was there; then what it adds, changed already."""
        facts = [row for noted in self._facts.values() for row in _facts(noted)]
        await _each(tx, _FORGET, [{"case": str(case)} for case in self._facts])
        await _each(tx, _NOTE, facts)
        await _each(tx, _CLOSE, [{"case": case} for case in self._closed])
        await _each(tx, _SUPERSEDE, [{"former": former} for former in self._former])
        await _put(tx, PEOPLE, self._people, "key", "subject")
        await _put(tx, DECISIONS, self._decisions, "decision_id")
        await _put(tx, RESTING, self._resting, "decision_id", "key")
        await _put(tx, SETTINGS, self._settings, "name")


async def _each(tx: AsyncConnection, statement: Any, rows: list[Values]) -> None:
    if rows:
        await tx.execute(statement, rows)


async def _put(tx: AsyncConnection, table: Table, rows: dict[Any, Values], *key: str) -> None:
    await upsert(tx, table, list(rows.values()), key=key)


def _people(taken: EventTaken) -> dict[tuple[str, str], Values]:
    return {
        (key, str(person.subject)): {"key": key, "subject": str(person.subject)}
        for person in taken.people
        for key in person.keys
    }


def _facts(noted: FactsNoted) -> list[Values]:
    return [
        {
            "case_id": str(noted.case),
            "number": number,
            "key": key,
            "kind": fact.kind,
            "at": fact.at,
            "body": json.dumps(fact.body),
        }
        for number, fact in enumerate(noted.facts)
        for key in dict.fromkeys(fact.keys)
    ]


def _decision(taken: DecisionTaken, position: int) -> Values:
    message, resting = taken.message, taken.resting
    return {
        "decision_id": str(message.decision_id),
        "case_id": str(message.case),
        "position": position,
        "source": message.event.source,
        "event_id": message.event.id,
        "outcome": message.outcome.value,
        "superseded": False,
        "rests": resting is not None,
        "body": json.dumps(
            {
                "message": message.model_dump(mode="json"),
                "resting": resting
                and {
                    "keys": list(resting.keys),
                    "purpose": resting.purpose,
                    "category": resting.category,
                },
            }
        ),
    }
