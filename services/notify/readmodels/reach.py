"""Has this organisation a machine of its own that is called?"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.readmodels.webhooks import ENDPOINTS


async def has_endpoint(tx: AsyncConnection, organisation: str) -> bool:
    mine = (ENDPOINTS.c.organisation == organisation, ENDPOINTS.c.enabled.is_(True))
    return (
        await tx.execute(select(ENDPOINTS.c.endpoint).where(*mine).limit(1))
    ).first() is not None
