"""What did an agency put on the broker? The same checks as at the other doors, told by reply."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import structlog

from contracts.envelope import MAX_BODY
from contracts.strict_json import MalformedJson, loads
from services.chassis.bus import Bus, Handler, Message
from services.chassis.clock import Clock
from services.chassis.commands import Commands, Decider
from services.chassis.message_encoding import REPLIES, raw_body
from services.chassis.sealing import Sealed
from services.chassis.store import Context, EventStore
from services.chassis.tracing import continue_trace
from services.notify.domain.intake import Refusal
from services.notify.intake.counting import count
from services.notify.intake.gate import Gate
from services.notify.intake.http import accepted_body, problem_of
from services.notify.streams.hooks import (
    Fault,
    MappingFailed,
    MessageRefused,
    Unmapped,
    decide,
    evolve,
    failure_of,
    refusal_stream,
    sealed_under,
    task_of,
    unmapped_stream,
)

GROUP = "notify.agencies"
EXCHANGE = "agencies"
_DOOR = "amqp"
_log = structlog.get_logger(__name__)
_REPLIES = UUID("b0a3c1f4-2d5e-5f60-8a7b-9c0d1e2f3a4b")


def subscribe(bus: Bus, gate: Gate, store: EventStore, clock: Clock) -> None:
    """In order: an agency that publishes a correction after the record does not wait for an answer
    in between, and the two must not overtake each other here."""
    handler = on_agency_message(bus, gate, store, clock)
    bus.subscribe(GROUP, EXCHANGE, frozenset({"#"}), handler, ordered=True)


def on_agency_message(bus: Bus, gate: Gate, store: EventStore, clock: Clock) -> Handler:
    """Returns for whatever was answered, so a refused message never comes round again."""
    refused = _Refused(store)

    async def handle(message: Message) -> None:
        continue_trace(message.traceparent)
        try:
            taken = await gate.take_one(_event(message), agency=message.user_id or "", door=_DOOR)
        except Refusal as refusal:
            # Recorded first: a reply may be lost, and then the log still knows.
            await refused.record(message, refusal, clock.now())
            await _reply(bus, message, problem_of(refusal).as_body())
        else:
            await _reply(bus, message, accepted_body(taken))

    return handle


def _event(message: Message) -> Any:
    try:
        return _read(message)
    except Refusal as refusal:
        count(_DOOR, refusal.status)
        raise


def _read(message: Message) -> Any:
    if not message.user_id:
        # Our own broker's permissions are wrong, or somebody tries them: for operations to see.
        _log.warning("the broker does not vouch for a message", message_id=str(message.id))
        detail = "cannot be proved: the message carries no user_id that the broker has checked"
        raise Refusal(403, "The broker does not vouch for the sender", [("/source", detail)])
    raw = raw_body(message)
    if len(raw) > MAX_BODY:
        raise Refusal(413, f"The body is over {MAX_BODY // 1024} KiB")
    try:
        event = loads(raw)
    except MalformedJson as wrong:
        raise Refusal(400, str(wrong)) from None
    if not isinstance(event, dict):
        raise Refusal(400, "An event is a JSON object")
    if isinstance(event.get("type"), str) and event["type"] != message.type:
        # The broker's topic permissions rest on the routing key: it must say what is inside.
        raise Refusal(422, "The routing key is not the type", [("/type", "is not the routing key")])
    return event


class _Refused:
    """Leaves a trace of every refusal, and a task of those that nobody can be told of."""

    def __init__(self, store: EventStore) -> None:
        self._traces = Commands[MessageRefused, None, MessageRefused](
            store,
            Decider(initial=None, decide=lambda event, _: (event,), evolve=lambda _, __: None),
        )
        self._failures = Commands(store, Decider(initial=Unmapped(), decide=decide, evolve=evolve))

    async def record(self, message: Message, refusal: Refusal, now: datetime) -> None:
        context = Context(
            correlation_id=message.correlation_id,
            causation_id=message.id,
            traceparent=message.traceparent,
            actor=message.user_id or "",
        )
        faults = tuple(Fault(pointer=at, detail=what) for at, what in refusal.errors) or (
            Fault(pointer="", detail=refusal.title),
        )
        if message.user_id and not message.reply_to:
            failed = _failed(message, message.user_id, faults, now)
            await self._failures.handle(unmapped_stream(failed.task), failed, context)
        trace = MessageRefused(
            message=message.id,
            agency=message.user_id,
            status=refusal.status,
            faults=faults,
            replied=message.reply_to is not None,
            refused_at=now,
        )
        await self._traces.handle(refusal_stream(message.id), trace, context)


def _failed(
    message: Message, agency: str, faults: tuple[Fault, ...], now: datetime
) -> MappingFailed:
    failure = failure_of(_DOOR, agency, str(message.id))
    task = task_of(failure)
    kept = raw_body(message)[:MAX_BODY].decode("utf-8", "replace")
    return MappingFailed(
        failure=failure,
        task=task,
        organisation=agency,
        door=_DOOR,
        payload=Sealed(subject=sealed_under(task), value=kept),
        faults=faults,
        failed_at=now,
    )


async def _reply(bus: Bus, message: Message, body: dict[str, Any]) -> None:
    if message.reply_to:
        reply = Message(
            id=uuid5(_REPLIES, str(message.id)),
            exchange=REPLIES,
            type=message.reply_to,
            body=body,
            correlation_id=message.correlation_id,
            causation_id=message.id,
            traceparent=message.traceparent,
        )
        await bus.publish([reply])
