"""What has ended, what is kept until when and why, and what stays beyond its end?"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.front.governing.governor import Governor
from services.front.house import House
from services.front.pages import Pages

Json = dict[str, Any]
GROUNDS = {
    "consent": "Consents and refusals",
    "status": "Changes of safeguarding status",
    "referral": "Referrals",
    "conference": "Child protection conferences",
    "marac": "Referrals to the MARAC and what it heard",
    "request": "Requests of people and searches, after their answer",
    "legal-hold": "Legal holds, after they were lifted",
}


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/governance/retention", include_in_schema=False)

    @routes.get("")
    async def kept(request: Request, visitor: Governor) -> HTMLResponse:
        found = await house.get(visitor.principal, "/consent/v1/retention")
        grounds = await house.get(visitor.principal, "/consent/v1/retention/grounds")
        return await pages.show(
            request,
            "governance/retention.html",
            one=found,
            terms=[{**term, "called": _called(term)} for term in found["terms"]],
            grounds=[{**each, "called": GROUNDS[each["ground"]]} for each in grounds["grounds"]],
            settled=grounds,
        )

    return routes


def _called(term: Json) -> str:
    if term["agreement"]:
        name, _, version = term["agreement"].partition("@")
        return f"{name}, version {version}"
    return GROUNDS[term["ground"]] if term["ground"] else "Events that no agreement spoke of"
