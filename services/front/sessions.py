"""Who has signed in, and for which of their organisations? Kept at the server, by a hash."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, delete, select, update

from services.chassis.clock import Clock
from services.chassis.database import Database
from services.front.people import Identity
from services.front.tables import SESSIONS, hashed

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
_NOTED = timedelta(minutes=1)  # how often a visit is written down


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    identities: tuple[Identity, ...]
    chosen: Identity | None


class Sessions:
    """`clock` is real time: what protects people does not run faster in a demonstration."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def answer(self) -> None:
        """Raises Unavailable while nobody can sign in."""
        async with self._database.reading() as tx:
            await tx.execute(select(SESSIONS.c.secret).limit(1))

    async def begin(self, identities: Sequence[Identity]) -> str:
        """The secret of the new session, shown once."""
        now = self._clock.now()
        secret = secrets.token_urlsafe(32)
        row = {
            "secret": hashed(secret),
            "identities": [one.as_dict() for one in identities],
            "chosen": identities[0].as_dict() if len(identities) == 1 else None,
            "began_at": now,
            "seen_at": now,
        }
        async with self._database.transaction() as tx:
            await tx.execute(delete(SESSIONS).where(SESSIONS.c.began_at < now - LONGEST))
            await tx.execute(SESSIONS.insert(), row)
        return secret

    async def look(self, secret: str) -> Session | None:
        """The session that is alive under this secret; looking at it keeps it alive."""
        now = self._clock.now()
        async with self._database.reading() as tx:
            row = (await tx.execute(_alive(secret, now))).one_or_none()
        if row is None:
            return None
        if now - row.seen_at >= _NOTED:
            await self._change(secret, seen_at=now)
        chosen = Identity(**row.chosen) if row.chosen else None
        return Session(identities=_identities(row), chosen=chosen)

    async def choose(self, secret: str, identity: Identity) -> None:
        await self._change(secret, chosen=identity.as_dict())

    async def leave(self, secret: str, session: Session, gone: Identity) -> None:
        """One place fewer; without any the session has ended."""
        left = [one.as_dict() for one in session.identities if one != gone]
        if not left:
            await self.end(secret)
            return
        await self._change(secret, identities=left, chosen=None)

    async def end(self, secret: str) -> None:
        async with self._database.transaction() as tx:
            await tx.execute(delete(SESSIONS).where(SESSIONS.c.secret == hashed(secret)))

    async def _change(self, secret: str, **values: Any) -> None:
        mine = update(SESSIONS).where(SESSIONS.c.secret == hashed(secret))
        async with self._database.transaction() as tx:
            await tx.execute(mine.values(**values))


def _alive(secret: str, now: datetime) -> Select[Any]:
    return select(SESSIONS).where(
        SESSIONS.c.secret == hashed(secret),
        SESSIONS.c.seen_at >= now - IDLE,
        SESSIONS.c.began_at >= now - LONGEST,
    )


def _identities(row: Row[Any]) -> tuple[Identity, ...]:
    return tuple(Identity(**one) for one in row.identities)
