"""Is this somebody whom we know? By any key that one of their records shares with another."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.readmodels.tables import PEOPLE

# Records chain: this one by its NHS number, that one by name, birth and postcode (ADR 0017).
_ROUNDS = 4


async def known_as(tx: AsyncConnection, keys: Iterable[str]) -> tuple[frozenset[str], UUID | None]:
    """Every key of the person, and the subject under which they were sealed first, if any."""
    known, subjects = frozenset(keys), frozenset[str]()
    for _ in range(_ROUNDS):
        found = await _subjects(tx, known)
        if found == subjects:
            break
        subjects = found
        known |= await _keys(tx, subjects)
    return known, UUID(min(subjects)) if subjects else None


async def _subjects(tx: AsyncConnection, keys: frozenset[str]) -> frozenset[str]:
    asked = select(PEOPLE.c.subject).where(PEOPLE.c.key.in_(sorted(keys))).distinct()
    return frozenset((await tx.execute(asked)).scalars())


async def _keys(tx: AsyncConnection, subjects: frozenset[str]) -> frozenset[str]:
    asked = select(PEOPLE.c.key).where(PEOPLE.c.subject.in_(sorted(subjects))).distinct()
    return frozenset((await tx.execute(asked)).scalars())
