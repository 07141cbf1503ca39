"""How does a service fill an empty address book? It reads the present state, page after page."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.directory.access import House
from services.directory.handles import Directory
from services.directory.state.pages import page_after

PAGE = 500


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")

    @router.get("/state")
    async def state(
        principal: House,
        after: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
    ) -> dict[str, Any]:
        page = await page_after(directory, after, limit)
        return {
            "messages": [
                {"id": str(told.id), "type": told.type, "body": told.body} for told in page.told
            ],
            "last": page.last,
            "next": page.last if page.more else None,
        }

    return router
