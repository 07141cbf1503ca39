"""Where does a recipient want its webhooks?"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.outbound import UrlRefused, check_url
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.chassis.sealing import Sealed
from services.notify.endpoints.keys import issued, shown
from services.notify.on_behalf import OrganisationId, ThingId, spoken_for
from services.notify.readmodels.webhook_tables import ENDPOINTS
from services.notify.streams.endpoint_book import EndpointBook
from services.notify.streams.endpoints import (
    Endpoint,
    RemoveEndpoint,
    SaveEndpoint,
    Signing,
    stream_of,
)

PREFIX = "/notify/v1/endpoints"
MAY = Annotated[Principal, Depends(guard("recipient", "administrator", "service"))]


class EndpointIn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, Field(min_length=1, max_length=2000, repr=False)]
    signing: Signing | None = None
    enabled: bool = True
    organisation: OrganisationId | None = None


def router(
    book: EndpointBook,
    database: Database,
    projector: Projector,
    clock: Clock,
    *,
    allow_private: bool,
) -> APIRouter:
    routes = APIRouter(prefix=PREFIX, tags=["endpoints"])

    @routes.get("")
    async def list_endpoints(
        principal: MAY, organisation: OrganisationId | None = None
    ) -> dict[str, Any]:
        whose = spoken_for(principal, organisation)
        await projector.catch_up()
        async with database.reading() as tx:
            chosen = select(ENDPOINTS.c.endpoint).where(ENDPOINTS.c.organisation == whose)
            found = list(await tx.scalars(chosen.order_by(ENDPOINTS.c.endpoint)))
        return {"endpoints": [described(one, await book.of(whose, one)) for one in found]}

    @routes.get("/{endpoint}")
    async def get_endpoint(
        endpoint: ThingId, principal: MAY, organisation: OrganisationId | None = None
    ) -> dict[str, Any]:
        whose = spoken_for(principal, organisation)
        return described(endpoint, await existing(book, whose, endpoint))

    @routes.put("/{endpoint}")
    async def put_endpoint(endpoint: ThingId, body: EndpointIn, principal: MAY) -> dict[str, Any]:
        """Answers the secret when a key was made: the first time, and when the signing changes."""
        whose = spoken_for(principal, body.organisation)
        _refuse_address(body.url, allow_private=allow_private)
        before = await book.of(whose, endpoint)
        signing = body.signing or (before.keys[0].signing if before.keys else Signing.V1)
        fresh = not before.keys or before.keys[0].signing is not signing
        key = issued(whose, endpoint, signing, clock.now()) if fresh else None
        save = SaveEndpoint(
            endpoint=endpoint,
            organisation=whose,
            url=Sealed(subject=stream_of(whose, endpoint), value=body.url),
            enabled=body.enabled,
            first_key=key,
            at=clock.now(),
        )
        await book.handle(save, whose, endpoint, principal.agency)
        after = described(endpoint, await book.of(whose, endpoint))
        return after | (shown(key, now_made=True) if key else {})

    @routes.delete("/{endpoint}", status_code=status.HTTP_204_NO_CONTENT)
    async def remove_endpoint(
        endpoint: ThingId, principal: MAY, organisation: OrganisationId | None = None
    ) -> Response:
        """What was waiting for it is not sent. The inbox has it all the same."""
        whose = spoken_for(principal, organisation)
        remove = RemoveEndpoint(endpoint=endpoint, organisation=whose, at=clock.now())
        await book.handle(remove, whose, endpoint, principal.agency)
        return Response(status_code=204)

    return routes


async def existing(book: EndpointBook, organisation: str, endpoint: str) -> Endpoint:
    found = await book.of(organisation, endpoint)
    if not found.exists:
        raise Problem(404, "There is no such endpoint")
    return found


def described(endpoint: str, known: Endpoint) -> dict[str, Any]:
    state = "failing" if known.failing_since else "enabled"
    return {
        "id": endpoint,
        "url": known.url.value if known.url else None,
        "signing": known.keys[0].signing.value,
        "state": state if known.enabled else "disabled",
        "failing_since": known.failing_since,
        **shown(known.keys[0], now_made=False),
    }


def _refuse_address(url: str, *, allow_private: bool) -> None:
    """At the moment of saving; and again, on what the name means then, at every connection."""
    try:
        check_url(url, allow_private=allow_private)
    except UrlRefused as no:
        raise Problem(
            422, "This address is not called", [{"pointer": "/url", "detail": str(no)}]
        ) from None
