"""What has consent said? Its messages become facts of this service's log, and nothing else here.

Each fact takes its id from the message, so that a second copy changes nothing.
"""

from typing import Any
from uuid import uuid5

from contracts import messages, requests
from contracts.signatures import AgreementSigned
from services.chassis.bus import Bus, Message
from services.chassis.sealing import Sealed
from services.chassis.store import Context
from services.notify.domain import task
from services.notify.domain.localtime import local_day
from services.notify.domain.placement import serving
from services.notify.domain.reviews import review_by
from services.notify.ledger import Ledger
from services.notify.readmodels import mornings
from services.notify.streams.agreement import SignatoriesTold
from services.notify.streams.case import CaseClosed, EventAnswered
from services.notify.streams.decision import DecisionRecorded, content_key

GROUP = "notify.disclosures"
_TYPES = frozenset(
    {
        messages.DECISION_MADE,
        messages.EVENT_DECIDED,
        messages.CASE_WITHDRAWN,
        messages.OBLIGATION_ARISEN,
        messages.OBLIGATION_MET,
        messages.ANSWER_DUE,
        messages.AGREEMENT_SIGNED,
    }
)
# A task that is opened only when its moment has come, not when the moment is set.
_LATER = frozenset({task.TaskKind.CHASE_REFERRAL})


class Disclosures:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def subscribe(self, bus: Bus) -> None:
        bus.subscribe(GROUP, messages.DISCLOSURES, _TYPES, self.on_disclosure)

    async def on_disclosure(self, message: Message) -> None:
        match message.type:
            case messages.DECISION_MADE:
                await self._on_decision_made(message)
            case messages.EVENT_DECIDED:
                await self._on_event_decided(message)
            case messages.CASE_WITHDRAWN:
                await self._on_case_withdrawn(message)
            case messages.OBLIGATION_ARISEN:
                await self._on_obligation_arisen(message)
            case messages.OBLIGATION_MET:
                await self._on_obligation_met(message)
            case messages.ANSWER_DUE:
                await self._on_answer_due(message)
            case messages.AGREEMENT_SIGNED:
                await self._on_agreement_signed(message)

    async def _on_decision_made(self, message: Message) -> None:
        made = messages.DecisionMade.model_validate(message.body)
        fact = _recorded(made, self._ledger)
        await self._ledger.decision(made.decision_id, fact, _context(message), key=message.id)

    async def _on_event_decided(self, message: Message) -> None:
        decided = messages.EventDecided.model_validate(message.body)
        fact = EventAnswered(
            receipt=decided.event.receipt,
            case=decided.case,
            source=decided.event.source,
            event_id=decided.event.id,
            event_type=decided.event.type,
            decisions=decided.decisions,
            note=decided.note,
            at=self._ledger.now(),
        )
        await self._ledger.case(decided.case, fact, _context(message), key=message.id)

    async def _on_case_withdrawn(self, message: Message) -> None:
        withdrawn = messages.CaseWithdrawn.model_validate(message.body)
        fact = CaseClosed(
            case=withdrawn.case,
            receipt=withdrawn.event.receipt,
            withdrawn_at=withdrawn.withdrawn_at,
            at=self._ledger.now(),
        )
        await self._ledger.case(withdrawn.case, fact, _context(message), key=message.id)

    async def _on_obligation_arisen(self, message: Message) -> None:
        arisen = messages.ObligationArisen.model_validate(message.body)
        opened = await self._task(arisen)
        await self._ledger.task(arisen.task, opened, _context(message), key=message.id)

    async def _task(self, arisen: messages.ObligationArisen) -> task.TaskOpened:
        now, kind = self._ledger.now(), task.TaskKind(arisen.kind)
        look, holidays = self._ledger.look, self._ledger.bank_holidays
        owner = await self._owner(arisen.owner, sender_of(arisen.event.source))
        place = arisen.owner.local_authority
        escalates_to = None
        if arisen.escalates_to is not None:
            escalates_to = await self._owner(arisen.escalates_to, owner)
        moment = await mornings.due_of_place(look, arisen.due, place, holidays)
        if kind is task.TaskKind.REVIEW_HOLD:
            moment = review_by(arisen.due.kind, moment, now)
        return task.TaskOpened(
            task=arisen.task,
            kind=kind,
            owner=owner,
            due=moment,
            opens_at=moment if kind in _LATER else now,
            at=now,
            about=arisen.about.ref if arisen.about else None,
            subject=arisen.about.subject_id if arisen.about else None,
            audience=arisen.audience,
            case=arisen.case,
            decision=arisen.decision_id,
            follows=arisen.follows,
            escalates_to=escalates_to,
        )

    async def _owner(self, wanted: messages.Owner, sender: str) -> str:
        """Which organisation must act. Nobody found: the one that knows of it."""
        if wanted.organisation is not None:
            return wanted.organisation
        if wanted.kind is not None:
            mine = await self._ledger.look.of_place((wanted.kind, None))
            day = local_day(self._ledger.now())
            place, area = wanted.local_authority, wanted.police_area
            near = serving(wanted.kind, place, area, mine, day) if mine else set()
            if near:
                return min(near)
        return wanted.otherwise or sender

    async def _on_obligation_met(self, message: Message) -> None:
        met = messages.ObligationMet.model_validate(message.body)
        close = task.CloseTask(
            task=met.task, how=task.How(met.how), by="consent", at=self._ledger.now()
        )
        await self._ledger.task(met.task, close, _context(message), key=message.id)

    async def _on_answer_due(self, message: Message) -> None:
        """Opened, or due later than it was: which of the two came first does not matter."""
        told, now = requests.AnswerDue.model_validate(message.body), self._ledger.now()
        opened = task.TaskOpened(
            task=told.task,
            kind=task.TaskKind(told.kind),
            owner=told.owner.organisation or "",
            due=told.due,
            opens_at=now,
            at=now,
        )
        moved = task.MoveTaskDue(task=told.task, due=told.due, at=now)
        context = _context(message)
        await self._ledger.task(told.task, opened, context, key=message.id)
        await self._ledger.task(told.task, moved, context, key=uuid5(message.id, "moved"))

    async def _on_agreement_signed(self, message: Message) -> None:
        told = AgreementSigned.model_validate(message.body)
        fact = SignatoriesTold(
            agreement=told.agreement,
            version=told.version,
            signatures=told.signatures,
            at=self._ledger.now(),
        )
        await self._ledger.signatories(fact, _context(message), key=message.id)


def sender_of(source: str) -> str:
    return source.removeprefix("/agencies/")


def _context(message: Message) -> Context:
    return Context(
        correlation_id=message.correlation_id,
        causation_id=message.id,
        traceparent=message.traceparent,
        actor="consent",
    )


def _recorded(made: messages.DecisionMade, ledger: Ledger) -> DecisionRecorded:
    disclosed = made.disclosure
    return DecisionRecorded(
        decision=made.decision_id,
        case=made.case,
        receipt=made.event.receipt,
        source=made.event.source,
        event_id=made.event.id,
        event_type=made.event.type,
        about=made.about.ref,
        subject=made.about.subject_id,
        audience=made.audience,
        outcome=made.outcome,
        because=made.because,
        decided_at=made.decided_at,
        recorded_at=ledger.now(),
        agreement=made.agreement,
        agreement_version=made.agreement_version,
        profile=made.profile,
        shows=made.shows,
        supersedes=made.supersedes,
        correction=made.correction,
        rests_on_consent=disclosed.rests_on_consent if disclosed else False,
        phone_first=disclosed.phone_first if disclosed else False,
        urgent=disclosed.urgent if disclosed else False,
        due=disclosed.due if disclosed else None,
        routing=disclosed.routing if disclosed else _only_barred(made),
        content=_sealed(made, disclosed.content) if disclosed else None,
        correction_reason=_sealed(made, disclosed.correction_reason)
        if disclosed and disclosed.correction_reason
        else None,
    )


def _only_barred(made: messages.DecisionMade) -> messages.Routing | None:
    """What is held or withheld goes nowhere; who must not see it holds all the same."""
    if not made.barred_readers:
        return None
    return messages.Routing(barred_readers=made.barred_readers)


def _sealed(made: messages.DecisionMade, told: Any) -> Sealed:
    return Sealed(content_key(made.decision_id, made.about.subject_id), told)
