"""What happens when an event has been accepted? It is kept, decided, and answered, once."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts.envelope import CloudEvent, parse
from contracts.events.police import IncidentRecorded, IncidentRetracted
from contracts.events.referral import ReferralAnswered, ReferralMade
from contracts.messages import EventAccepted, EventRef
from services.chassis.bus import Message
from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.projections import Projector
from services.chassis.sealing import Sealed
from services.chassis.store import Context
from services.consent.cases.deliberation import Deliberated, Deliberation
from services.consent.cases.proposing import duties, proposals
from services.consent.cases.resting import Resting
from services.consent.domain.noting import REFERRAL, noted, referral_key
from services.consent.domain.people import keys_of
from services.consent.domain.referrals import duties_of_sender
from services.consent.readmodels import facts
from services.consent.streams.case import stream_of
from services.consent.streams.events import CaseEvent, Described, EventTaken, FactsNoted
from services.consent.streams.pieces import people_in, without_people
from services.consent.streams.state import Case, CaseCommand, Kind, TakeEvent

_CASES = uuid5(NAMESPACE_URL, "daybreak/consent/cases")


class Taking:
    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        register: Projector,
        commands: Commands[CaseCommand, Case, CaseEvent],
        deliberation: Deliberation,
        resting: Resting,
        pepper: bytes,
    ) -> None:
        self._database = database
        self._clock = clock
        self._register = register
        self._commands = commands
        self._deliberation = deliberation
        self._resting = resting
        self._pepper = pepper

    async def on_event_accepted(self, message: Message) -> None:
        context = Context(
            correlation_id=message.correlation_id,
            causation_id=message.id,
            traceparent=message.traceparent,
        )
        await self.take(EventAccepted.model_validate(message.body), message.id, context)

    async def take(self, accepted: EventAccepted, message: UUID, context: Context) -> UUID:
        """The id of the case. A second copy of the message changes nothing."""
        event, now = parse(accepted.event), self._clock.now()
        await self._register.catch_up()
        case = await self._case_of(event)
        seen = await self._deliberation.about(
            event, case=case, taking=message, accepted_at=accepted.accepted_at, now=now
        )
        command = self._command(event, accepted, case, message, seen, now)
        await self._commands.handle(stream_of(case), command, context, key=message)
        # Afterwards, and again on a second copy: what rested on consent may rest on nothing now.
        await self._resting.stop_what_lost_it(event, message, context, now)
        return case

    async def _case_of(self, event: CloudEvent) -> UUID:
        """One reference of one source is one case; an answer belongs to the referral it answers."""
        match event.content:
            case IncidentRecorded() | IncidentRetracted():
                return uuid5(_CASES, f"incident|{event.source}|{event.content.reference}")
            case ReferralMade():
                return uuid5(_CASES, f"referral|{event.source}|{event.content.reference}")
            case ReferralAnswered():
                async with self._database.reading() as tx:
                    key = referral_key(event.content.reference)
                    made = {row.case for row in await facts.rows(tx, REFERRAL, [key])}
                if len(made) == 1:  # two agencies with one reference: neither is guessed at
                    return UUID(made.pop())
        return uuid5(_CASES, f"event|{event.source}|{event.id}")

    def _command(
        self,
        event: CloudEvent,
        accepted: EventAccepted,
        case: UUID,
        message: UUID,
        seen: Deliberated,
        now: datetime,
    ) -> TakeEvent:
        ref = EventRef(source=event.source, id=event.id, type=event.type, receipt=accepted.receipt)
        owed = (*seen.verdict.obligations, *duties_of_sender(seen.matter))
        left = noted(
            seen.matter, str(case), lambda p: keys_of(p, event.source, self._pepper), self._pepper
        )
        return TakeEvent(
            kind=_kind(event),
            taken=self._taken(event, accepted, case, seen),
            facts=FactsNoted(case=case, facts=left),
            keeps_facts=isinstance(event.content, ReferralAnswered),
            proposed=proposals(seen, ref, case, message, self._pepper),
            duties=duties(owed, seen.people, ref, case, message),
            note=seen.verdict.note,
            now=now,
        )

    def _taken(
        self, event: CloudEvent, accepted: EventAccepted, case: UUID, seen: Deliberated
    ) -> EventTaken:
        raw = people_in(event.data)
        return EventTaken(
            case=case,
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
                    person=Sealed(str(known.subject), raw[ref]),
                )
                for ref, known in seen.people.items()
            ),
            rest=Sealed(str(case), without_people(accepted.event)),
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
