"""What does the log come to? People, facts, decisions and settings, as rows that can be asked.

Nothing of that is sealed: the register reads the log as it is stored, and opens nobody's data.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Table, bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import upsert
from services.chassis.store import Row
from services.consent.domain.grounds import TREATMENT
from services.consent.domain.retention import HISTORY
from services.consent.readmodels import judged
from services.consent.readmodels.decisions import untold_row
from services.consent.readmodels.tables import (
    DECISIONS,
    FACTS,
    OVERRIDES,
    PEOPLE,
    PROPOSALS,
    REGISTER,
    RESTING,
    RETRACTIONS,
    SETTINGS,
    UNTOLD,
)
from services.consent.streams.events import (
    CaseClosed,
    CaseReopened,
    DecisionOverridden,
    DecisionTaken,
    EventTaken,
    FactsNoted,
    OverrideReviewed,
    PoliciesSet,
    ReleaseProposed,
    SignatoriesSet,
)
from services.consent.streams.retention import CaseErased, HistoryForgotten
from services.consent.streams.state import RETRACTED

POLICIES = "policies"
SIGNATORIES = "signatories/"

_FORGET = delete(FACTS).where(FACTS.c.case_id == bindparam("case"))
_FORGET_HISTORY = delete(FACTS).where(
    FACTS.c.case_id == bindparam("case"), or_(*(FACTS.c.kind == kind for kind in sorted(HISTORY)))
)
_NOTE = insert(FACTS)
_RELEASE = delete(RESTING).where(
    RESTING.c.decision_id.in_(
        select(DECISIONS.c.decision_id).where(DECISIONS.c.case_id == bindparam("case"))
    )
)
_CLOSE = update(DECISIONS).where(DECISIONS.c.case_id == bindparam("case")).values(superseded=True)
_REOPEN = delete(RETRACTIONS).where(RETRACTIONS.c.case_id == bindparam("case"))
_SUPERSEDE = (
    update(DECISIONS).where(DECISIONS.c.decision_id == bindparam("former")).values(superseded=True)
)

_REVIEW = (
    update(OVERRIDES)
    .where(OVERRIDES.c.decision_id == bindparam("which"))
    .values(
        outcome=bindparam("upheld"), reviewed_by=bindparam("who"), reviewed_at=bindparam("moment")
    )
)

_READ = frozenset(
    event.__name__
    for event in (
        EventTaken,
        FactsNoted,
        DecisionTaken,
        ReleaseProposed,
        CaseClosed,
        CaseReopened,
        PoliciesSet,
        SignatoriesSet,
        CaseErased,
        HistoryForgotten,
        DecisionOverridden,
        OverrideReviewed,
    )
)

Values = dict[str, Any]


class Register:
    """A PageProjection: the same rows when it is fed twice."""

    name = "consent-register"
    metadata = REGISTER

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Row]) -> None:
        told = _Told()
        for row in page:
            told.add(row)
        await told.write(tx)


class _Told:
    """What a page of the log comes to, folded in its order, before any of it is written."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], Values] = {}
        self._facts: dict[str, Values] = {}
        self._decisions: dict[str, Values] = {}
        self._resting: dict[tuple[str, str], Values] = {}
        self._closed: set[str] = set()
        self._erased: set[str] = set()
        self._past: set[str] = set()
        self._former: set[str] = set()
        self._retracted: dict[str, Values] = {}
        self._reopened: set[str] = set()
        self._proposals: dict[str, Values] = {}
        self._settings: dict[str, Values] = {}
        self._untold: dict[str, Values] = {}
        self._overrides: dict[str, Values] = {}
        self._reviews: list[Values] = []

    def add(self, row: Row) -> None:
        if row.type not in _READ:
            return
        event = orjson.loads(row.data)
        match row.type:
            case EventTaken.__name__:
                self._people |= _people(event)
                self._retract(event)
            case FactsNoted.__name__:  # all that the case left before
                self._facts[event["case"]] = event
            case DecisionTaken.__name__:
                self._decide(event, row.position)
            case CaseClosed.__name__:
                self._close(event["message"]["case"])
            case CaseErased.__name__:
                self._erase(event["case"])
            case HistoryForgotten.__name__:
                self._forget_history(event["case"])
            case _:
                self._keep(row.type, event)

    def _keep(self, kind: str, event: Values) -> None:
        match kind:
            case ReleaseProposed.__name__:
                self._proposals[event["decision_id"]] = judged.proposal(event)
            case PoliciesSet.__name__:
                self._set(POLICIES, event["policies"])
            case SignatoriesSet.__name__:
                self._set(SIGNATORIES + event["agreement"], _signed(event))
            case _:
                self._judge(kind, event)

    def _judge(self, kind: str, event: Values) -> None:
        """What a person has said in the place of the rules."""
        match kind:
            case DecisionOverridden.__name__:
                self._overrides[event["decision_id"]] = judged.override(event)
            case OverrideReviewed.__name__:
                self._reviews.append(judged.review(event))
            case CaseReopened.__name__:
                self._reopened.add(event["case"])
                self._retracted.pop(event["case"], None)

    def _decide(self, taken: Values, position: int) -> None:
        former = taken["message"].get("supersedes")
        if former is not None:
            self._former.add(former)
            if former in self._decisions:
                self._decisions[former]["superseded"] = True
        row = _decision(taken, position)
        self._decisions[row["decision_id"]] = row
        if row["outcome"] != "disclosed" and taken["message"]["event"]["type"] in TREATMENT:
            self._untold[row["decision_id"]] = untold_row(taken["message"])
        resting = taken.get("resting")
        for key in resting["keys"] if resting else ():
            self._resting[row["decision_id"], key] = {"decision_id": row["decision_id"], "key": key}

    def _close(self, case: str) -> None:
        self._closed.add(case)
        for row in self._decisions.values():
            if row["case_id"] == case:
                row["superseded"] = True

    def _erase(self, case: str) -> None:
        """Nothing of it is left that could rest on anybody's consent."""
        self._erased.add(case)
        of_case = {name for name, row in self._decisions.items() if row["case_id"] == case}
        self._resting = {at: row for at, row in self._resting.items() if at[0] not in of_case}

    def _forget_history(self, case: str) -> None:
        self._past.add(case)
        if (noted := self._facts.get(case)) is not None:
            kept = [fact for fact in noted["facts"] if fact["kind"] not in HISTORY]
            self._facts[case] = {**noted, "facts": kept}

    def _retract(self, taken: Values) -> None:
        if taken["type"] == RETRACTED:
            sent = taken.get("sent_at") or taken["accepted_at"]
            row = {"case_id": taken["case"], "sent_at": datetime.fromisoformat(sent)}
            former = self._retracted.get(taken["case"], row)
            self._retracted[taken["case"]] = max(row, former, key=lambda one: one["sent_at"])

    def _set(self, name: str, value: object) -> None:
        self._settings[name] = {"name": name, "body": _json(value)}

    async def write(self, tx: AsyncConnection) -> None:
        """What the page changes of what was there; then what it adds, changed already."""
        facts = [row for noted in self._facts.values() for row in _facts(noted)]
        await _each(tx, _FORGET, [{"case": case} for case in self._facts])
        await _each(tx, _FORGET_HISTORY, [{"case": case} for case in self._past - {*self._facts}])
        await _each(tx, _RELEASE, [{"case": case} for case in self._erased])
        await _each(tx, _NOTE, facts)
        await _each(tx, _CLOSE, [{"case": case} for case in self._closed])
        await _each(tx, _SUPERSEDE, [{"former": former} for former in self._former])
        await _each(tx, _REOPEN, [{"case": case} for case in self._reopened])
        await upsert(
            tx, RETRACTIONS, list(self._retracted.values()), key=["case_id"], newer="sent_at"
        )
        await _put(tx, PEOPLE, self._people, "key", "subject")
        await _put(tx, DECISIONS, self._decisions, "decision_id")
        await _put(tx, RESTING, self._resting, "decision_id", "key")
        await _put(tx, PROPOSALS, self._proposals, "decision_id")
        await _put(tx, SETTINGS, self._settings, "name")
        await _put(tx, UNTOLD, self._untold, "decision_id")
        await _put(tx, OVERRIDES, self._overrides, "decision_id")
        await _each(tx, _REVIEW, self._reviews)


def _signed(told: Values) -> list[Values] | None:
    """What was told before signatures had dates is told of every day. None: everybody."""
    if told["organisations"] is None:
        return None
    return told.get("signatures") or [{"organisation": one} for one in told["organisations"]]


async def _each(tx: AsyncConnection, statement: Any, rows: list[Values]) -> None:
    if rows:
        await tx.execute(statement, rows)


async def _put(tx: AsyncConnection, table: Table, rows: dict[Any, Values], *key: str) -> None:
    await upsert(tx, table, list(rows.values()), key=key)


def _people(taken: Values) -> dict[tuple[str, str], Values]:
    return {
        (key, person["subject"]): {"key": key, "subject": person["subject"]}
        for person in taken["people"]
        for key in person["keys"]
    }


def _facts(noted: Values) -> list[Values]:
    counted = noted["facts"] if noted.get("counted", True) else []
    return [
        {
            "case_id": noted["case"],
            "number": number,
            "key": key,
            "kind": fact["kind"],
            "at": datetime.fromisoformat(fact["at"]),
            "body": _json(fact.get("body", {})),
        }
        for number, fact in enumerate(counted)
        for key in dict.fromkeys(fact["keys"])
    ]


def _decision(taken: Values, position: int) -> Values:
    message, resting = taken["message"], taken.get("resting")
    return {
        "decision_id": message["decision_id"],
        "case_id": message["case"],
        "position": position,
        "source": message["event"]["source"],
        "event_id": message["event"]["id"],
        "outcome": message["outcome"],
        "superseded": False,
        "rests": resting is not None,
        "body": _json(
            {
                "message": message,
                "resting": resting,
                "two_person": taken.get("two_person", False),
            }
        ),
    }


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
