"""Which agreements are there, what does one say, and what has changed in it?"""

import asyncio
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.chassis.principals import Principal
from services.front.governing import comparing, versions
from services.front.governing.governor import Governor
from services.front.governing.reading_aloud import plain, read_aloud
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.register import Register
from services.front.words import local_day, short_day

Json = dict[str, Any]
_PATH = "/consent/v1/agreements"


async def all_versions(house: House, who: Principal) -> list[list[Json]]:
    """Of each agreement every version, the oldest first."""
    listed = (await house.get(who, _PATH))["agreements"]
    ids = dict.fromkeys(one["id"] for one in listed)
    found = await asyncio.gather(*(house.get(who, f"{_PATH}/{one}") for one in ids))
    return [list(one["versions"]) for one in found]


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/governance/agreements", include_in_schema=False)

    @routes.get("")
    async def every(request: Request, visitor: Governor) -> HTMLResponse:
        who, today = visitor.principal, local_day(pages.clock.now())
        found = await all_versions(house, who)
        signed = await asyncio.gather(*(_signatures(house, who, one[0]["id"]) for one in found))
        rows = [
            _row(version, signatures, today)
            for several, signatures in zip(found, signed, strict=True)
            for version in reversed(several)
        ]
        return await pages.show(request, "governance/agreements.html", rows=rows)

    @routes.get("/{agreement}")
    async def one(
        request: Request, visitor: Governor, agreement: str, version: str = ""
    ) -> HTMLResponse:
        who, today = visitor.principal, local_day(pages.clock.now())
        several = (await house.get(who, f"{_PATH}/{agreement}"))["versions"]
        chosen = _chosen(several, version, today)
        signatures = await _signatures(house, who, agreement)
        return await pages.show(
            request,
            "governance/agreement.html",
            one=chosen,
            row=_row(chosen, signatures, today),
            signed=await _named(house, who, signatures),
            parts=read_aloud(chosen),
            others=[each["version"] for each in several if each is not chosen],
        )

    @routes.get("/{agreement}/changes")
    async def changes(
        request: Request, visitor: Governor, agreement: str, before: str = "", after: str = ""
    ) -> HTMLResponse:
        today = local_day(pages.clock.now())
        several = (await house.get(visitor.principal, f"{_PATH}/{agreement}"))["versions"]
        new = _chosen(several, after, today)
        old = _chosen(several, before or _before(several, new), today)
        return await pages.show(
            request,
            "governance/changes.html",
            one=new,
            old=old,
            profiles=comparing.profile_changes(old, new),
            changes=comparing.changes(old, new),
            versions=[each["version"] for each in several],
        )

    return routes


def _chosen(several: list[Json], version: str, today: date) -> Json:
    """What nobody has written is answered with the one in force."""
    named = (one for one in several if one["version"] == version)
    return next(named, None) or versions.standing(several, today)


def _before(several: list[Json], one: Json) -> str:
    place = several.index(one)
    return str(several[max(0, place - 1)]["version"])


def _row(version: Json, signatures: list[Json] | None, today: date) -> Json:
    span, state = version["in_force"], versions.state(version, today)
    until = f" until {short_day(span['until'])}" if span.get("until") else ""
    return {
        "id": version["id"],
        "version": version["version"],
        "title": version["title"],
        "state": state,
        "colour": "green" if state == "In force" else "grey",
        "since": f"{state} from {short_day(span['since'])}{until}",
        "review": short_day(version["review_on"]),
        "lapsed": versions.lapsed(version, today),
        "signed": _count(signatures),
    }


def _count(signatures: list[Json] | None) -> str:
    if signatures is None:
        return "Every organisation"
    return str(len({one["organisation"] for one in signatures})) if signatures else "Nobody"


async def _signatures(house: House, who: Principal, agreement: str) -> list[Json] | None:
    """None: every organisation has signed, which holds until somebody says otherwise."""
    try:
        told = (await house.get(who, f"{_PATH}/{agreement}/signatories"))["signatories"]
    except Refused:
        return None
    if told == "all":
        return None
    return [{"organisation": one} if isinstance(one, str) else dict(one) for one in told]


async def _named(house: House, who: Principal, signatures: list[Json] | None) -> list[str] | None:
    if signatures is None:
        return None
    names = await Register(house).names(who, {one["organisation"] for one in signatures})
    return [names[one["organisation"]] + _dates(one) for one in signatures]


def _dates(signature: Json) -> str:
    said = [
        f"{plain(name)} {short_day(signature[name])}"
        for name in ("from", "until")
        if signature.get(name)
    ]
    return f", {' '.join(said)}" if said else ""
