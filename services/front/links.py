"""Which sign-in links are wanted, which are still to be sent, and which are still good?"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from services.chassis.clock import Clock
from services.chassis.database import Database, upsert
from services.front.addresses import Addresses
from services.front.people import Identity
from services.front.tables import LINKS, hashed

LINK_LIFE = timedelta(minutes=15)  # from the moment in which it is written
WISH_LIFE = timedelta(hours=1)  # as long as a mail server may be away
AT_ONCE = 5  # for one address
_LEASE = timedelta(minutes=2)  # for who looks up and sends; then another process may try
_AGAIN = timedelta(seconds=10)
_PAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Somebody asked for a link to be sent to `email`, who may be known or not."""

    wish: str
    email: str


class Links:
    """`clock` is real time: what protects people does not run faster in a demonstration."""

    def __init__(self, database: Database, addresses: Addresses, clock: Clock) -> None:
        self._database = database
        self._addresses = addresses
        self._clock = clock

    async def want(self, email: str) -> None:
        """Ask for a link. Beyond a few at a time nothing is added: the first ones still work.

        The same work for every address: whether anybody lists it is asked later, by a worker.
        """
        now = self._clock.now()
        address = self._addresses.key(email)
        async with self._database.transaction() as tx:
            await tx.execute(delete(LINKS).where(_is_over(now)))
            asked = select(LINKS.c.slot).where(LINKS.c.address == address)
            taken = set(await tx.scalars(asked))
            free = next((slot for slot in range(AT_ONCE) if slot not in taken), None)
            if free is None:
                return
            row = {
                "address": address,
                "slot": free,
                "wish": secrets.token_hex(16),
                "wanted_at": now,
                "sealed": self._addresses.seal(email),
                "next_at": now,
                "identities": None,
                "secret": None,
                "written_at": None,
            }
            # Two that take one slot in the same moment are one wish.
            await upsert(tx, LINKS, row, key=["address", "slot"])

    async def due(self) -> list[Wish]:
        """Those to be sent now, the oldest first. What is over is forgotten on the way."""
        now = self._clock.now()
        asked = select(LINKS).where(LINKS.c.next_at <= now, LINKS.c.wanted_at >= now - WISH_LIFE)
        async with self._database.reading() as tx:
            over = await tx.scalar(select(LINKS.c.wish).where(_is_over(now)).limit(1))
            rows = list(await tx.execute(asked.order_by(LINKS.c.wanted_at).limit(_PAGE)))
        if over is not None:
            await self._changed(delete(LINKS).where(_is_over(now)))
        return [Wish(wish=row.wish, email=self._addresses.open(row.sealed)) for row in rows]

    async def take(self, wish: Wish) -> bool:
        """Whether this process is the one that looks it up and sends it."""
        now = self._clock.now()
        mine = update(LINKS).where(LINKS.c.wish == wish.wish, LINKS.c.next_at <= now)
        return await self._changed(mine.values(next_at=now + _LEASE))

    async def write(self, wish: Wish, identities: Sequence[Identity]) -> str:
        """The token to be sent, shown once. One that was written before works no more."""
        token = secrets.token_urlsafe(32)
        values = {
            "secret": hashed(token),
            "written_at": self._clock.now(),
            "identities": [one.as_dict() for one in identities],
        }
        await self._changed(update(LINKS).where(LINKS.c.wish == wish.wish).values(values))
        return token

    async def sent(self, wish: Wish, token: str | None) -> None:
        """Nothing is left to be sent: the mail has gone, or none will go and `token` is None."""
        secret = hashed(token) if token else None
        mine = update(LINKS).where(
            LINKS.c.wish == wish.wish, LINKS.c.secret.is_not_distinct_from(secret)
        )
        await self._changed(mine.values(next_at=None, sealed=None))

    async def later(self, wish: Wish) -> None:
        """The mail did not go, as far as we know: the next try writes another token."""
        values = {"next_at": self._clock.now() + _AGAIN}
        await self._changed(update(LINKS).where(LINKS.c.wish == wish.wish).values(values))

    async def use(self, token: str) -> tuple[Identity, ...]:
        """Whom it was sent to, once; nobody when the link is no longer good."""
        secret, now = hashed(token), self._clock.now()
        good = (LINKS.c.secret == secret, LINKS.c.written_at >= now - LINK_LIFE)
        async with self._database.transaction() as tx:
            row = (await tx.execute(select(LINKS.c.identities).where(*good))).one_or_none()
            if row is None or not (await tx.execute(delete(LINKS).where(*good))).rowcount:
                return ()
        return tuple(Identity(**one) for one in row.identities)

    async def _changed(self, statement: Any) -> bool:
        async with self._database.transaction() as tx:
            return bool((await tx.execute(statement)).rowcount)


def _is_over(now: datetime) -> ColumnElement[bool]:
    """An unknown address keeps its slot as long as a link would live: nobody sees a difference."""
    written = or_(LINKS.c.written_at.is_(None), LINKS.c.written_at < now - LINK_LIFE)
    settled = and_(LINKS.c.next_at.is_(None), LINKS.c.wanted_at < now - LINK_LIFE, written)
    return or_(settled, LINKS.c.wanted_at < now - WISH_LIFE)
