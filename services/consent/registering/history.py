"""What has one person allowed, refused and withdrawn, when, and in whose presence?

The person is named in the body: no name stands in an address, and none is kept of the question.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.principals import Principal, guard
from services.chassis.projections import Projector
from services.chassis.store import EventStore
from services.consent.domain.days import london_day
from services.consent.domain.facts import ConsentEntry
from services.consent.persons import Whom, keys_of
from services.consent.readmodels.facts import consents_of
from services.consent.readmodels.recognition import known_as
from services.consent.streams.case import stream_of
from services.consent.streams.events import EventTaken
from services.consent.streams.pieces import Forgotten, whole

Governor = Annotated[Principal, Depends(guard("information-governance", "service"))]
_IN_WORDS = ("method", "taken_by", "in_presence_of", "signed_by", "capacity", "reason")


class Search(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person: Whom


def routes(
    *,
    store: EventStore,
    database: Database,
    clock: Clock,
    register: Projector,
    pepper: bytes,
) -> APIRouter:
    router = APIRouter(prefix="/consent/v1/consents", tags=["consents"])

    @router.post("/search")
    async def search(_: Governor, told: Search) -> dict[str, Any]:
        """The history of one person's consents, the earliest first; the last word counts."""
        await register.catch_up()
        async with database.reading() as tx:
            keys, _subject = await known_as(tx, keys_of(told.person, pepper))
            entries = await consents_of(tx, keys)
        today = london_day(clock.now())
        return {"consents": [await _shown(store, entry, today) for entry in entries]}

    return router


async def _shown(store: EventStore, entry: ConsentEntry, today: date) -> dict[str, Any]:
    """`erased`: the words were, at the end of retention; that it was said is still known."""
    words = await _words(store, UUID(entry.consent))
    return {
        "consent": entry.consent,
        "kind": entry.kind,
        "at": entry.at.isoformat(),
        "purposes": list(entry.purposes),
        "audiences": list(entry.audiences),
        "categories": list(entry.categories),
        "competence": entry.competence,
        "whose": entry.whose,
        "presence_doubtful": entry.presence_doubtful,
        "expires_on": entry.expires_on and entry.expires_on.isoformat(),
        "expired": entry.expires_on is not None and entry.expires_on < today,
        "erased": words is None,
        **{name: (words or {}).get(name) for name in _IN_WORDS},
    }


async def _words(store: EventStore, consent: UUID) -> Mapping[str, Any] | None:
    for recorded in await store.read_stream(stream_of(consent)):
        if isinstance(recorded.event, EventTaken):
            try:
                data: Mapping[str, Any] = whole(recorded.event)["data"]
            except Forgotten:
                return None
            return data
    return None
