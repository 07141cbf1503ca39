"""Which people did one notification reach, by a nudge or because they read it?"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.readmodels.state import NOTIFICATIONS, NUDGED, NUDGES


async def nudged_or_read(tx: AsyncConnection, notification: UUID) -> set[tuple[str, str]]:
    """(organisation, contact); an organisation that names nobody stands as its own contact."""
    joined = NUDGES.join(NUDGED, NUDGED.c.nudge == NUDGES.c.nudge)
    sent = select(NUDGES.c.organisation, NUDGES.c.contact).select_from(joined)
    went = sent.where(NUDGED.c.notification == notification, NUDGES.c.sent_at.is_not(None))
    people = {(row.organisation, row.contact) for row in await tx.execute(went)}
    told = select(NOTIFICATIONS).where(NOTIFICATIONS.c.notification == notification)
    row = (await tx.execute(told)).one_or_none()
    if row is not None and row.opened_by is not None:
        people.add((row.diverted_to or row.organisation, row.opened_by))
    return people
