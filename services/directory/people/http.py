"""Who may sign in with this e-mail address, and do they still? Asked by the pages alone."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import Field

from contracts.contacts import Contact
from contracts.identity import email_key
from services.chassis.projections import Projector
from services.directory.access import House
from services.directory.forms import Form, not_known
from services.directory.handles import Directory
from services.directory.people.addresses import Addresses, found

Json = dict[str, Any]
_LOCAL = ZoneInfo("Europe/London")


class FindForm(Form):
    email: str = Field(max_length=320)


def routes(directory: Directory, addresses: Projector) -> APIRouter:
    router = APIRouter(prefix="/directory/v1/people")

    @router.post("/find")
    async def find(_: House, form: FindForm) -> Json:
        """In the body, not the address: an address is logged by whatever stands before us."""
        await addresses.catch_up()
        async with directory.database.reading() as tx:
            places = await found(tx, email_key(directory.pepper, form.email))
        people = [await _person(directory, *place) for place in places]
        return {"people": [one for one in people if one is not None]}

    @router.get("/{organisation}/{contact}")
    async def stands(_: House, organisation: str, contact: str) -> Json:
        """As it is now: 404 for who is listed no longer, and where the organisation has closed."""
        person = await _person(directory, organisation, contact)
        if person is None:
            raise not_known("person")
        return person

    return router


async def _person(directory: Directory, organisation: str, contact: str) -> Json | None:
    known = await directory.organisation(organisation)
    today = directory.clock.now().astimezone(_LOCAL).date()
    if known.profile is None or (known.closed_on is not None and known.closed_on <= today):
        return None
    for one in known.contacts:
        if one.id == contact and _serves(one, today):
            return {
                "organisation": organisation,
                "organisation_name": known.profile.name,
                "kind": known.profile.kind,
                "contact": one.id,
                "role": one.role,
                "email": one.email,
            }
    return None


def _serves(contact: Contact, today: date) -> bool:
    begun = contact.since is None or contact.since <= today
    return begun and (contact.until is None or today <= contact.until)


def projector(directory: Directory) -> Projector:
    return Projector(directory.store, directory.database, Addresses(directory.pepper))
