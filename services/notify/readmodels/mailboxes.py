"""Which mailboxes have refused our mail, and do they still? Kept by keyed hash of the address.

A refusal counts until the directory names another address, until somebody there confirms the
contact, or until a later nudge has gone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, String, Table, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.contacts import Contact
from contracts.identity import email_key
from contracts.messages import Organisation
from services.chassis.database import Instant
from services.notify.domain.nudge import NudgeDropped
from services.notify.readmodels.pages import among
from services.notify.readmodels.state import METADATA, NUDGES

REFUSALS = Table(
    "mailbox_refusals",
    METADATA,
    Column("organisation", String, primary_key=True),
    Column("contact", String, primary_key=True),
    Column("address", String, nullable=False),  # email_key
    Column("at", Instant, nullable=False),
)


def row_of(dropped: NudgeDropped) -> dict[str, Any]:
    return {
        "organisation": dropped.organisation,
        "contact": dropped.contact,
        "address": dropped.address,
        "at": dropped.at,
    }


async def refusals(
    tx: AsyncConnection, organisations: Sequence[str] | None = None
) -> Mapping[str, list[Row[Any]]]:
    """By organisation; of all where none are named. A nudge that went later takes one back."""
    went = (
        exists()
        .where(NUDGES.c.organisation == REFUSALS.c.organisation)
        .where(NUDGES.c.contact == REFUSALS.c.contact, NUDGES.c.sent_at > REFUSALS.c.at)
    )
    query = select(REFUSALS).where(~went)
    if organisations is not None:
        query = query.where(among(REFUSALS.c.organisation, organisations))
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in await tx.execute(query):
        found[row.organisation].append(row)
    return found


class Mailboxes:
    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper

    def key(self, address: str) -> str:
        return email_key(self._pepper, address)

    def dead(self, organisation: Organisation, refused: Sequence[Row[Any]]) -> dict[str, datetime]:
        """Contacts whose address, as it stands now, has refused mail, and when."""
        contacts = {one.id: one for one in organisation.contacts}
        return {
            row.contact: row.at
            for row in refused
            if (one := contacts.get(row.contact)) is not None and self._still(one, row)
        }

    def _still(self, contact: Contact, row: Row[Any]) -> bool:
        if contact.email is None or self.key(contact.email) != row.address:
            return False
        said = contact.confirmation
        return said is None or said.state != "confirmed" or said.at <= row.at
