"""Who is called, and in which order? The routes of an organisation's contacts."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.chassis.problems import Problem
from services.directory.access import Caller, Reader, require_own, sees_contacts
from services.directory.forms import (
    ContactDetails,
    ContactForm,
    Id,
    contacts_of,
    not_known,
    refusal,
    shown_contact,
)
from services.directory.handles import Directory
from services.directory.streams.organisation_commands import (
    OrganisationUnknown,
    RemoveContact,
    SetContact,
    SetContacts,
    Wish,
)

_PATH = "/organisations/{organisation}/contacts"


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")

    @router.get(_PATH)
    async def contacts(principal: Reader, organisation: str) -> dict[str, Any]:
        if not sees_contacts(principal, organisation):
            raise Problem(403, "This key may not do this for that organisation")
        return await _contacts(directory, organisation)

    @router.put(_PATH)
    async def put_all(
        principal: Caller, organisation: str, forms: list[ContactForm]
    ) -> dict[str, Any]:
        require_own(principal, organisation)
        given = contacts_of(forms, directory.pepper)
        known = (await directory.organisation(organisation)).contacts
        wish = SetContacts(contacts=tuple(one.after(known) for one in given))
        return await _change(directory, organisation, wish, principal.agency)

    @router.put(_PATH + "/{contact}")
    async def put_one(
        principal: Caller,
        organisation: str,
        contact: Id,
        form: ContactDetails,
        place: Annotated[int | None, Query(ge=0, le=100)] = None,
    ) -> dict[str, Any]:
        require_own(principal, organisation)
        if form.id not in (None, contact):
            raise refusal("/id", "is not the id in the address")
        known = (await directory.organisation(organisation)).contacts
        given = form.contact(contact, directory.pepper).after(known)
        wish = SetContact(contact=given, place=place)
        return await _change(directory, organisation, wish, principal.agency)

    @router.delete(_PATH + "/{contact}")
    async def remove(principal: Caller, organisation: str, contact: str) -> dict[str, Any]:
        require_own(principal, organisation)
        return await _change(
            directory, organisation, RemoveContact(contact=contact), principal.agency
        )

    return router


async def _change(
    directory: Directory, organisation: str, wish: Wish, actor: str
) -> dict[str, Any]:
    try:
        await directory.change(organisation, wish, actor=actor)
    except OrganisationUnknown:
        raise not_known("organisation") from None
    return await _contacts(directory, organisation)


async def _contacts(directory: Directory, organisation: str) -> dict[str, Any]:
    known = await directory.organisation(organisation)
    if known.profile is None:
        raise not_known("organisation")
    return {"contacts": [shown_contact(each) for each in known.contacts]}
