"""What happens here when the retention of a case has ended? Its keys go, and that is recorded.

Asked by a message, done by a worker: killed in between, it goes on where it was (ADR 0033).
"""

from uuid import uuid5

from sqlalchemy import Row, select

from contracts import messages
from services.chassis.bus import Bus, Message
from services.chassis.commands import Commands
from services.chassis.projections import Projector
from services.chassis.store import Context
from services.notify.ledger import Ledger
from services.notify.readmodels.erasures import ERASURES, Erasures
from services.notify.readmodels.state import DECISIONS, NOTIFICATIONS
from services.notify.streams.case import note_key
from services.notify.streams.decision import content_key
from services.notify.streams.erasure import ERASURE, CaseErased, ErasureAsked, stream_of

GROUP = "notify.erasing"
AT_ONCE = 100


class Erasing:
    """A Worker, and the handler of the message that gives it its work."""

    name = "notify.erasing"

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._erasures = Projector(ledger.store, ledger.database, Erasures())
        self._commands = Commands(ledger.store, ERASURE)

    def subscribe(self, bus: Bus) -> None:
        types = frozenset({messages.CASE_ERASED})
        bus.subscribe(GROUP, messages.DISCLOSURES, types, self.on_case_erased)

    async def on_case_erased(self, message: Message) -> None:
        erased = messages.CaseErased.model_validate(message.body)
        asked = ErasureAsked(
            case=erased.case,
            ended_at=erased.ended_at,
            erased_at=erased.erased_at,
            at=self._ledger.now(),
        )
        context = Context(
            correlation_id=message.correlation_id,
            causation_id=message.id,
            traceparent=message.traceparent,
            actor="consent",
        )
        await self._commands.handle(stream_of(erased.case), asked, context, key=message.id)

    async def run_once(self) -> int:
        await self._erasures.catch_up()
        async with self._ledger.database.reading() as tx:
            waiting = select(ERASURES).where(ERASURES.c.done_at.is_(None)).limit(AT_ONCE)
            found = list(await tx.execute(waiting.order_by(ERASURES.c.ended_at)))
        for one in found:
            await self._erase(one)
        return len(found)

    async def _erase(self, one: "Row[tuple[object, ...]]") -> None:
        """Of what consent had decided by then: what came later is another matter."""
        decided = select(DECISIONS.c.decision, DECISIONS.c.subject).where(
            DECISIONS.c.case_id == one.case_id, DECISIONS.c.decided_at <= one.erased_at
        )
        told = select(NOTIFICATIONS.c.notification, NOTIFICATIONS.c.subject).where(
            NOTIFICATIONS.c.case_id == one.case_id, NOTIFICATIONS.c.raised_at <= one.erased_at
        )
        async with self._ledger.rows() as tx:
            decisions, notifications = list(await tx.execute(decided)), list(await tx.execute(told))
        keys = [content_key(*row) for row in decisions]
        keys += [note_key(*row) for row in notifications]
        for key in keys:
            await self._ledger.store.destroy_key(key)
        erased = CaseErased(
            case=one.case_id,
            ended_at=one.ended_at,
            decisions=len(decisions),
            notifications=len(notifications),
            at=self._ledger.now(),
        )
        context = Context(correlation_id=one.case_id, actor=self.name)
        once = uuid5(one.case_id, f"erased/{one.ended_at.isoformat()}")
        await self._commands.handle(stream_of(one.case_id), erased, context, key=once)
