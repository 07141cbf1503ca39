"""How do decisions and obligations go into the log: with ids, sealed, and comparable?"""

import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from contracts.messages import (
    Basis,
    DecisionMade,
    Disclosure,
    EventRef,
    ObligationArisen,
    Outcome,
    Subject,
    TellSubject,
)
from services.chassis.sealing import Sealed
from services.consent.cases.deliberation import Deliberated, Known
from services.consent.domain.conflicts import barred_readers
from services.consent.domain.correcting import reason_shown
from services.consent.domain.decision import Decision, Obligation, Terms
from services.consent.streams.events import DecisionTaken, Resting
from services.consent.streams.pieces import sealed_under

_CONSENT = "client-allows-this-sharing"
# Looked at again in the moment of telling: no reason to tell anybody anew.
_MAY_CHANGE = {"signatories", "agreement_until", "by_override", "quiet"}


def proposals(
    seen: Deliberated, event: EventRef, case: UUID, message: UUID, pepper: bytes
) -> tuple[DecisionTaken, ...]:
    return tuple(
        _proposal(decision, seen, event, case, message, pepper)
        for decision in seen.verdict.decisions
    )


def decision_id(message: UUID, subject: UUID, audience: str) -> UUID:
    return uuid5(message, f"decision/{subject}/{audience}")


def _proposal(
    decision: Decision,
    seen: Deliberated,
    event: EventRef,
    case: UUID,
    message: UUID,
    pepper: bytes,
) -> DecisionTaken:
    known, terms = seen.people[decision.about], decision.terms
    made = DecisionMade(
        decision_id=decision_id(message, known.subject, decision.audience),
        event=event,
        case=case,
        about=Subject(ref=decision.about, subject_id=known.subject),
        audience=decision.audience,
        outcome=decision.outcome,
        because=decision.because,
        decided_at=seen.matter.now,
        barred_readers=barred_readers(seen.matter, pepper),
        **(said(terms) if terms else {}),
    )
    return DecisionTaken(
        message=made,
        fingerprint=_fingerprint(decision, pepper),
        terms=_empty(terms) if terms else None,
        content=_sealed(terms, message, known) if terms else None,
        why_corrected=_why(decision, seen, message, known),
        resting=_resting(terms, decision, seen) if terms else None,
        two_person=decision.two_person,
    )


def _why(decision: Decision, seen: Deliberated, message: UUID, known: Known) -> Sealed | None:
    reason = reason_shown(seen.matter, decision)
    return None if reason is None else Sealed(sealed_under(message, known.subject), reason)


def _sealed(terms: Terms, message: UUID, known: Known) -> Sealed:
    return Sealed(sealed_under(message, known.subject), dict(terms.content))


def disclosed_by_person(
    former: DecisionMade, decision: UUID, terms: Terms, key: str, now: datetime
) -> DecisionTaken:
    """What was decided of `former`, disclosed on these terms; the case says what it replaces.

    `key` names the key under which the person is sealed in that event.
    """
    return DecisionTaken(
        message=DecisionMade(
            decision_id=decision,
            event=former.event,
            case=former.case,
            about=former.about,
            audience=former.audience,
            outcome=Outcome.DISCLOSED,
            because=former.because,
            decided_at=now,
            **said(terms),
        ),
        fingerprint="",
        terms=_empty(terms),
        content=Sealed(key, dict(terms.content)),
    )


def said(terms: Terms) -> dict[str, Any]:
    """What a decision says of its terms: to the log, and to who asks for an explanation."""
    agreement = terms.agreement
    return {
        "agreement": agreement.id,
        "agreement_version": agreement.version,
        "basis": Basis(
            article_6=agreement.basis.article_6,
            article_9=agreement.basis.article_9,
            condition=agreement.basis.condition,
            gateway=agreement.basis.gateway,
        ),
        "profile": terms.profile,
        "shows": tuple(sorted(terms.content)),
        "drops": terms.drops,
        # The dead are not told; everybody else as the agreement says.
        "tell_subject": TellSubject(
            required=agreement.tell_subject.required and not terms.phone_first,
            unless=agreement.tell_subject.unless,
        ),
    }


def _empty(terms: Terms) -> Disclosure:
    return Disclosure(
        content={},
        rests_on_consent=terms.rests_on_consent,
        due=terms.due,
        routing=terms.routing,
        phone_first=terms.phone_first,
        urgent=terms.urgent,
    )


def _fingerprint(decision: Decision, pepper: bytes) -> str:
    """Equal when nobody would be told anything else, elsewhere or by other rules. Keyed: it is
    made of what is personal, and must not be found by trying."""
    terms = decision.terms
    told = {
        "outcome": decision.outcome.value,
        "rules": [] if terms and decision.outcome is Outcome.DISCLOSED else _rules(decision),
        "content": terms and dict(terms.content),
        "agreement": terms and terms.agreement.id,
        "routing": terms and terms.routing.model_dump(mode="json", exclude=_MAY_CHANGE),
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hmac.digest(pepper, text.encode(), "sha256").hex()


def _rules(decision: Decision) -> list[str]:
    return sorted({reason.rule for reason in decision.because})


def _resting(terms: Terms, decision: Decision, seen: Deliberated) -> Resting | None:
    told = seen.matter.episode or seen.matter.appointment
    if not terms.rests_on_consent or told is None:
        return None
    asked = next(
        condition.parameters
        for condition in terms.agreement.conditions
        if condition.use == _CONSENT and condition.concerns(decision.audience, seen.matter.type)
    )
    return Resting(
        keys=tuple(sorted(seen.people[told.client.ref].all_keys)),
        purpose=str(asked["purpose"]),
        category=str(asked["category"]),
    )


def duties(
    obligations: Iterable[Obligation],
    people: Mapping[str, Known],
    event: EventRef,
    case: UUID,
    message: UUID,
) -> tuple[ObligationArisen, ...]:
    return tuple(_duty(owed, people, event, case, message) for owed in obligations)


def _duty(
    owed: Obligation, people: Mapping[str, Known], event: EventRef, case: UUID, message: UUID
) -> ObligationArisen:
    about = None
    if owed.about is not None:
        about = Subject(ref=owed.about, subject_id=people[owed.about].subject)
    decided = None
    if owed.decided and about is not None and owed.audience is not None:
        decided = decision_id(message, about.subject_id, owed.audience)
    return ObligationArisen(
        task=uuid5(message, f"task/{owed.kind}/{owed.about}/{owed.audience}"),
        kind=owed.kind,
        event=event,
        case=case,
        about=about,
        audience=owed.audience,
        owner=owed.owner,
        due=owed.due,
        escalates_to=owed.escalates_to,
        decision_id=decided,
    )
