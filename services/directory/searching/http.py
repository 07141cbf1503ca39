"""Which school is it, is it open, and where are its children now? Public facts, behind a key."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.directory.access import Reader
from services.directory.days import today
from services.directory.handles import Directory
from services.directory.readmodels.showing import shown
from services.directory.searching.meaning import meant, search

PAGE = 50


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")

    @router.get("/schools")
    async def schools(
        _: Reader,
        q: Annotated[str, Query(max_length=200)],
        closed: bool = True,
        page: Annotated[int, Query(ge=1, le=1000)] = 1,
        limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
    ) -> dict[str, Any]:
        """`q`: a URN, a number of authority and school, a postcode or the first half of one, or
        words with which those of the name and the town begin."""
        wanted = meant(q)
        if wanted is None:
            return {"schools": [], "total": 0, "page": page}
        await directory.schools.catch_up()
        day = today(directory)
        async with directory.database.reading() as tx:
            rows, total = await search(tx, wanted, day=day, closed=closed, page=page, size=limit)
            found = await shown(tx, rows, day)
        return {"schools": found, "total": total, "page": page}

    return router
