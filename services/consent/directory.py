"""What does consent keep of what the directory says? Who is who, and whose key it is."""

from contracts.messages import (
    AGENCY_KEY_STATE,
    DIRECTORY,
    ORGANISATION_STATE,
    AgencyKeyState,
    OrganisationState,
)
from services.chassis.apikeys import ApiKeys
from services.chassis.bus import Bus, Message
from services.chassis.database import Database
from services.consent.readmodels.area import keep


def subscribe(bus: Bus, database: Database, keys: ApiKeys) -> None:
    async def on_state(message: Message) -> None:
        if message.type == ORGANISATION_STATE:
            async with database.transaction() as tx:
                await keep(tx, OrganisationState.model_validate(message.body))
            return
        state = AgencyKeyState.model_validate(message.body)
        await keys.record(
            key_id=state.key_id,
            owner=state.agency,
            roles=state.roles,
            secret_hash=state.secret_hash,
            revoked=state.revoked,
            version=state.version,
        )

    bus.subscribe(
        "consent.directory",
        DIRECTORY,
        frozenset({ORGANISATION_STATE, AGENCY_KEY_STATE}),
        on_state,
    )
