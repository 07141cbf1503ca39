"""Who is called at this school, who stands in, and is it right? The list, one person, the past."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.chassis.principals import Principal
from services.front.contacts import past, person, showing
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.register import Register
from services.front.visitor import Visitor, own_form, signed_in

Keeper = Annotated[Visitor, Depends(signed_in("recipient"))]
Json = dict[str, Any]
OVERTAKEN = 412
_SAID = {
    "saved": "The change is kept, and who is told next is told by it.",
    "confirmed": "All contacts are confirmed for this term.",
    "removed": "The person is taken off the list.",
}


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/contacts", include_in_schema=False)
    register = Register(house)

    async def show(
        request: Request, visitor: Visitor, organisation: str, status: int = 200, **content: Any
    ) -> HTMLResponse:
        who = visitor.principal
        contacts, edition = await house.edition(who, path_of(organisation))
        stale = await stale_of(house, who)
        needs = stale.pop(organisation, [])
        named = await register.names(who, [organisation, *stale])
        return await pages.show(
            request,
            "contacts/list.html",
            status=status,
            organisation=organisation,
            called=named[organisation],
            rows=showing.rows(contacts["contacts"], needs),
            edition=edition,
            others=[(one, named[one], len(found)) for one, found in stale.items()],
            **{"said": "", "overtaken": [], **content},
        )

    @routes.get("")
    async def own(visitor: Keeper) -> Response:
        return RedirectResponse(f"/contacts/{visitor.identity.organisation}", 303)

    @routes.get("/{organisation}")
    async def listed(
        request: Request, visitor: Keeper, organisation: str, done: str = ""
    ) -> HTMLResponse:
        return await show(request, visitor, organisation, said=_SAID.get(done, ""))

    @routes.post("/{organisation}", dependencies=[Depends(own_form)])
    async def change(
        request: Request,
        visitor: Keeper,
        organisation: str,
        do: Annotated[str, Form()],
        edition: Annotated[str, Form()],
        contact: Annotated[str, Form()] = "",
    ) -> Response:
        """One of the buttons beside a person, or the one that confirms them all."""
        try:
            done = await _done(house, visitor.principal, organisation, do, contact, edition)
        except Refused as refused:
            if refused.status != OVERTAKEN:
                raise
            told = showing.overtaken(refused.errors)
            return await show(request, visitor, organisation, OVERTAKEN, overtaken=told)
        return RedirectResponse(f"/contacts/{organisation}?done={done}", 303)

    person.add(routes, house, pages)
    past.add(routes, house, pages)
    return routes


async def _done(
    house: House, who: Principal, organisation: str, do: str, contact: str, edition: str
) -> str:
    path = path_of(organisation)
    if do == "confirm":
        await house.edit(who, "POST", f"{path}/confirm", edition, json={})
        return "confirmed"
    if do == "remove":
        await house.edit(who, "DELETE", f"{path}/{contact}", edition)
        return "removed"
    contacts = (await house.get(who, path))["contacts"]
    order = [one["id"] for one in contacts]
    if contact in order:
        here = order.index(contact)
        place = max(0, here + (-1 if do == "up" else 1))
        one = f"{path}/{contact}?place={place}"
        await house.edit(who, "PUT", one, edition, json=contacts[here])
    return "saved"


async def stale_of(house: House, who: Principal) -> dict[str, list[Json]]:
    """What is wrong with contacts, of every organisation that the visitor answers for."""
    found = await house.get(who, "/notify/v1/contacts/stale")
    return {one["organisation"]: one["needs"] for one in found["organisations"]}


def path_of(organisation: str) -> str:
    return f"/directory/v1/organisations/{organisation}/contacts"
