"""What happens when an event has been accepted? It is kept, decided, and answered, once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.envelope import CloudEvent, parse
from contracts.events.police import IncidentRetracted
from contracts.events.referral import ReferralAnswered, ReferralMade
from contracts.messages import EventAccepted, EventRef
from services.chassis.bus import Message
from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.projections import Projector
from services.chassis.sealing import Sealed
from services.chassis.store import Context
from services.consent.cases.deliberation import Asked, Deliberated, Deliberation
from services.consent.cases.proposing import duties, proposals
from services.consent.cases.regrounding import Regrounding
from services.consent.cases.resting import Resting
from services.consent.domain.noting import noted
from services.consent.domain.referrals import duties_of_sender
from services.consent.streams.case import stream_of
from services.consent.streams.events import CaseEvent, Described, EventTaken, FactsNoted
from services.consent.streams.pieces import people_in, sealed_under, without_people
from services.consent.streams.state import Case, CaseCommand, DecidedBlindly, Kind, TakeEvent

# As many at a time: they share their questions and their commits, and others get their turn.
_TOGETHER = 32


@dataclass(frozen=True, kw_only=True)
class Arrived:
    asked: Asked
    accepted: EventAccepted
    context: Context


class Taking:
    def __init__(
        self,
        *,
        clock: Clock,
        register: Projector,
        commands: Commands[CaseCommand, Case, CaseEvent],
        deliberation: Deliberation,
        resting: Resting,
        regrounding: Regrounding,
        pepper: bytes,
    ) -> None:
        self._clock = clock
        self._register = register
        self._commands = commands
        self._deliberation = deliberation
        self._resting = resting
        self._regrounding = regrounding
        self._pepper = pepper

    async def on_event_accepted(self, message: Message) -> None:
        await self.on_events_accepted([message])

    async def on_events_accepted(self, messages: Sequence[Message]) -> None:
        """Oldest first. What touches the same people or case is taken in this order."""
        waiting = [_arrived(message) for message in messages]
        while waiting:
            taken = await self._take(waiting[:_TOGETHER])
            waiting = [one for one in waiting if id(one.asked) not in taken]

    async def take(self, accepted: EventAccepted, message: UUID, context: Context) -> UUID:
        """The id of the case. A second copy of the message changes nothing."""
        return (await self._take([_read(accepted, message, context)])).popitem()[1]

    async def _take(self, waiting: Sequence[Arrived]) -> dict[int, UUID]:
        """Those that may be taken at this moment, each with the id of its case."""
        now = self._clock.now()
        await self._register.catch_up()
        wave = await self._deliberation.together([one.asked for one in waiting], now)
        arrived = {id(one.asked): one for one in waiting}
        recording = [self._record(arrived[id(seen.asked)], seen, now) for seen in wave]
        for done in await asyncio.gather(*recording, return_exceptions=True):
            if isinstance(done, BaseException):
                raise done
        for seen in wave:
            # Afterwards, and again on a second copy: what rested on consent may have lost it now.
            one = arrived[id(seen.asked)]
            await self._resting.stop_what_lost_it(
                seen.asked.event, seen.asked.taking, one.context, now
            )
            await self._regrounding.decide_again(
                seen.asked.event, seen.asked.taking, one.context, now
            )
        return {id(seen.asked): seen.case for seen in wave}

    async def _record(self, one: Arrived, seen: Deliberated, now: datetime) -> None:
        """Decided once more where the case knows of a retraction that was not seen yet."""
        while True:
            try:
                await self._handle(one, seen, now)
            except DecidedBlindly as blind:
                seen = self._deliberation.again(seen, blind.retracted_at)
            else:
                return

    async def _handle(self, one: Arrived, seen: Deliberated, now: datetime) -> None:
        await self._commands.handle(
            stream_of(seen.case),
            self._command(one.accepted, seen, now),
            one.context,
            key=seen.asked.taking,
            new=seen.is_new,
        )

    def _command(self, accepted: EventAccepted, seen: Deliberated, now: datetime) -> TakeEvent:
        event, case, message = seen.asked.event, seen.case, seen.asked.taking
        ref = EventRef(source=event.source, id=event.id, type=event.type, receipt=accepted.receipt)
        owed = (*seen.verdict.obligations, *duties_of_sender(seen.matter))
        left = noted(
            seen.matter, str(case), lambda person: seen.people[person.ref].keys, self._pepper
        )
        return TakeEvent(
            kind=_kind(event),
            taken=_taken(accepted, seen),
            facts=FactsNoted(case=case, facts=left),
            keeps_facts=isinstance(event.content, ReferralAnswered),
            proposed=proposals(seen, ref, case, message, self._pepper),
            duties=duties(owed, seen.people, ref, case, message),
            note=seen.verdict.note,
            retracted_at=seen.facts.retracted_at,
            now=now,
        )


def _arrived(message: Message) -> Arrived:
    context = Context(
        correlation_id=message.correlation_id,
        causation_id=message.id,
        traceparent=message.traceparent,
    )
    return _read(EventAccepted.model_validate(message.body), message.id, context)


def _read(accepted: EventAccepted, message: UUID, context: Context) -> Arrived:
    asked = Asked(event=parse(accepted.event), taking=message, accepted_at=accepted.accepted_at)
    return Arrived(asked=asked, accepted=accepted, context=context)


def _taken(accepted: EventAccepted, seen: Deliberated) -> EventTaken:
    event = seen.asked.event
    raw = people_in(event.data)
    return EventTaken(
        case=seen.case,
        source=event.source,
        event_id=event.id,
        type=event.type,
        receipt=accepted.receipt,
        agency=event.agency,
        accepted_at=accepted.accepted_at,
        people=tuple(
            Described(
                ref=ref,
                subject=known.subject,
                keys=known.keys,
                person=Sealed(sealed_under(seen.asked.taking, known.subject), raw[ref]),
            )
            for ref, known in seen.people.items()
        ),
        rest=Sealed(sealed_under(seen.asked.taking), without_people(accepted.event)),
        sent_at=event.time,
    )


def _kind(event: CloudEvent) -> Kind:
    match event.content:
        case IncidentRetracted():
            return "retract"
        case ReferralAnswered():
            return "answer"
        case ReferralMade():
            return "note"
        case _:
            return "decide"
