"""Who is told by machine now? Sends what is due, and writes down every single attempt."""

import asyncio
from asyncio import FIRST_COMPLETED
from collections.abc import Set
from datetime import datetime
from uuid import UUID, uuid4

import orjson

from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.errors import Unavailable
from services.chassis.gathering import Interrupted
from services.chassis.outbound import WebhookSender
from services.chassis.projections import Projector
from services.chassis.standard_webhooks import sign
from services.chassis.store import (
    AlreadyRecorded,
    Context,
    EventStore,
    NewEvent,
    VersionConflict,
)
from services.chassis.tracing import continue_trace, current_traceparent
from services.notify.domain.webhooks import (
    Answer,
    AttemptOutcome,
    WebhookAttempted,
    after,
    stream_of,
)
from services.notify.streams.endpoint_book import EndpointBook
from services.notify.streams.endpoints import Endpoint, NoteAttempt
from services.notify.webhooks.answers import answer_of
from services.notify.webhooks.due import Due, due, next_due

_NAME = "notify.webhooks.sending"
IN_HAND = 400
_LOOK = 1.0  # seconds after which is looked for more, also when nobody has answered


class WebhookWorker:
    """The database is let go of before anybody is called, and asked again after.

    A process that dies between the call and the record calls once more under the same id: the
    receiver knows it by that.
    """

    name = _NAME

    def __init__(
        self,
        store: EventStore,
        database: Database,
        projector: Projector,
        sender: WebhookSender,
        clock: Clock,
    ) -> None:
        self._store = store
        self._database = database
        self._projector = projector
        self._sender = sender
        self._clock = clock
        self._book = EndpointBook(store)

    async def run_once(self) -> int:
        async with self._database.exclusive(_NAME) as alone:
            if not alone:
                return 0  # another replica is at it
            return await self._send_all()

    async def _send_all(self) -> int:
        """Refills its hands while others are still being called: who is slow holds up nobody."""
        hand: dict[UUID, asyncio.Task[None]] = {}
        faults: dict[UUID, BaseException] = {}
        done = 0
        try:
            while True:
                away = any(isinstance(fault, Unavailable) for fault in faults.values())
                if len(hand) <= IN_HAND // 2 and not away:
                    for one in await self._waiting(hand.keys() | faults.keys()):
                        hand[one.delivery] = asyncio.create_task(self._attempt(one))
                if not hand:
                    break
                await asyncio.wait(hand.values(), timeout=_LOOK, return_when=FIRST_COMPLETED)
                for delivery in [one for one, task in hand.items() if task.done()]:
                    if fault := _fault(hand.pop(delivery)):
                        faults[delivery] = fault
                    done += fault is None
        finally:
            for task in hand.values():
                task.cancel()
            await asyncio.gather(*hand.values(), return_exceptions=True)
        for fault in faults.values():
            raise fault
        return done

    async def _waiting(self, but: Set[UUID]) -> list[Due]:
        await self._projector.catch_up()
        async with self._database.reading() as tx:
            found = await due(tx, self._clock.now(), IN_HAND + len(but))
        return [one for one in found if one.delivery not in but][: IN_HAND - len(but)]

    async def next_due(self) -> datetime | None:
        await self._projector.catch_up()
        async with self._database.reading() as tx:
            return await next_due(tx)

    async def _attempt(self, one: Due) -> None:
        continue_trace(one.traceparent or None)
        endpoint = await self._book.of(one.organisation, one.endpoint)
        now = self._clock.now()
        answer = await self._call(one, endpoint, now)
        await self._record(one, answer, now)
        changes = answer.went == (endpoint.failing_since is not None)
        if changes and endpoint.exists:
            note = NoteAttempt(
                endpoint=one.endpoint, organisation=one.organisation, went=answer.went, at=now
            )
            await self._book.handle(note, one.organisation, one.endpoint, self.name)

    async def _call(self, one: Due, endpoint: Endpoint, now: datetime) -> Answer:
        secrets = [key.secret.value for key in endpoint.signing_keys(now) if key.secret.value]
        url = endpoint.url.value if endpoint.url else None
        if url is None or not secrets:
            return Answer(went=False, reason="no-endpoint", permanent=True)
        body = _body(one)
        headers = {
            "content-type": "application/json",
            "traceparent": current_traceparent(),
            **sign(str(one.delivery), now, body, secrets),
        }
        return answer_of(await self._sender.send(url, headers=headers, body=body))

    async def _record(self, one: Due, answer: Answer, now: datetime) -> None:
        then = after(answer, one.tried, now)
        outcome, again_at = then.outcome, then.again_at
        if outcome is AttemptOutcome.DEFERRED and not one.retried:
            outcome, again_at = AttemptOutcome.EXHAUSTED, None
        attempted = WebhookAttempted(
            delivery=one.delivery,
            kind=one.kind,
            notification=one.notification,
            recipient=one.organisation,
            endpoint=one.endpoint,
            attempt=one.tried.attempts + 1,
            counted=then.counted,
            outcome=outcome,
            status=answer.status,
            reason=answer.reason,
            attempted_at=now,
            again_at=again_at,
        )
        context = Context(
            correlation_id=one.notification or one.delivery,
            causation_id=one.notification,
            traceparent=current_traceparent(),
            actor=self.name,
        )
        new = [NewEvent(event_id=uuid4(), event=attempted)]
        try:
            await self._store.append(
                stream_of(one.delivery), new, expected=one.tried.attempts, context=context
            )
        except (VersionConflict, AlreadyRecorded):
            return  # this attempt is in the log already


def _body(one: Due) -> bytes:
    """Ids and nothing else: the receiver fetches the content under its own key. The same bytes in
    every attempt."""
    told = {
        "type": one.kind.value,
        "notification": one.notification and str(one.notification),
        "recipient": one.organisation,
        "at": one.at,
    }
    return orjson.dumps({name: value for name, value in told.items() if value is not None})


def _fault(task: asyncio.Task[None]) -> BaseException | None:
    """One that fails leaves the others alone; then its fault is the worker's."""
    return Interrupted("CancelledError") if task.cancelled() else task.exception()
