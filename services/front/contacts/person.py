"""How is one person added or changed? A form that keeps what was typed, also when it comes second.

The address names a place in the order of call and never a person.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.front.contacts import showing
from services.front.contacts.form import FIELDS, Typed, body_of, checked, typed_of
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.visitor import Visitor, own_form, signed_in

Keeper = Annotated[Visitor, Depends(signed_in("recipient"))]
Json = dict[str, Any]
_OVERTAKEN, _INVALID = 412, 422
_POINTERS = {
    "away/0/start": "away_start",
    "away/0/end": "away_end",
    "away/0/cover": "away_cover",
    "away/0": "away_end",
}


def add(routes: APIRouter, house: House, pages: Pages) -> None:
    async def show(
        request: Request,
        visitor: Visitor,
        organisation: str,
        contact: str,
        typed: Typed | None = None,
        status: int = 200,
        overtaken: list[str] | None = None,
    ) -> HTMLResponse:
        found, edition = await house.edition(visitor.principal, _path(organisation))
        contacts = found["contacts"]
        former = next((one for one in contacts if one["id"] == contact), None)
        typed = typed or typed_of(former)
        return await pages.show(
            request,
            "contacts/person.html",
            status=status,
            organisation=organisation,
            contact=contact,
            is_new=former is None,
            edition=edition,
            values=typed.values,
            problems=typed.problems,
            overtaken=overtaken or [],
            roles=showing.ROLES,
            covers=[(one["id"], showing.person(one)) for one in contacts if one["id"] != contact],
        )

    @routes.get("/{organisation}/person")
    async def form(
        request: Request, visitor: Keeper, organisation: str, place: int | None = None
    ) -> HTMLResponse:
        contact = ""
        if place is not None:
            contacts = (await house.get(visitor.principal, _path(organisation)))["contacts"]
            contact = contacts[place]["id"] if 0 <= place < len(contacts) else ""
        return await show(request, visitor, organisation, contact)

    @routes.post("/{organisation}/person", dependencies=[Depends(own_form)])
    async def save(request: Request, visitor: Keeper, organisation: str) -> Response:
        sent = {name: str(value) for name, value in (await request.form()).items()}
        values = {name: sent.get(name, "") for name in FIELDS}
        contact, edition = sent.get("contact", ""), sent.get("edition", "")
        typed = checked(values)
        if typed.problems:
            return await show(request, visitor, organisation, contact, typed, _INVALID)
        try:
            await _save(house, visitor, organisation, contact, values, edition)
        except Refused as refused:
            if refused.status == _OVERTAKEN:
                told = showing.overtaken(refused.errors)
                return await show(request, visitor, organisation, contact, typed, _OVERTAKEN, told)
            if refused.status != _INVALID:
                raise
            typed = Typed(values=values, problems=_problems(refused))
            return await show(request, visitor, organisation, contact, typed, _INVALID)
        return RedirectResponse(f"/contacts/{organisation}?done=saved", 303)


async def _save(
    house: House,
    visitor: Visitor,
    organisation: str,
    contact: str,
    values: dict[str, str],
    edition: str,
) -> None:
    who, path = visitor.principal, _path(organisation)
    contacts = (await house.get(who, path))["contacts"]
    former = next((one for one in contacts if one["id"] == contact), None)
    body = body_of(values, former)
    await house.edit(who, "PUT", f"{path}/{body['id']}", edition, json=body)


def _problems(refused: Refused) -> dict[str, str]:
    found: dict[str, str] = {}
    for error in refused.errors:
        pointer = str(error["pointer"]).strip("/")
        name = _POINTERS.get(pointer, pointer.partition("/")[0])
        found[name if name in FIELDS else "given_name"] = str(error["detail"]).capitalize()
    return found


def _path(organisation: str) -> str:
    return f"/directory/v1/organisations/{organisation}/contacts"
