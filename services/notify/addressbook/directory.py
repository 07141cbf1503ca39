"""Who is who? Takes over what the directory says, from the bus and, from nothing, by HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import httpx

from contracts import messages
from contracts.messages import (
    AGENCY_KEY_STATE,
    DIRECTORY,
    ORGANISATION_STATE,
    PUPIL_STATE,
    AgencyKeyState,
    OrganisationState,
    PupilState,
)
from services.chassis.apikeys import ApiKeys
from services.chassis.bus import Bus, Message
from services.chassis.database import Database
from services.chassis.errors import Unavailable
from services.notify.readmodels import book

GROUP = "notify.directory"
_PAGE = 500


class DirectoryUnavailable(Unavailable):
    """The directory does not answer: the book is as it was."""


class AddressBook:
    """Whole states with a version: a message that comes twice or late changes nothing."""

    def __init__(self, database: Database, keys: ApiKeys) -> None:
        self._database = database
        self._keys = keys

    def subscribe(self, bus: Bus) -> None:
        types = frozenset({ORGANISATION_STATE, PUPIL_STATE, AGENCY_KEY_STATE})
        bus.subscribe(GROUP, DIRECTORY, types, self.on_directory)

    async def on_directory(self, message: Message) -> None:
        await self.take(message.type, message.body)

    async def take(self, type_: str, body: object) -> None:
        match type_:
            case messages.ORGANISATION_STATE:
                state = OrganisationState.model_validate(body)
                async with self._database.transaction() as tx:
                    await book.keep_organisation(tx, state.version, state.organisation)
            case messages.PUPIL_STATE:
                async with self._database.transaction() as tx:
                    await book.keep_enrolment(tx, PupilState.model_validate(body))
            case messages.AGENCY_KEY_STATE:
                await self._key(AgencyKeyState.model_validate(body))

    async def _key(self, state: AgencyKeyState) -> None:
        await self._keys.record(
            key_id=state.key_id,
            owner=state.agency,
            roles=state.roles,
            secret_hash=state.secret_hash,
            revoked=state.revoked,
            version=state.version,
        )

    async def rebuild(self, directory: httpx.AsyncClient, service_token: str) -> int:
        """Make the book again from the directory's present state; answer how much it holds.

        The old one stays until the whole of the new one has arrived, and what the bus has brought
        meanwhile stays too: it is newer. Raises DirectoryUnavailable.
        """
        everything = [one async for one in _state(directory, service_token)]
        organisations = [one for one in everything if one["type"] == ORGANISATION_STATE]
        pupils = [one for one in everything if one["type"] == PUPIL_STATE]
        async with self._database.transaction() as tx:
            for one in organisations:
                state = OrganisationState.model_validate(one["body"])
                await book.forget_organisation(tx, state.organisation.id, state.version)
                await book.keep_organisation(tx, state.version, state.organisation)
            for one in pupils:
                pupil = PupilState.model_validate(one["body"])
                await book.forget_enrolment(tx, pupil.enrolment, pupil.version)
                await book.keep_enrolment(tx, pupil)
        for one in everything:
            if one["type"] == AGENCY_KEY_STATE:
                await self.take(one["type"], one["body"])
        return len(everything)


async def _state(directory: httpx.AsyncClient, token: str) -> AsyncIterator[dict[str, Any]]:
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
        for message in page["messages"]:
            yield message
        after = page["next"]
