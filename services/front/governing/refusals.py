"""What was not disclosed, and by which rules? Counts of some days, down to the one decision."""

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.front.governing.governor import Governor
from services.front.house import House
from services.front.pages import Pages
from services.front.words import local_day

Json = dict[str, Any]
_DAYS = timedelta(days=6)  # a week with today
_LONGEST = timedelta(days=92)


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/governance/refusals", include_in_schema=False)

    @routes.get("")
    async def refusals(
        request: Request,
        visitor: Governor,
        since: str = "",
        until: str = "",
        agreement: str = "",
        rule: str = "",
    ) -> HTMLResponse:
        first, last, problem = days(since, until, local_day(pages.clock.now()))
        found = await house.get(
            visitor.principal,
            "/consent/v1/refusals",
            since=first.isoformat(),
            until=last.isoformat(),
            agreement=agreement,
            rule=rule,
        )
        return await pages.show(
            request,
            "governance/refusals.html",
            status=422 if problem else 200,
            since=first.isoformat(),
            until=last.isoformat(),
            agreement=agreement,
            rule=rule,
            problem=problem,
            **found,
        )

    return routes


def days(since: str, until: str, today: date) -> tuple[date, date, str]:
    """The days asked for, or the last week and what is wrong with them."""
    week = (today - _DAYS, today)
    if not since and not until:
        return *week, ""
    try:
        first, last = date.fromisoformat(since), date.fromisoformat(until)
    except ValueError:
        return *week, "Enter both days as year, month and day, for example 2026-11-02"
    if not timedelta() <= last - first <= _LONGEST:
        return *week, "The last day must not be before the first, nor more than 92 days after it"
    return first, last, ""
