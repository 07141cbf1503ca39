"""Whose e-mail address is this? The contacts of organisations by a keyed hash of their address."""

from collections.abc import Sequence

from sqlalchemy import Column, MetaData, String, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.identity import email_key
from services.chassis.database import upsert
from services.chassis.store import Recorded
from services.directory.streams.organisation import ContactRemoved, ContactSet

METADATA = MetaData()
ADDRESSES = Table(
    "contact_addresses",
    METADATA,
    Column("organisation", String, primary_key=True),
    Column("contact", String, primary_key=True),
    Column("email", String, nullable=False, index=True),  # email_key
)


class Addresses:
    """The projection. No address stands in it, so that a copy of the table writes to nobody."""

    name = "directory.contact-addresses"
    metadata = METADATA

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper

    async def apply(self, tx: AsyncConnection, recorded: Recorded) -> None:
        said = recorded.event
        if not isinstance(said, ContactSet | ContactRemoved):
            return
        email = (said.details.value or {}).get("email") if isinstance(said, ContactSet) else None
        one = {"organisation": said.organisation, "contact": said.contact}
        if email is None:
            await tx.execute(
                delete(ADDRESSES).where(
                    ADDRESSES.c.organisation == said.organisation,
                    ADDRESSES.c.contact == said.contact,
                )
            )
            return
        row = {**one, "email": email_key(self._pepper, email)}
        await upsert(tx, ADDRESSES, row, key=["organisation", "contact"])


async def found(tx: AsyncConnection, key: str) -> Sequence[tuple[str, str]]:
    """Organisation and contact, for each organisation that lists the address."""
    asked = select(ADDRESSES).where(ADDRESSES.c.email == key).order_by("organisation", "contact")
    return [(row.organisation, row.contact) for row in await tx.execute(asked)]
