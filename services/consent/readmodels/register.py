"""What does the log come to? People, facts, decisions and settings, as rows that can be asked."""

import json

from sqlalchemy import delete, update
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


class Register:
    """A Projection: the same rows when it is fed twice."""

    name = "consent-register"
    metadata = REGISTER

    async def apply(self, tx: AsyncConnection, recorded: Recorded) -> None:
        match recorded.event:
            case EventTaken() as taken:
                await _people(tx, taken)
            case FactsNoted() as noted:
                await _facts(tx, noted)
            case DecisionTaken() as taken:
                await _decision(tx, taken, recorded.position)
            case CaseClosed() as closed:
                case = DECISIONS.c.case_id == str(closed.message.case)
                await tx.execute(update(DECISIONS).where(case).values(superseded=True))
            case PoliciesSet(policies=policies):
                await _setting(tx, POLICIES, list(policies))
            case SignatoriesSet() as signed:
                await _setting(tx, SIGNATORIES + signed.agreement, signed.organisations)
            case _:
                pass


async def _people(tx: AsyncConnection, taken: EventTaken) -> None:
    rows = {
        (key, str(person.subject)): {"key": key, "subject": str(person.subject)}
        for person in taken.people
        for key in person.keys
    }
    await upsert(tx, PEOPLE, list(rows.values()), key=["key", "subject"])


async def _facts(tx: AsyncConnection, noted: FactsNoted) -> None:
    await tx.execute(delete(FACTS).where(FACTS.c.case_id == str(noted.case)))
    rows = [
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
    if rows:
        await tx.execute(FACTS.insert(), rows)


async def _decision(tx: AsyncConnection, taken: DecisionTaken, position: int) -> None:
    message = taken.message
    if message.supersedes is not None:
        former = DECISIONS.c.decision_id == str(message.supersedes)
        await tx.execute(update(DECISIONS).where(former).values(superseded=True))
    row = {
        "decision_id": str(message.decision_id),
        "case_id": str(message.case),
        "position": position,
        "source": message.event.source,
        "event_id": message.event.id,
        "outcome": message.outcome.value,
        "superseded": False,
        "rests": taken.resting is not None,
        "body": json.dumps(
            {
                "message": message.model_dump(mode="json"),
                "resting": taken.resting
                and {
                    "keys": list(taken.resting.keys),
                    "purpose": taken.resting.purpose,
                    "category": taken.resting.category,
                },
            }
        ),
    }
    await upsert(tx, DECISIONS, row, key=["decision_id"])
    if taken.resting is not None:
        keys = [{"decision_id": row["decision_id"], "key": key} for key in taken.resting.keys]
        await upsert(tx, RESTING, keys, key=["decision_id", "key"])


async def _setting(tx: AsyncConnection, name: str, value: object) -> None:
    await upsert(tx, SETTINGS, {"name": name, "body": json.dumps(value)}, key=["name"])
