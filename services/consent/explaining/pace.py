"""How often may one key ask what would happen? An outcome may tell what another agency knows.

Whoever may ask at will can ask about anybody (ADR 0032). Counted in the database, so that every
process of a deployment counts the same; when a key asked is kept for as long as it counts, and
about whom it asked is kept nowhere.
"""

from datetime import datetime, timedelta
from math import ceil
from uuid import uuid4

from sqlalchemy import Column, MetaData, String, Table, delete, func, insert, select

from services.chassis.clock import Clock
from services.chassis.database import Database, Instant
from services.chassis.principals import Principal
from services.chassis.problems import Problem

LIMIT = 1_000  # in any hour: enough to try a mapping or a test suite, too few for a list of names
WINDOW = timedelta(hours=1)

METADATA = MetaData()
ASKED = Table(
    "explanations_asked",
    METADATA,
    Column("id", String, primary_key=True),
    Column("key", String, nullable=False, index=True),
    Column("asked_at", Instant, nullable=False, index=True),
)


class Pace:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def keep(self, principal: Principal) -> None:
        """Counts this question. Raises a Problem (429), which says when the next may be asked.

        Of questions that come in the same instant a few may be answered beyond the limit.
        """
        now, key = self._clock.now(), f"{principal.agency}/{principal.key_id}/{principal.person}"
        async with self._database.transaction() as tx:
            await tx.execute(delete(ASKED).where(ASKED.c.asked_at <= now - WINDOW))
            counted = select(func.count(), func.min(ASKED.c.asked_at)).where(ASKED.c.key == key)
            number, first = (await tx.execute(counted)).one()
            if number < LIMIT:
                await tx.execute(insert(ASKED).values(id=str(uuid4()), key=key, asked_at=now))
        if number >= LIMIT:
            raise _too_often(first + WINDOW, now)


def _too_often(again: datetime, now: datetime) -> Problem:
    wait = max(1, ceil((again - now).total_seconds()))
    title = f"This key has asked {LIMIT} times within an hour"
    return Problem(429, title, headers={"Retry-After": str(wait)})
