"""Who may sign in with this e-mail address, and for whom? Asked by the pages, never by others."""

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from contracts.identity import email_key
from contracts.messages import Contact
from services.chassis.projections import Projector
from services.directory.access import House
from services.directory.forms import Form
from services.directory.handles import Directory
from services.directory.people.addresses import Addresses, found


class FindForm(Form):
    email: str = Field(max_length=320)


def routes(directory: Directory, addresses: Projector) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")

    @router.post("/people/find")
    async def find(principal: House, form: FindForm) -> dict[str, Any]:
        """In the body, not the address: an address is logged by whatever stands before us."""
        await addresses.catch_up()
        async with directory.database.reading() as tx:
            places = await found(tx, email_key(directory.pepper, form.email))
        people = []
        for organisation, contact in places:
            people += await _person(directory, organisation, contact)
        return {"people": people}

    return router


async def _person(directory: Directory, organisation: str, contact: str) -> list[dict[str, Any]]:
    known = await directory.organisation(organisation)
    today = directory.clock.now().date()
    if known.profile is None or (known.closed_on is not None and known.closed_on < today):
        return []
    return [
        {
            "organisation": organisation,
            "organisation_name": known.profile.name,
            "kind": known.profile.kind,
            "contact": one.id,
            "role": one.role,
        }
        for one in known.contacts
        if one.id == contact and _serves(one, directory)
    ]


def _serves(contact: Contact, directory: Directory) -> bool:
    return contact.until is None or directory.clock.now().date() <= contact.until


def projector(directory: Directory) -> Projector:
    return Projector(directory.store, directory.database, Addresses(directory.pepper))
