"""Is this person one of those who must not even see that there is something?"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.identity import reader_key
from contracts.messages import Contact
from services.chassis.principals import Principal
from services.notify.readmodels import book


class Barred:
    """Compares keyed hashes of names: this service never holds the names of the parties."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper

    def __call__(self, contact: Contact, barred: Sequence[str]) -> bool:
        if not barred:
            return False
        return reader_key(self._pepper, contact.given_name, contact.family_name) in barred


async def person_of(tx: AsyncConnection, principal: Principal) -> Contact | None:
    """None where a key asks: it is the agency that answers for who sits behind it."""
    if not principal.person:
        return None
    known = await book.organisation(tx, principal.agency)
    contacts = {contact.id: contact for contact in (known.contacts if known else ())}
    return contacts.get(principal.person)
