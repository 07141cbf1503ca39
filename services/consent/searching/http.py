"""What is recorded of this person? Asked in a body, with a reason, and itself recorded."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.projections import Projector
from services.chassis.sealing import Sealed
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.consent.persons import Whom, keys_of
from services.consent.searching import finding
from services.consent.streams.searches import SEARCHES, STREAM, AccessSearched, sealed_under

Governor = Annotated[Principal, Depends(guard("information-governance", "service"))]
How = Literal["person", "reference", "event"]


class SearchIn(BaseModel):
    """One person, one reference of a sender, or one event as `<source>|<id>`."""

    model_config = ConfigDict(extra="forbid")

    person: Whom | None = None
    reference: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    event: Annotated[str | None, Field(min_length=3, max_length=500)] = None
    reason: Annotated[str, Field(min_length=1, max_length=10_000)]
    by: Annotated[str, Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if sum(one is not None for one in (self.person, self.reference, self.event)) != 1:
            raise ValueError("a search is for a person, a reference or an event")
        return self

    @property
    def how(self) -> How:
        if self.person is not None:
            return "person"
        return "reference" if self.reference is not None else "event"


def routes(
    *,
    store: EventStore,
    database: Database,
    clock: Clock,
    register: Projector,
    retained: Projector,
    pepper: bytes,
) -> APIRouter:
    router = APIRouter(prefix="/consent/v1", tags=["governance"])
    commands = Commands(store, SEARCHES)

    @router.post("/access-search")
    async def search(principal: Governor, told: SearchIn) -> dict[str, Any]:
        """Recorded before it is answered, also where nothing is found."""
        speaks_for_self(principal, told.by)
        keys = keys_of(told.person, pepper) if told.person else ()
        await register.catch_up()
        await retained.catch_up()
        async with database.reading() as tx:
            cases, subjects = await _found(tx, told, keys)
            decisions = await finding.decided_in(tx, cases, subjects)
        earlier = await _earlier(store, cases, set(keys))
        number = uuid4()
        asked = AccessSearched(
            search=number,
            how=told.how,
            keys=keys,
            cases=tuple(sorted(cases)),
            reason=Sealed(sealed_under(number), told.reason),
            by=told.by,
            agency=principal.agency,
            at=clock.now(),
        )
        await commands.handle(STREAM, asked, _context(principal, number))
        return {
            "search": str(number),
            "cases": sorted(map(str, cases)),
            "decisions": decisions,
            "earlier_searches": earlier,
        }

    return router


async def _found(
    tx: AsyncConnection, told: SearchIn, keys: tuple[str, ...]
) -> tuple[set[UUID], set[str]]:
    if told.person is not None:
        return await finding.of_person(tx, keys)
    if told.reference is not None:
        return await finding.of_reference(tx, told.reference), set()
    source, _separator, event_id = str(told.event).partition("|")
    return await finding.of_event(tx, source, event_id), set()


async def _earlier(store: EventStore, cases: set[UUID], keys: set[str]) -> list[dict[str, Any]]:
    """Who searched for the same before, also where nothing was found then."""
    said = [recorded.event for recorded in await store.read_stream(STREAM)]
    return [
        {"by": one.by, "agency": one.agency, "at": one.at.isoformat(), "how": one.how}
        for one in said
        if isinstance(one, AccessSearched) and (cases & set(one.cases) or keys & set(one.keys))
    ]


def _context(principal: Principal, search: UUID) -> Context:
    return Context(correlation_id=search, traceparent=current_traceparent(), actor=principal.agency)
