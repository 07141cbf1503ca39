"""How does a recipient say how soon it wants to hear?"""

from functools import reduce
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Response, status
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.clock import Clock
from services.chassis.commands import Commands, Decider
from services.chassis.database import Database
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.notify.domain.subscriptions import (
    Cadence,
    EndSubscription,
    SubscriptionCommand,
    SubscriptionEvent,
    SubscriptionSet,
    decide,
    evolve,
    stream_of,
)
from services.notify.on_behalf import OrganisationId, ThingId, spoken_for
from services.notify.readmodels.subscriptions import subscriptions_of

_MAY = Annotated[Principal, Depends(guard("recipient", "administrator", "service"))]
_DECIDER = Decider[SubscriptionCommand, SubscriptionSet | None, SubscriptionEvent](
    initial=None, decide=decide, evolve=evolve
)


class SubscriptionIn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    agreement: Annotated[str, Field(min_length=1, max_length=100)]
    cadence: Cadence
    area: Annotated[str | None, Field(max_length=100)] = None
    grading: Annotated[str | None, Field(max_length=100)] = None
    organisation: OrganisationId | None = None


def router(store: EventStore, database: Database, projector: Projector, clock: Clock) -> APIRouter:
    routes = APIRouter(prefix="/notify/v1/subscriptions", tags=["subscriptions"])
    commands = Commands(store, _DECIDER)

    @routes.get("")
    async def list_subscriptions(
        principal: _MAY, organisation: OrganisationId | None = None
    ) -> dict[str, Any]:
        await projector.catch_up()
        async with database.reading() as tx:
            found = await subscriptions_of(tx, spoken_for(principal, organisation))
        return {"subscriptions": found}

    @routes.get("/{subscription}")
    async def get_subscription(
        subscription: ThingId, principal: _MAY, organisation: OrganisationId | None = None
    ) -> dict[str, Any]:
        stream = stream_of(spoken_for(principal, organisation), subscription)
        history = [recorded.event for recorded in await store.read_stream(stream)]
        state = reduce(evolve, history, _DECIDER.initial)
        if state is None:
            raise Problem(404, "There is no such subscription")
        return _shown(state)

    @routes.put("/{subscription}")
    async def put_subscription(
        subscription: ThingId, body: SubscriptionIn, principal: _MAY
    ) -> dict[str, Any]:
        wanted = SubscriptionSet(
            subscription=subscription,
            organisation=spoken_for(principal, body.organisation),
            agreement=body.agreement,
            cadence=body.cadence,
            area=body.area,
            grading=body.grading,
            set_at=clock.now(),
        )
        await commands.handle(
            stream_of(wanted.organisation, subscription), wanted, _because(principal)
        )
        return _shown(wanted)

    @routes.delete("/{subscription}", status_code=status.HTTP_204_NO_CONTENT)
    async def end_subscription(
        subscription: ThingId, principal: _MAY, organisation: OrganisationId | None = None
    ) -> Response:
        whose = spoken_for(principal, organisation)
        end = EndSubscription(subscription=subscription, organisation=whose, at=clock.now())
        await commands.handle(stream_of(whose, subscription), end, _because(principal))
        return Response(status_code=204)

    return routes


def _because(principal: Principal) -> Context:
    return Context(
        correlation_id=uuid4(), traceparent=current_traceparent(), actor=principal.agency
    )


def _shown(subscription: SubscriptionSet) -> dict[str, Any]:
    return {
        "id": subscription.subscription,
        "organisation": subscription.organisation,
        "agreement": subscription.agreement,
        "cadence": subscription.cadence.value,
        "area": subscription.area,
        "grading": subscription.grading,
    }
