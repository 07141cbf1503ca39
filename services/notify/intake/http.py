"""How does an agency put events in our hands by HTTP, and what is it told?"""

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response, status

from contracts.envelope import MAX_BODY
from services.chassis.direct import Direct
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.notify.domain.intake import Refusal, Taken
from services.notify.intake.body import events_of, oversized
from services.notify.intake.gate import Gate


def router(gate: Gate) -> APIRouter:
    routes = APIRouter(tags=["events"], route_class=Direct)
    publisher = guard("publisher")

    @routes.post(
        "/notify/v1/events",
        status_code=status.HTTP_202_ACCEPTED,
        openapi_extra=_DESCRIBED,
        responses={200: {"description": "A batch: what was accepted and what was not"}},
    )
    async def offer_events(
        request: Request, principal: Annotated[Principal, Depends(publisher)]
    ) -> Response:
        """Answers 202 only after the bus has confirmed. The same source and id with the same
        content is 202 again with the same receipt; with another content it is 409."""
        try:
            events = await events_of(request)
            if isinstance(events, list):
                return await _batch(gate, events, principal.agency)
            taken = await gate.take_one(events, agency=principal.agency, door="http")
        except Refusal as refusal:
            raise problem_of(refusal) from None
        return _json(accepted_body(taken), 202)

    return routes


async def _batch(gate: Gate, events: Sequence[Any], agency: str) -> Response:
    """One bad item spoils nothing but itself."""
    large = {index for index, event in enumerate(events) if oversized(event)}
    fit = [event for index, event in enumerate(events) if index not in large]
    answers = iter(await gate.take(fit, agency=agency, door="http"))
    too_large = Refusal(413, f"The event is over {MAX_BODY // 1024} KiB")
    accepted: list[dict[str, str]] = []
    rejected: list[dict[str, Any]] = []
    for index in range(len(events)):
        answer = too_large if index in large else next(answers)
        if isinstance(answer, Taken):
            accepted.append(_accepted(answer))
        else:
            rejected.append(_rejected(index, answer))
    return _json({"accepted": accepted, "rejected": rejected}, 200)


def _json(body: dict[str, Any], status_code: int) -> Response:
    return Response(orjson.dumps(body), status_code, media_type="application/json")


def accepted_body(taken: Taken) -> dict[str, Any]:
    return {"accepted": [_accepted(taken)]}


def problem_of(refusal: Refusal) -> Problem:
    errors = [{"pointer": pointer, "detail": detail} for pointer, detail in refusal.errors]
    # The rest of a body that is too large is not read: the connection cannot be used again.
    headers = {"Connection": "close"} if refusal.status == 413 else None
    return Problem(refusal.status, refusal.title, errors=errors, headers=headers)


def _accepted(taken: Taken) -> dict[str, str]:
    return {"source": taken.source, "id": taken.id, "receipt": str(taken.receipt)}


def _rejected(index: int, refusal: Refusal) -> dict[str, Any]:
    named = {"source": refusal.source, "id": refusal.id}
    return {
        "index": index,
        **{name: value for name, value in named.items() if value is not None},
        "problem": problem_of(refusal).as_body(),
    }


_EVENT = {"type": "object", "required": ["specversion", "id", "source", "type", "time", "data"]}
_DESCRIBED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/cloudevents+json": {"schema": _EVENT},
            "application/cloudevents-batch+json": {
                "schema": {"type": "array", "maxItems": 1000, "items": _EVENT}
            },
            "application/json": {
                "schema": {"type": "object", "description": "the data; attributes in ce- headers"}
            },
        },
    }
}
