"""In which cases does somebody appear who is known by any of these keys?"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.readmodels.asking import in_parts
from services.consent.readmodels.recognition import known_as
from services.consent.readmodels.retained import KEYS


async def cases_of(tx: AsyncConnection, keys: Iterable[str]) -> set[str]:
    """By case id; records chain, so the other keys of the same person count as well."""
    known, _ = await known_as(tx, keys)
    found: set[str] = set()
    for part in in_parts(known):
        asked = select(KEYS.c.case_id).where(KEYS.c.key.in_(part))
        found.update((await tx.execute(asked)).scalars())
    return found
