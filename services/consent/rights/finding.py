"""Where does somebody appear in all that was recorded up to now? So every right opens."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import Database
from services.chassis.projections import Projector
from services.consent.readmodels.appearing import cases_of
from services.consent.readmodels.recognition import known_as


@dataclass(frozen=True, kw_only=True)
class Found:
    """`known`: every key of the person; `cases`: ids of those they are in, also of erased ones.

    `tx` reads the same moment, for what more is asked of it.
    """

    known: frozenset[str]
    cases: frozenset[str]
    tx: AsyncConnection


class Finding:
    def __init__(self, *, database: Database, register: Projector, retained: Projector) -> None:
        self._database = database
        self._register = register
        self._retained = retained

    @asynccontextmanager
    async def of(self, keys: Sequence[str]) -> AsyncIterator[Found]:
        """By keyed hashes; whom nobody has recorded is found in no case."""
        await self._register.catch_up()
        await self._retained.catch_up()
        async with self._database.reading() as tx:
            known, _ = await known_as(tx, keys)
            cases = await cases_of(tx, known)
            yield Found(known=known, cases=frozenset(cases), tx=tx)
