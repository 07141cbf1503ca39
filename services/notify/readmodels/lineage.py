"""Which decisions has this one replaced, and what of theirs is still told?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from services.notify.readmodels.lookups import Lookups


async def live_before(look: Lookups, superseded: UUID | None) -> list[Row[Any]]:
    """Live notifications of the superseded decision and of those that it had superseded itself.

    One that was corrected before it was placed has none of its own: its forerunner's still stand.
    """
    seen: set[UUID] = set()
    found: list[Row[Any]] = []
    while superseded is not None and superseded not in seen:
        seen.add(superseded)
        found += await look.live(superseded) or ()
        row = await look.decision(superseded)
        superseded = row.supersedes if row is not None else None
    return sorted(found, key=lambda one: one.raised_at)
