"""Which facts does an event leave behind for later decisions? By keyed hashes, never by names."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, assert_never

from contracts.events.consent import ConsentGiven, ConsentRefused, ConsentWithdrawn
from contracts.events.marac import MaracCaseHeard, MaracCaseTransferred, MaracReferralMade
from contracts.events.police import IncidentRecorded
from contracts.events.referral import ReferralMade
from contracts.events.safeguarding import StatusChanged
from contracts.events.treatment import AppointmentMissed
from contracts.identity import pair_key
from contracts.people import Person
from services.consent.domain.competence import is_presence_doubtful, whose_word
from services.consent.domain.days import london_day, utc
from services.consent.domain.matter import Matter, by_ref, children_of

Keys = Callable[[Person], tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Noted:
    """One fact. Any of the keys finds it."""

    kind: str
    keys: tuple[str, ...]
    at: datetime
    body: dict[str, Any] = field(default_factory=dict)


CHILD_INCIDENT = "child-incident"
PAIR_INCIDENT = "pair-incident"
CHILD_MISSED = "child-missed"
STATUS = "status"
CONSENT = "consent"
HARM = "harm"
REFERRAL = "referral"
MARAC_REFERRAL = "marac-referral"
MARAC_MEETING = "marac-meeting"
MARAC_TRANSFER = "marac-transfer"


def noted(matter: Matter, consent: str, keys: Keys, pepper: bytes) -> tuple[Noted, ...]:
    """`consent` is the id under which an entry of the consent register will be known."""
    match matter.content:
        case IncidentRecorded():
            return tuple(_incident(matter, matter.content, keys, pepper))
        case StatusChanged() as changed:
            body = {"status": changed.status, "since": changed.since.isoformat()}
            at = utc(matter.accepted_at)
            return (Noted(kind=STATUS, keys=keys(changed.child), at=at, body=body),)
        case ConsentGiven() | ConsentRefused() | ConsentWithdrawn():
            return (_consent(matter, matter.content, consent, keys),)
        case AppointmentMissed() as missed:
            return tuple(_missed(matter, missed, keys))
        case ReferralMade():
            return tuple(_referral(matter, matter.content, keys))
        case MaracReferralMade() | MaracCaseHeard() | MaracCaseTransferred():
            return (_marac(matter.content, keys, pepper),)
        case _:
            return ()


def _incident(
    matter: Matter, incident: IncidentRecorded, keys: Keys, pepper: bytes
) -> Iterable[Noted]:
    """Only domestic abuse counts towards a history, an escalation or a repeat."""
    if incident.category != "domestic-abuse":
        return
    at, people = utc(incident.occurred_at), by_ref(matter)
    for child in children_of(matter):
        yield Noted(kind=CHILD_INCIDENT, keys=keys(child), at=at)
    harmed = keys(people[incident.parties.harmed])
    for ref in incident.parties.other:
        pair = tuple(pair_key(pepper, harmed, keys(people[ref])))
        yield Noted(kind=PAIR_INCIDENT, keys=pair, at=at)


def _missed(matter: Matter, missed: AppointmentMissed, keys: Keys) -> Iterable[Noted]:
    """Of the children whose parent missed it; the same appointment is counted once."""
    at = utc(missed.appointment.starts_at)
    body = {"appointment": f"{matter.agency}/{missed.appointment.id}"}
    for child in missed.children:
        yield Noted(kind=CHILD_MISSED, keys=keys(child), at=at, body=body)


def _consent(
    matter: Matter,
    told: ConsentGiven | ConsentRefused | ConsentWithdrawn,
    consent: str,
    keys: Keys,
) -> Noted:
    return Noted(
        kind=CONSENT,
        keys=keys(told.person),
        at=_spoken_at(matter, told),
        body={
            "consent": consent,
            "kind": type(told).__name__.removeprefix("Consent").lower(),
            "purposes": list(told.scope.purposes),
            "audiences": list(told.scope.audiences),
            "categories": list(told.scope.categories),
            "competence": told.competence,
            "presence_doubtful": is_presence_doubtful(told.in_presence_of),
            "whose": whose_word(told, told.person.age_on(london_day(_spoken_at(matter, told)))),
            "expires_on": told.expires_on and told.expires_on.isoformat(),
        },
    )


def _spoken_at(matter: Matter, told: ConsentGiven | ConsentRefused | ConsentWithdrawn) -> datetime:
    match told:
        case ConsentGiven():
            return utc(told.given_at)
        case ConsentRefused():
            return utc(told.refused_at)
        case ConsentWithdrawn():
            # From receipt at the latest: a moment in the future would let it wait.
            return min(utc(told.withdrawn_at), utc(matter.accepted_at))
        case _:
            assert_never(told)


def referral_key(reference: str) -> str:
    return f"referral:{reference}"


def marac_key(reference: str) -> str:
    return f"marac:{reference}"


def _referral(matter: Matter, made: ReferralMade, keys: Keys) -> Iterable[Noted]:
    at = utc(made.made_at)
    yield Noted(kind=REFERRAL, keys=(referral_key(made.reference),), at=at)
    if made.intent == "refer":
        body = {"agency": matter.agency}
        yield Noted(kind=HARM, keys=keys(made.child), at=at, body=body)


def _marac(
    told: MaracReferralMade | MaracCaseHeard | MaracCaseTransferred, keys: Keys, pepper: bytes
) -> Noted:
    match told:
        case MaracReferralMade():
            others = [key for other in told.other for key in keys(other)]
            return Noted(
                kind=MARAC_REFERRAL,
                keys=tuple(pair_key(pepper, keys(told.harmed), others)),
                at=utc(told.referred_at),
                body={"area": told.area, "reference": told.reference},
            )
        case MaracCaseHeard():
            return Noted(
                kind=MARAC_MEETING,
                keys=(marac_key(told.reference),),
                at=utc(told.heard_at),
                body={"area": told.area},
            )
        case MaracCaseTransferred():
            return Noted(
                kind=MARAC_TRANSFER,
                keys=(marac_key(told.reference),),
                at=utc(told.transferred_at),
                body={"area": told.to_area},
            )
        case _:
            assert_never(told)
