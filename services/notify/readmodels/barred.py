"""Is this person one of those who must not even see that there is something?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.identity import reader_key
from contracts.messages import Contact, Organisation, Routing
from services.chassis.principals import Principal
from services.notify.domain import readers
from services.notify.readmodels import book
from services.notify.readmodels.pages import among
from services.notify.readmodels.state import DECISIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who has signed in, and among whom: a mailbox may be shared."""

    contact: Contact
    organisation: Organisation


class Barred:
    """Compares keyed hashes: this service never holds the names of the parties."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper

    def __call__(self, contact: Contact, barred: Sequence[str]) -> bool:
        if not barred:
            return False
        name = reader_key(self._pepper, contact.given_name, contact.family_name)
        return name in barred or any(key in barred for key in contact.known_by)

    def among(self, organisation: Organisation, barred: Sequence[str], day: date) -> frozenset[str]:
        """The ids of those who are kept out, by themselves or by the mailbox that they share."""
        if not barred:
            return frozenset()
        return readers.kept_out(organisation, lambda one: self(one, barred), day)

    def keeps_out(self, person: Known, barred: Sequence[str], day: date) -> bool:
        return person.contact.id in self.among(person.organisation, barred, day)


async def person_of(tx: AsyncConnection, principal: Principal, by: str = "") -> Known | None:
    """None where a key asks and names nobody: its agency answers for who sits behind it."""
    who = principal.person or by
    if not who:
        return None
    known = await book.organisation(tx, principal.agency)
    if known is None:
        return None
    return next((Known(contact=c, organisation=known) for c in known.contacts if c.id == who), None)


async def barred_of_cases(
    tx: AsyncConnection, cases: Iterable[UUID]
) -> dict[UUID, tuple[str, ...]]:
    """The keys of everybody whom a case keeps out, of all its decisions together."""
    asked = sorted(set(cases))
    found: dict[UUID, dict[str, None]] = {case: {} for case in asked}
    if asked:
        query = select(DECISIONS.c.case_id, DECISIONS.c.routing)
        for case, routing in await tx.execute(query.where(among(DECISIONS.c.case_id, asked))):
            keys = Routing.model_validate(routing or {}).barred_readers
            found[case].update(dict.fromkeys(keys))
    return {case: tuple(keys) for case, keys in found.items()}
