"""What may other services know of what consent has in its log? One message for each such event."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from contracts import messages
from contracts.messages import ObligationMet, Outcome, Owner
from contracts.requests import AnswerDue
from contracts.signatures import AgreementSigned, Signature
from services.chassis.bus import Message
from services.chassis.store import Recorded
from services.consent.domain import answering
from services.consent.streams.access import (
    AccessExtended,
    AccessRefused,
    AccessReleased,
    AccessRequested,
)
from services.consent.streams.events import (
    CaseClosed,
    DecisionTaken,
    EventAnswered,
    ObligationArose,
    ObligationEnded,
    SignatoriesSet,
)
from services.consent.streams.retention import CaseErased


def told(recorded: Recorded) -> Sequence[Message]:
    match recorded.event:
        case DecisionTaken() as taken:
            return [_message(recorded, messages.DECISION_MADE, with_content(taken))]
        case EventAnswered(message=body):
            return [_message(recorded, messages.EVENT_DECIDED, body)]
        case ObligationArose(message=arisen):
            return [_message(recorded, messages.OBLIGATION_ARISEN, arisen)]
        case ObligationEnded() as ended:
            met = ObligationMet(task=ended.task, met_at=ended.at, how=ended.how)
            return [_message(recorded, messages.OBLIGATION_MET, met)]
        case AccessRequested() | AccessExtended() as asked:
            return [_message(recorded, messages.ANSWER_DUE, _answer_due(recorded, asked))]
        case AccessReleased() | AccessRefused() as answered:
            over = ObligationMet(task=answered.request, met_at=answered.at)
            return [_message(recorded, messages.OBLIGATION_MET, over)]
        case CaseErased() as erased:
            gone = messages.CaseErased(
                case=erased.case, ended_at=erased.ended_at, erased_at=erased.at
            )
            return [_message(recorded, messages.CASE_ERASED, gone)]
        case CaseClosed(message=closed):
            return [_message(recorded, messages.CASE_WITHDRAWN, closed)]
        case SignatoriesSet() as signed:
            return [_message(recorded, messages.AGREEMENT_SIGNED, _signed(recorded, signed))]
        case _:
            return []


def _signed(recorded: Recorded, told: SignatoriesSet) -> AgreementSigned:
    signatures = told.signatures
    if told.organisations is not None and not signatures:
        signatures = tuple(Signature(organisation=one) for one in told.organisations)
    return AgreementSigned(
        agreement=told.agreement,
        version=recorded.position,
        signatures=None if told.organisations is None else signatures,
    )


def _answer_due(recorded: Recorded, asked: AccessRequested | AccessExtended) -> AnswerDue:
    return AnswerDue(
        task=asked.request,
        kind=answering.KIND,
        owner=Owner(organisation=asked.controller or recorded.context.actor),
        due=answering.moment_of(asked.due_on),
    )


def with_content(taken: DecisionTaken) -> messages.DecisionMade:
    """Only what is disclosed travels with its content; what is held stays here."""
    made = taken.message
    if made.outcome is not Outcome.DISCLOSED or taken.terms is None or taken.content is None:
        return made
    told: dict[str, Any] = {"content": taken.content.value or {}}
    if made.correction and taken.why_corrected is not None:
        told["correction_reason"] = taken.why_corrected.value
    return made.model_copy(update={"disclosure": taken.terms.model_copy(update=told)})


def _message(recorded: Recorded, kind: str, body: BaseModel) -> Message:
    return Message(
        id=recorded.event_id,
        exchange=messages.DISCLOSURES,
        type=kind,
        body=body.model_dump(mode="json"),
        correlation_id=recorded.context.correlation_id,
        causation_id=recorded.context.causation_id,
        traceparent=recorded.context.traceparent,
        sent_at=recorded.recorded_at,
    )
