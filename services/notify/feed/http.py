"""What came since then? For receivers that ask instead of being told."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select

from services.chassis.database import Database
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.notify.feed.projection import FEED

PAGE = 200


def router(database: Database, projector: Projector) -> APIRouter:
    routes = APIRouter(tags=["feed"])

    @routes.get("/notify/v1/feed")
    async def get_feed(
        principal: Annotated[Principal, Depends(guard("recipient"))],
        after: Annotated[int, Query(ge=0, le=2**62)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = PAGE,
    ) -> dict[str, Any]:
        """Ids only: the content is fetched from the inbox, where every reading is recorded."""
        if principal.person:
            raise Problem(403, "The feed is for software: people read the inbox")
        await projector.catch_up()
        chosen = (
            select(FEED.c.counter, FEED.c.type, FEED.c.notification, FEED.c.at)
            .where(FEED.c.organisation == principal.agency, FEED.c.counter > after)
            .order_by(FEED.c.counter)
            .limit(limit)
        )
        async with database.reading() as tx:
            items = [dict(row._mapping) for row in await tx.execute(chosen)]
        return {"items": items, "next": items[-1]["counter"] if items else after}

    return routes
