"""What does one notification say to this reader, and what when it is closed to them?"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from services.front import notification as words
from services.front import values, waiting
from services.front.agreements import ground_of
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.register import Register, agency, names_of, people_of
from services.front.visitor import Visitor, signed_in

Reader = Annotated[Visitor, Depends(signed_in("recipient"))]
Json = dict[str, Any]
_MISSING, _GONE = 404, 410


def router(reading: "Reading") -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/inbox/{notification}")
    async def read(request: Request, visitor: Reader, notification: str) -> HTMLResponse:
        """Showing it is what opens it: the services record who read it, and when."""
        return await reading.show(request, visitor, notification)

    return routes


class Reading:
    def __init__(self, house: House, pages: Pages) -> None:
        self._house = house
        self._pages = pages
        self._register = Register(house)

    async def show(
        self,
        request: Request,
        visitor: Visitor,
        notification: str,
        *,
        status: int = 200,
        problem: Json | None = None,
        note: str = "",
        outcome: str = "",
    ) -> HTMLResponse:
        who = visitor.principal
        try:
            detail = await self._house.get(who, f"/notify/v1/inbox/{notification}")
        except Refused as refused:
            if refused.status != _GONE:
                raise
            return await self.closed(request, visitor, notification, refused.title)
        others = await self._beside(visitor, detail)
        return await self._pages.show(
            request,
            "notification.html",
            status=status,
            detail=detail,
            siblings=[one for one in others if not waiting.is_closed(one)],
            called=waiting.called,
            problem=problem,
            note=note,
            outcome=outcome,
            **await self._said(visitor, detail),
        )

    async def _said(self, visitor: Visitor, detail: Json) -> Json:
        who, me = visitor.principal, visitor.identity.contact
        sender = agency(detail["from"])
        named = values.workplaces(detail["content"])
        asked = (visitor.identity.organisation, sender, *named)
        known = await self._register.organisations(who, asked)
        people = people_of(known.values())
        ground = await ground_of(
            self._house, who, detail["agreement"], detail["agreement_version"], detail["profile"]
        )
        now, audience = self._pages.clock.now(), detail["audience"]
        content = values.with_workplaces(detail["content"], names_of(known.values()))
        return {
            "school": audience == "education",
            "name": words.name_of(content),
            "short": words.short_name(content),
            "lead": words.lead(content, audience),
            "abuse": words.is_domestic_abuse(content, audience),
            "rows": words.sections(content, ground),
            "found_by": words.found_by(detail),
            "ground": ground,
            "sender": names_of(known.values())[sender],
            "correction": words.correction(detail),
            "late": words.late(detail),
            "reading": words.reading(detail, me, people, now),
            "happenings": words.happenings(detail, me, people),
            "notes": words.notes(detail, me, people),
            "reader": people.get(me, ""),
        }

    async def closed(
        self, request: Request, visitor: Visitor, notification: str, title: str
    ) -> HTMLResponse:
        """The reference, the dates and what to do; and the one that stands in its place."""
        item = await self.listed_one(visitor, notification)
        others = await self._beside(visitor, item)
        same = [one for one in others if one["about"] == item["about"]]
        return await self._pages.show(
            request,
            "closed.html",
            status=_GONE,
            item=item,
            closed=waiting.is_closed(item),
            title=title,
            instead=next((one["id"] for one in same if not waiting.is_closed(one)), None),
        )

    async def listed_one(self, visitor: Visitor, notification: str) -> Json:
        """As the list has it, without opening it. Raises Refused."""
        try:
            found = await self._listed(visitor, notification=str(UUID(notification)))
        except ValueError:
            found = []
        if not found:
            raise Refused(_MISSING, "There is no such notification")
        return found[0]

    async def _beside(self, visitor: Visitor, one: Json) -> list[Json]:
        """The others of the same event in this inbox."""
        listed = await self._listed(visitor, together=one["together"])
        return [other for other in listed if other["id"] != one["id"]]

    async def _listed(self, visitor: Visitor, **which: str) -> list[Json]:
        return await self._house.every(
            visitor.principal, "/notify/v1/inbox", "notifications", **which
        )
