"""What does consent keep of what the directory says? Who is who, and whose key it is."""

from typing import Any

import httpx

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
from services.chassis.errors import Unavailable
from services.consent.readmodels.area import forget, keep

_PAGE = 500


class DirectoryUnavailable(Unavailable):
    """The directory does not answer: what is known stays as it was."""


class AreaBook:
    """Whole states with a version: a message that comes twice or late changes nothing."""

    def __init__(self, database: Database, keys: ApiKeys) -> None:
        self._database = database
        self._keys = keys

    def subscribe(self, bus: Bus) -> None:
        types = frozenset({ORGANISATION_STATE, AGENCY_KEY_STATE})
        bus.subscribe("consent.directory", DIRECTORY, types, self.on_directory)

    async def on_directory(self, message: Message) -> None:
        await self.take(message.type, message.body)

    async def take(self, type_: str, body: object) -> None:
        """What is neither an organisation nor a key is nothing that consent keeps."""
        if type_ == ORGANISATION_STATE:
            async with self._database.transaction() as tx:
                await keep(tx, OrganisationState.model_validate(body))
        elif type_ == AGENCY_KEY_STATE:
            state = AgencyKeyState.model_validate(body)
            await self._keys.record(
                key_id=state.key_id,
                owner=state.agency,
                roles=state.roles,
                secret_hash=state.secret_hash,
                revoked=state.revoked,
                version=state.version,
            )

    async def rebuild(self, directory: httpx.AsyncClient, service_token: str) -> int:
        """Take over the directory's present state; answer how many states that were.

        What is known stays until the whole of the new has arrived, and what the bus has brought
        meanwhile stays too: it is newer. Raises DirectoryUnavailable.
        """
        everything = await _state(directory, service_token)
        async with self._database.transaction() as tx:
            for one in everything:
                if one["type"] == ORGANISATION_STATE:
                    state = OrganisationState.model_validate(one["body"])
                    await forget(tx, state)
                    await keep(tx, state)
        for one in everything:
            if one["type"] == AGENCY_KEY_STATE:
                await self.take(one["type"], one["body"])
        return len(everything)


async def _state(directory: httpx.AsyncClient, token: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        try:
            answer = await directory.get(
                "/directory/v1/state",
                params={"after": after, "limit": _PAGE},
                headers={"Authorization": f"Bearer {token}"},
            )
            answer.raise_for_status()
        except httpx.HTTPError as fault:
            raise DirectoryUnavailable(type(fault).__name__) from None
        page = answer.json()
        found += page["messages"]
        after = page["next"]
    return found
