"""Who has signed in, and which links are still good? Hashes of secrets, ids, and instants."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Index,
    MetaData,
    Row,
    String,
    Table,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.clock import Clock
from services.chassis.database import Database, Instant
from services.front.people import Identity

LINK_LIFE = timedelta(minutes=15)
IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
_LINKS_AT_ONCE = 5  # that one person may ask for within the life of a link

METADATA = MetaData()
LINKS = Table(
    "sign_in_links",
    METADATA,
    Column("link", String, primary_key=True),
    Column("owner", String, nullable=False),  # the first place of the person
    Column("identities", JSON, nullable=False),
    Column("wanted_at", Instant, nullable=False),
    Column("secret", String, index=True),  # a hash; None until the mail is written
    Column("used_at", Instant),
)
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("secret", String, primary_key=True),  # a hash
    Column("identities", JSON, nullable=False),
    Column("chosen", JSON),  # None until somebody with several places has chosen one
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
Index("links_waiting", LINKS.c.secret, LINKS.c.wanted_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    identities: tuple[Identity, ...]
    chosen: Identity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A link that has been asked for and not been sent."""

    link: str
    identity: Identity


class Sessions:
    """`clock` is real time: what protects people does not run faster in a demonstration."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def want_link(self, identities: Sequence[Identity]) -> None:
        """Ask for a link. Beyond a few at a time nothing is added: the first ones still work."""
        now = self._clock.now()
        owner = f"{identities[0].organisation}/{identities[0].contact}"
        async with self._database.transaction() as tx:
            await tx.execute(delete(LINKS).where(LINKS.c.wanted_at < now - LINK_LIFE))
            asked = select(func.count()).select_from(LINKS).where(LINKS.c.owner == owner)
            if (await tx.scalar(asked) or 0) >= _LINKS_AT_ONCE:
                return
            row = {
                "link": secrets.token_hex(16),
                "owner": owner,
                "identities": [one.as_dict() for one in identities],
                "wanted_at": now,
            }
            await tx.execute(LINKS.insert(), row)

    async def unsent(self) -> list[Wanted]:
        alive = LINKS.c.wanted_at >= self._clock.now() - LINK_LIFE
        async with self._database.reading() as tx:
            asked = select(LINKS).where(LINKS.c.secret.is_(None), alive).order_by("wanted_at")
            rows = list(await tx.execute(asked.limit(50)))
        return [Wanted(link=row.link, identity=_identities(row)[0]) for row in rows]

    async def write_link(self, link: str) -> str | None:
        """The token to be sent, shown once. None when somebody else has written it already."""
        token = secrets.token_urlsafe(32)
        mine = update(LINKS).where(LINKS.c.link == link, LINKS.c.secret.is_(None))
        async with self._database.transaction() as tx:
            written = await tx.execute(mine.values(secret=_hash(token)))
        return token if written.rowcount else None

    async def unwrite_link(self, link: str) -> None:
        """The mail did not go: the next try writes another token."""
        async with self._database.transaction() as tx:
            await tx.execute(update(LINKS).where(LINKS.c.link == link).values(secret=None))

    async def begin(self, token: str) -> str | None:
        """Use a link, once. The new session's secret, or None when the link is no longer good."""
        now = self._clock.now()
        good = (
            LINKS.c.secret == _hash(token),
            LINKS.c.used_at.is_(None),
            LINKS.c.wanted_at >= now - LINK_LIFE,
        )
        async with self._database.transaction() as tx:
            row = (await tx.execute(select(LINKS).where(*good))).one_or_none()
            if row is None:
                return None
            used = update(LINKS).where(LINKS.c.link == row.link, LINKS.c.used_at.is_(None))
            if not (await tx.execute(used.values(used_at=now))).rowcount:
                return None
            return await self._begin(tx, row.identities, now)

    async def _begin(
        self, tx: AsyncConnection, identities: list[dict[str, Any]], now: datetime
    ) -> str:
        await tx.execute(delete(SESSIONS).where(SESSIONS.c.began_at < now - LONGEST))
        secret = secrets.token_urlsafe(32)
        row = {
            "secret": _hash(secret),
            "identities": identities,
            "chosen": identities[0] if len(identities) == 1 else None,
            "began_at": now,
            "seen_at": now,
        }
        await tx.execute(SESSIONS.insert(), row)
        return secret

    async def look(self, secret: str) -> Session | None:
        """The session that is alive under this secret; looking at it keeps it alive."""
        now = self._clock.now()
        async with self._database.reading() as tx:
            row = (await tx.execute(_alive(secret, now))).one_or_none()
        if row is None:
            return None
        if now - row.seen_at > timedelta(minutes=1):
            async with self._database.transaction() as tx:
                mine = update(SESSIONS).where(SESSIONS.c.secret == row.secret)
                await tx.execute(mine.values(seen_at=now))
        chosen = Identity(**row.chosen) if row.chosen else None
        return Session(identities=_identities(row), chosen=chosen)

    async def choose(self, secret: str, identity: Identity) -> None:
        mine = update(SESSIONS).where(SESSIONS.c.secret == _hash(secret))
        async with self._database.transaction() as tx:
            await tx.execute(mine.values(chosen=identity.as_dict()))

    async def end(self, secret: str) -> None:
        async with self._database.transaction() as tx:
            await tx.execute(delete(SESSIONS).where(SESSIONS.c.secret == _hash(secret)))


def _alive(secret: str, now: datetime) -> Any:
    return select(SESSIONS).where(
        SESSIONS.c.secret == _hash(secret),
        SESSIONS.c.seen_at >= now - IDLE,
        SESSIONS.c.began_at >= now - LONGEST,
    )


def _identities(row: Row[Any]) -> tuple[Identity, ...]:
    return tuple(Identity(**one) for one in row.identities)


def _hash(secret: str) -> str:
    """The secrets have 256 bits: a plain hash of one cannot be tried through."""
    return sha256(secret.encode()).hexdigest()
