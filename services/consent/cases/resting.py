"""What rests on a consent that has gone? It stops, and only it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import CloudEvent
from contracts.events.consent import ConsentGiven, ConsentRefused, ConsentWithdrawn
from contracts.messages import Outcome, Reason
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.projections import Projector
from services.chassis.store import Context
from services.consent.domain.conditions.consent import RefusalInDoubt, judge
from services.consent.domain.days import london_day
from services.consent.domain.people import keys_of
from services.consent.domain.question import Finding, Unknown
from services.consent.readmodels import decisions
from services.consent.readmodels.facts import consents_of
from services.consent.readmodels.recognition import known_as
from services.consent.streams.case import stream_of
from services.consent.streams.events import CaseEvent
from services.consent.streams.state import RELEASED, Case, CaseCommand, StopResting


class Resting:
    def __init__(
        self,
        *,
        database: Database,
        register: Projector,
        commands: Commands[CaseCommand, Case, CaseEvent],
        pepper: bytes,
    ) -> None:
        self._database = database
        self._register = register
        self._commands = commands
        self._pepper = pepper

    async def stop_what_lost_it(
        self, event: CloudEvent, message: UUID, context: Context, now: datetime
    ) -> None:
        """Every standing decision that the person's last word does not carry any more."""
        told = event.content
        if not isinstance(told, ConsentGiven | ConsentRefused | ConsentWithdrawn):
            return
        await self._register.catch_up()
        lost: dict[UUID, dict[UUID, Reason]] = {}
        async with self._database.reading() as tx:
            keys, _ = await known_as(tx, keys_of(told.person, event.source, self._pepper))
            for standing in await decisions.resting_on(tx, keys):
                finding = await still_allowed(tx, standing, now)
                if not finding.applies:
                    made = standing.message
                    lost.setdefault(made.case, {})[made.decision_id] = lost_by(standing, finding)
        for case, because in lost.items():
            command = StopResting(because=because, now=now)
            await self._commands.handle(stream_of(case), command, context, key=message)


def lost_by(standing: decisions.Standing, finding: Finding) -> Reason:
    made = standing.message
    return Reason(
        rule=finding.rule or "consent-is-in-doubt",
        version=f"{made.agreement}@{made.agreement_version}",
        says=finding.says,
    )


async def still_allowed(
    tx: AsyncConnection, standing: decisions.Standing, now: datetime
) -> Finding:
    """Does what the person has said by now still allow this?"""
    rests: Mapping[str, Any] | None = standing.resting
    assert rests is not None  # the caller looked
    keys, _ = await known_as(tx, rests["keys"])
    try:
        return judge(
            await consents_of(tx, keys),
            purpose=rests["purpose"],
            audience=standing.message.audience,
            category=rests["category"],
            day=london_day(now),
        )
    except RefusalInDoubt as refusal:
        # Also of what a person released: that was before, and nobody has judged this.
        held = standing.message.outcome is Outcome.HELD
        return Finding(applies=held, says=str(refusal))
    except Unknown as unknown:
        return Finding(applies=_is_for_a_person(standing), says=str(unknown))


def _is_for_a_person(standing: decisions.Standing) -> bool:
    """Doubt is what a held decision waits with, and what a person who released it has judged."""
    released = any(reason.rule == RELEASED for reason in standing.message.because)
    return standing.message.outcome is Outcome.HELD or released
