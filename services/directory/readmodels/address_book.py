"""What does each event change in the rows? The projection of the whole directory."""

from typing import Any, assert_never

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.apikeys import record_key
from services.chassis.database import upsert
from services.chassis.store import Recorded
from services.directory.readmodels.tables import (
    ENROLMENT_WAYS,
    ENROLMENTS,
    KEYS,
    METADATA,
    ORGANISATIONS,
)
from services.directory.streams.agency_key import (
    AgencyKeyEvent,
    AgencyKeyIssued,
    AgencyKeyRevoked,
)
from services.directory.streams.calendar_layer import (
    CalendarConfirmed,
    CalendarSet,
    ClosureAnnounced,
    ClosureWithdrawn,
)
from services.directory.streams.organisation import (
    ContactRemoved,
    ContactsConfirmed,
    ContactSet,
    OrganisationClosed,
    OrganisationEvent,
    OrganisationReopened,
    OrganisationSet,
)
from services.directory.streams.register import (
    PupilChanged,
    PupilLeft,
    PupilRegistered,
    PupilRemoved,
    RegisterEvent,
)


class AddressBook:
    name = "directory.address-book"
    metadata = METADATA

    async def apply(self, tx: AsyncConnection, recorded: Recorded) -> None:
        match recorded.event:
            case (
                OrganisationSet()
                | OrganisationClosed()
                | OrganisationReopened()
                | CalendarSet()
                | CalendarConfirmed()
                | ClosureAnnounced()
                | ClosureWithdrawn()
                | ContactSet()
                | ContactRemoved()
                | ContactsConfirmed() as said
            ):
                await _organisation(tx, said, _told(recorded))
            case PupilRegistered() | PupilChanged() | PupilLeft() | PupilRemoved() as said:
                await _enrolment(tx, said, _told(recorded))
            case AgencyKeyIssued() | AgencyKeyRevoked() as said:
                await _key(tx, said, _told(recorded))
            case _:
                pass  # an import that was noted


def _told(recorded: Recorded) -> dict[str, Any]:
    return {
        "version": recorded.version,
        "position": recorded.position,
        "event_id": str(recorded.event_id),
    }


async def _organisation(tx: AsyncConnection, said: OrganisationEvent, told: dict[str, Any]) -> None:
    if isinstance(said, OrganisationSet):
        profile = said.profile
        low, high = profile.ages or (None, None)
        row = {
            "id": said.organisation,
            "kind": profile.kind,
            "name": profile.name,
            "urn": profile.urn,
            "local_authority": profile.local_authority,
            "police_area": profile.police_area,
            "low_age": low,
            "high_age": high,
            "open_from": profile.open_from,
        }
        if told["version"] == 1:  # plain statements, which SQLAlchemy compiles once: a register
            await tx.execute(insert(ORGANISATIONS), row | told)  # is fifty thousand of them
            return
        one = update(ORGANISATIONS).where(ORGANISATIONS.c.id == said.organisation)
        await tx.execute(one.values(row | told))
        return
    changed: dict[str, Any] = {}
    match said:
        case OrganisationClosed():
            changed = {
                "closed_on": said.on,
                "successor": said.successor,
                "closed_by_register": said.by_register,
            }
        case OrganisationReopened():
            changed = {"closed_on": None, "successor": None}
        case CalendarSet() | CalendarConfirmed() | ClosureAnnounced() | ClosureWithdrawn():
            pass
        case ContactSet() | ContactRemoved() | ContactsConfirmed():
            pass
        case _:
            assert_never(said)
    one = update(ORGANISATIONS).where(ORGANISATIONS.c.id == said.organisation)
    await tx.execute(one.values(changed | told))


async def _enrolment(tx: AsyncConnection, said: RegisterEvent, told: dict[str, Any]) -> None:
    facts: dict[str, Any] = {"upn": None, "person": None, "starts": None, "until": None}
    if not isinstance(said, PupilRemoved):
        facts = {name: getattr(said, name) for name in facts}
    row = {
        "enrolment": str(said.enrolment),
        "organisation": said.organisation,
        "removed": isinstance(said, PupilRemoved),
    }
    await upsert(tx, ENROLMENTS, row | facts | told, key=["enrolment"])
    if not isinstance(said, PupilLeft):  # who leaves is known as before
        await _ways(tx, said)


async def _ways(tx: AsyncConnection, said: RegisterEvent) -> None:
    one = str(said.enrolment)
    await tx.execute(delete(ENROLMENT_WAYS).where(ENROLMENT_WAYS.c.enrolment == one))
    if isinstance(said, PupilRemoved):
        return
    ways = {**dict.fromkeys(said.also, False), **({said.nhs: True} if said.nhs else {})}
    if ways:
        rows = [{"enrolment": one, "way": way, "numbered": is_nhs} for way, is_nhs in ways.items()]
        await tx.execute(insert(ENROLMENT_WAYS), rows)


async def _key(tx: AsyncConnection, said: AgencyKeyEvent, told: dict[str, Any]) -> None:
    revoked = isinstance(said, AgencyKeyRevoked)
    await record_key(
        tx,
        key_id=said.key_id,
        owner=said.agency,
        roles=said.roles,
        secret_hash=said.secret_hash,
        revoked=revoked,
        version=told["version"],
    )
    row = {
        "key_id": said.key_id,
        "agency": said.agency,
        "roles": " ".join(said.roles),
        "secret_hash": said.secret_hash,
        "revoked": revoked,
        "issued_at": await _issued_at(tx, said),
    }
    await upsert(tx, KEYS, row | told, key=["key_id"])


async def _issued_at(tx: AsyncConnection, said: AgencyKeyEvent) -> Any:
    if isinstance(said, AgencyKeyIssued):
        return said.issued_at
    return await tx.scalar(select(KEYS.c.issued_at).where(KEYS.c.key_id == said.key_id))
