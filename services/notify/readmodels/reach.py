"""Has this organisation a machine of its own that is called?"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.readmodels.pages import among
from services.notify.readmodels.webhook_tables import ENDPOINTS


async def with_endpoint(tx: AsyncConnection, organisations: Sequence[str]) -> Mapping[str, bool]:
    mine = (among(ENDPOINTS.c.organisation, organisations), ENDPOINTS.c.enabled.is_(True))
    found = await tx.execute(select(ENDPOINTS.c.organisation).where(*mine).distinct())
    return dict.fromkeys((row.organisation for row in found), True)
