"""Who is called, and in which order? The routes of an organisation's contacts."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from services.chassis.principals import Principal
from services.directory.access import Caller, is_own, who
from services.directory.editing import IfMatch, edit, require_editor, show_edition
from services.directory.forms import (
    ContactDetails,
    ContactForm,
    Form,
    Id,
    Word,
    contacts_of,
    not_known,
    refusal,
    require_covers,
    shown_contact,
)
from services.directory.handles import Directory
from services.directory.streams.organisation import Known, Part
from services.directory.streams.organisation_commands import (
    ConfirmContacts,
    RemoveContact,
    SetContact,
    SetContacts,
    Wish,
)

_PATH = "/organisations/{organisation}/contacts"
_ADMINISTRATORS = frozenset({"administrator", "service"})


class ConfirmForm(Form):
    """None named: all of them."""

    contacts: Annotated[list[Id], Field(max_length=200)] | None = None


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")
    _one_by_one(router, directory)
    _all_at_once(router, directory)
    return router


def _all_at_once(router: APIRouter, directory: Directory) -> None:
    @router.put(_PATH)
    async def put_all(
        principal: Caller,
        organisation: str,
        forms: list[ContactForm],
        response: Response,
        if_match: IfMatch = None,
    ) -> dict[str, Any]:
        await require_editor(directory, principal, organisation)
        given = contacts_of(forms, directory.pepper)
        known = (await directory.organisation(organisation)).contacts
        word = _word(directory, principal, organisation)
        wish = SetContacts(contacts=tuple(one.after(known, word) for one in given))
        return await _change(directory, principal, organisation, response, if_match, wish)

    @router.post(_PATH + "/confirm")
    async def confirm(
        principal: Caller,
        organisation: str,
        form: ConfirmForm,
        response: Response,
        if_match: IfMatch = None,
    ) -> dict[str, Any]:
        """They are right as they stand: what is asked at the beginning of each term."""
        await require_editor(directory, principal, organisation)
        named = tuple(form.contacts) if form.contacts is not None else None
        known = {one.id for one in (await directory.organisation(organisation)).contacts}
        for place, one in enumerate(named or ()):
            if one not in known:
                raise refusal(f"/contacts/{place}", "is no contact here")
        wish = ConfirmContacts(contacts=named, by=who(principal))
        return await _change(directory, principal, organisation, response, if_match, wish)


def _one_by_one(router: APIRouter, directory: Directory) -> None:
    @router.put(_PATH + "/{contact}")
    async def put_one(
        principal: Caller,
        organisation: str,
        contact: Id,
        form: ContactDetails,
        response: Response,
        place: Annotated[int | None, Query(ge=0, le=100)] = None,
        if_match: IfMatch = None,
    ) -> dict[str, Any]:
        await require_editor(directory, principal, organisation)
        if form.id not in (None, contact):
            raise refusal("/id", "is not the id in the address")
        known = (await directory.organisation(organisation)).contacts
        require_covers(form, contact, {one.id for one in known})
        word = _word(directory, principal, organisation)
        given = form.contact(contact, directory.pepper).after(known, word)
        wish = SetContact(contact=given, place=place)
        return await _change(directory, principal, organisation, response, if_match, wish)

    @router.delete(_PATH + "/{contact}")
    async def remove(
        principal: Caller,
        organisation: str,
        contact: str,
        response: Response,
        if_match: IfMatch = None,
    ) -> dict[str, Any]:
        await require_editor(directory, principal, organisation)
        wish = RemoveContact(contact=contact)
        return await _change(directory, principal, organisation, response, if_match, wish)


async def _change(
    directory: Directory,
    principal: Principal,
    organisation: str,
    response: Response,
    if_match: str | None,
    wish: Wish,
) -> dict[str, Any]:
    known = await edit(directory, principal, organisation, Part.CONTACTS, if_match, wish)
    return _shown(response, known)


def _word(directory: Directory, principal: Principal, organisation: str) -> Word:
    """Whose word it is that this is right: the organisation's own counts as a confirmation."""
    trusted = bool(principal.roles & _ADMINISTRATORS)
    own = is_own(principal, organisation) and not trusted
    return Word(by=who(principal), at=directory.clock.now(), own=own, trusted=trusted)


def _shown(response: Response, known: Known) -> dict[str, Any]:
    if known.profile is None:
        raise not_known("organisation")
    show_edition(response, known, Part.CONTACTS)
    return {"contacts": [shown_contact(each) for each in known.contacts]}
