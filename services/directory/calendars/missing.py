"""Which schools go by somebody else's calendar, or by none? A list that somebody can act on."""

from typing import Annotated

from fastapi import APIRouter, Query

from contracts.school_days import AUTHORITY, NOBODY, SCHOOL, TRUST
from services.chassis.principals import Principal
from services.chassis.projections import Projector
from services.directory.access import Reader
from services.directory.calendars.http import Json, today
from services.directory.calendars.known_until import SOON, Scope, counts, listed
from services.directory.handles import Directory

_PAGE = 500
_LEVELS = {SCHOOL: "own", TRUST: TRUST, AUTHORITY: AUTHORITY, NOBODY: "none"}


def routes(directory: Directory, reaching: Projector) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")

    @router.get("/calendars/default")
    async def default(
        principal: Reader,
        local_authority: str | None = None,
        police_area: str | None = None,
        after: str = "",
        limit: Annotated[int, Query(ge=1, le=_PAGE)] = _PAGE,
    ) -> Json:
        """Of the caller's own area unless another is asked for; of all where it has none.

        `level`: whose calendar counts today instead of the school's own; `own` where that is
        listed because it runs out within 30 days.
        """
        for each in (directory.schools, reaching):
            await each.catch_up()
        scope = Scope(
            today=today(directory), local_authority=local_authority, police_area=police_area
        )
        if local_authority is None and police_area is None:
            scope = await _own(directory, principal, scope)
        async with directory.database.reading() as tx:
            found = await listed(tx, scope, after=after, limit=limit)
            by_level = await counts(tx, scope)
        return {
            "schools": [_shown(row, scope) for row in found],
            "counts": {word: by_level.get(level, 0) for level, word in _LEVELS.items()},
            "next": found[-1].id if len(found) == limit else None,
        }

    return router


async def _own(directory: Directory, principal: Principal, scope: Scope) -> Scope:
    profile = (await directory.organisation(principal.agency)).profile
    if profile is None:
        return scope
    place = profile.local_authority if profile.kind == "local-authority" else None
    area = profile.police_area if profile.kind == "police" else None
    return Scope(today=scope.today, local_authority=place, police_area=area)


def _shown(row: object, scope: Scope) -> Json:
    told = {name: getattr(row, name) for name in ("id", "name", "urn", "local_authority")}
    last = getattr(row, "last_day", None)
    return {
        **told,
        "level": _LEVELS[getattr(row, "level", NOBODY)],
        "until": str(last) if last else None,
        "runs_out": last is not None and last <= scope.today + SOON,
    }
