"""What would happen, and by which agreements? The same deciding, with nothing stored."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Body, Depends

from contracts.agreements import Agreement
from contracts.envelope import parse
from contracts.problems import InvalidEvent
from services.chassis.clock import Clock
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.chassis.store import EventStore
from services.consent.cases.deliberation import Asked, Deliberation
from services.consent.domain.days import london_day
from services.consent.domain.signing import is_unreviewed
from services.consent.explaining.explanation import explanation
from services.consent.explaining.pace import Pace
from services.consent.readmodels.statements import shown_with

# Any agency with a key may ask, and may read what has been agreed.
_ANYBODY = guard(
    "publisher",
    "recipient",
    "operations",
    "information-governance",
    "reviewer",
    "administrator",
    "service",
)
Anybody = Annotated[Principal, Depends(_ANYBODY)]
_SEES_ALL = frozenset({"information-governance", "reviewer", "service"})
_NOWHERE = uuid5(NAMESPACE_URL, "daybreak/consent/explained")


def routes(
    *,
    store: EventStore,
    clock: Clock,
    register: Projector,
    deliberation: Deliberation,
    pace: Pace,
    agreements: Sequence[Agreement],
) -> APIRouter:
    router = APIRouter(prefix="/consent/v1", tags=["explanations"])

    @router.post("/explain")
    async def explain(
        principal: Anybody, told: Annotated[dict[str, Any], Body()]
    ) -> dict[str, Any]:
        try:
            event = parse(told)
        except InvalidEvent as invalid:
            raise Problem(422, "The event is not well formed", invalid.errors) from None
        sees_all = bool(principal.roles & _SEES_ALL)
        if event.agency != principal.agency and not sees_all:
            raise Problem(403, "This key does not own the source")
        if not sees_all:
            await pace.keep(principal)
        await register.catch_up()
        now = clock.now()
        asked = Asked(event=event, taking=_NOWHERE, accepted_at=now)
        seen = await deliberation.about(asked, now)
        sender = None if sees_all else principal.agency
        explained = explanation(seen.verdict, sender, london_day(now))
        said = await shown_with(store, seen.case)
        return {**explained, "statements": said} if said else explained

    @router.get("/agreements")
    async def list_agreements(_: Anybody) -> dict[str, Any]:
        return {
            "agreements": [
                {
                    "id": agreement.id,
                    "version": agreement.version,
                    "title": agreement.title,
                    "in_force": agreement.in_force.model_dump(mode="json"),
                    "review_on": agreement.review_on.isoformat(),
                    "review_lapsed": is_unreviewed(agreement, london_day(clock.now())),
                }
                for agreement in agreements
            ]
        }

    @router.get("/agreements/{agreement}")
    async def one_agreement(_: Anybody, agreement: str) -> dict[str, Any]:
        """Every version, with the days on which it was or is in force."""
        versions = [
            one.model_dump(mode="json", by_alias=True) for one in agreements if one.id == agreement
        ]
        if not versions:
            raise Problem(404, "No such agreement")
        return {"id": agreement, "versions": versions}

    return router
