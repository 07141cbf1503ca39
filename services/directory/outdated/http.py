"""Which of my schools would not be reached? Counts, lists and a file for a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.principals import Principal
from services.directory.access import Watcher
from services.directory.days import today
from services.directory.forms import not_known
from services.directory.handles import Directory
from services.directory.outdated.lists import LISTS, StaleList
from services.directory.outdated.scope import schools_of
from services.directory.readmodels.schools import SCHOOLS
from services.directory.readmodels.showing import shown

PAGE = 50
_COLUMNS = ("urn", "number", "name", "town", "postcode", "local_authority", "status", "closed_on")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1/outdated")

    @router.get("")
    async def counts(principal: Watcher) -> dict[str, Any]:
        await directory.schools.catch_up()
        theirs, day = await schools_of(directory, principal), today(directory)
        async with directory.database.reading() as tx:
            found = [
                {
                    "list": each.name,
                    "title": each.title,
                    "says": each.says,
                    "count": await _count(tx, theirs, each.where(day)),
                }
                for each in LISTS.values()
            ]
        return {"lists": found, "on": day}

    @router.get("/{name}")
    async def one(
        principal: Watcher,
        name: str,
        page: Annotated[int, Query(ge=1, le=10_000)] = 1,
        limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
    ) -> dict[str, Any]:
        stale = _list(name)
        schools, total = await _schools(directory, principal, stale, limit, (page - 1) * limit)
        says = {"list": stale.name, "title": stale.title, "says": stale.says}
        return {**says, "schools": schools, "total": total, "page": page}

    @router.get("/{name}/csv")
    async def spreadsheet(principal: Watcher, name: str) -> Response:
        stale = _list(name)
        schools, _ = await _schools(directory, principal, stale, None, 0)
        named = f'attachment; filename="{stale.name}.csv"'
        return Response(
            _csv(schools), media_type="text/csv", headers={"Content-Disposition": named}
        )

    return router


def _list(name: str) -> StaleList:
    if name not in LISTS:
        raise not_known("list")
    return LISTS[name]


async def _schools(
    directory: Directory, principal: Principal, stale: StaleList, limit: int | None, offset: int
) -> tuple[list[dict[str, Any]], int]:
    await directory.schools.catch_up()
    theirs: ColumnElement[bool] = await schools_of(directory, principal)
    day = today(directory)
    where = (theirs, stale.where(day))
    async with directory.database.reading() as tx:
        total = await _count(tx, *where)
        query = select(SCHOOLS).where(*where).order_by(SCHOOLS.c.name, SCHOOLS.c.id)
        rows = (await tx.execute(query.limit(limit).offset(offset))).all()
        return await shown(tx, rows, day), total


async def _count(tx: AsyncConnection, *where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(SCHOOLS).where(*where)
    return int((await tx.execute(query)).scalar_one())


def _csv(schools: Iterable[dict[str, Any]]) -> str:
    """With a mark of its encoding, so that a spreadsheet reads a Welsh name as it is written."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow([*_COLUMNS, "successor", "candidates"])
    for each in schools:
        unclear = each["unclear"] or {"candidates": []}
        rows.writerow(
            [
                *(_cell(each[column]) for column in _COLUMNS),
                _cell((each["successor"] or {}).get("name")),
                _cell("; ".join(one["name"] for one in unclear["candidates"])),
            ]
        )
    return "\ufeff" + text.getvalue()


def _cell(value: object) -> str:
    """A name that a spreadsheet would take for a formula is text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
