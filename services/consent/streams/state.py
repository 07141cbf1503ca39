"""What has a case said so far, and what may it be asked to do?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from contracts.messages import ObligationArisen, Reason
from services.chassis.sealing import Sealed
from services.consent.streams.events import (
    CaseClosed,
    CaseEvent,
    CaseReopened,
    DecisionOverridden,
    DecisionTaken,
    EventTaken,
    FactsNoted,
    ObligationArose,
    ObligationEnded,
    OverrideReviewed,
    ReleaseProposed,
)

RELEASED = "a-person-released-it"
WITHHELD_BY_PERSON = "a-person-withheld-it"
REVIEW = "review-override"
CORRECTED, RETRACTED = "police.incident.corrected.v1", "police.incident.retracted.v1"
BREACH = "assess-breach"
Kind = Literal["decide", "retract", "answer", "note"]
Who: TypeAlias = tuple[UUID, str]  # a subject, an audience
Duty: TypeAlias = tuple[str, UUID | None, str | None]  # a kind, a subject, an audience


class DecisionReplaced(Exception):
    """The decision does not stand any more, or somebody has answered already."""


class SamePerson(Exception):
    """Who overrode a decision does not review that, nor does one person release for two."""


class HoldUnknown(Exception):
    """No such hold, or somebody resolved it already."""


class DecidedBlindly(Exception):
    """It was decided without what the case knows of its retraction: decide it again with that."""

    def __init__(self, retracted_at: datetime | None) -> None:
        super().__init__("the case knows of another retraction")
        self.retracted_at = retracted_at


@dataclass(frozen=True, kw_only=True)
class TakeEvent:
    """One event with everything that was decided about it, before it is known what is new.

    `retracted_at`: of the reference, as it was known when this was decided.
    """

    kind: Kind
    taken: EventTaken
    facts: FactsNoted
    keeps_facts: bool = False  # it adds to a case whose facts another event left
    proposed: tuple[DecisionTaken, ...] = ()
    duties: tuple[ObligationArisen, ...] = ()
    note: str = ""
    retracted_at: datetime | None = None
    now: datetime


@dataclass(frozen=True, kw_only=True)
class StopResting:
    """Consent that decisions rest on is gone: by decision, why."""

    because: Mapping[UUID, Reason]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class ResolveHold:
    decision_id: UUID
    outcome: Literal["disclosed", "withheld"]
    by: str
    reason: Sealed
    now: datetime
    agency: str = ""
    key_id: str = ""  # of the machine that speaks for them; empty where they have signed in


@dataclass(frozen=True, kw_only=True)
class OverrideDecision:
    """`decision` is how it would be disclosed; it takes its place in the case by superseding."""

    fact: DecisionOverridden
    decision: DecisionTaken
    review: ObligationArisen


@dataclass(frozen=True, kw_only=True)
class ReviewOverride:
    """`breach` is asked for where it is not upheld: somebody was told who should not have been."""

    decision_id: UUID
    outcome: Literal["upheld", "not-upheld"]
    by: str
    reason: Sealed
    breach: ObligationArisen
    now: datetime


@dataclass(frozen=True, kw_only=True)
class DecideAgain:
    """A ground has arisen. `review` is asked for where a person had withheld it."""

    former: UUID
    proposed: DecisionTaken
    duties: tuple[ObligationArisen, ...]
    review: ObligationArisen


CaseCommand: TypeAlias = (
    TakeEvent | StopResting | ResolveHold | OverrideDecision | ReviewOverride | DecideAgain
)


@dataclass(frozen=True, kw_only=True)
class Case:
    taken: frozenset[tuple[str, str]] = frozenset()
    standing: Mapping[Who, DecisionTaken] = field(default_factory=dict)
    duties: Mapping[Duty, ObligationArisen] = field(default_factory=dict)
    open_tasks: frozenset[UUID] = frozenset()
    breaches: frozenset[UUID] = frozenset()  # tasks that outlive whatever comes after
    proposals: Mapping[UUID, ReleaseProposed] = field(default_factory=dict)  # by decision
    closed: bool = False
    answered: bool = False
    # By the decision that came of it. What follows from an override outlives corrections and ends.
    overrides: Mapping[UUID, DecisionOverridden] = field(default_factory=dict)
    reviewed: frozenset[UUID] = frozenset()
    told_at: datetime | None = None  # when the sender sent what is the newest, by its own clock
    retracted_at: datetime | None = None  # when it sent its retraction, unless that was undone
    uncounted: FactsNoted | None = None
    said_at: datetime | None = None  # the latest moment of a decision, or of closing
    closed_at: datetime | None = None  # of the last closing, also when it stands again

    @property
    def is_known(self) -> bool:
        """Has anything been reported under the reference? A retraction reports nothing."""
        return self.told_at is not None


def who_of(decision: DecisionTaken) -> Who:
    return decision.message.about.subject_id, decision.message.audience


def duty_of(duty: ObligationArisen) -> Duty:
    return duty.kind, duty.about.subject_id if duty.about else None, duty.audience


def evolve(case: Case, event: CaseEvent) -> Case:
    match event:
        case EventTaken():
            taken = case.taken | {(event.source, event.event_id)}
            case = replace(case, taken=taken, answered=_answered(case, event))
            return _sent(case, event)
        case FactsNoted():
            return replace(case, uncounted=None if event.counted else event)
        case DecisionTaken():
            gone = event.message.supersedes
            kept = {
                who: former
                for who, former in case.standing.items()
                if former.message.decision_id != gone
            }
            case = _said(case, event.message.decided_at)
            return replace(case, standing={**kept, who_of(event): event}, closed=False)
        case DecisionOverridden():
            overrides = {**case.overrides, event.decision_id: event}
            return replace(case, overrides=overrides)
        case OverrideReviewed():
            return replace(case, reviewed=case.reviewed | {event.decision_id})
        case ObligationArose(message=arisen) if arisen.kind != REVIEW:
            breach = frozenset({arisen.task} if arisen.kind == BREACH else ())
            return replace(
                case,
                duties={**case.duties, duty_of(arisen): arisen},
                open_tasks=case.open_tasks | {arisen.task},
                breaches=case.breaches | breach,
            )
        case ObligationEnded():
            return replace(case, open_tasks=case.open_tasks - {event.task})
        case CaseClosed():
            at = event.message.withdrawn_at
            return replace(_said(case, at), standing={}, duties={}, closed=True, closed_at=at)
        case CaseReopened():
            return replace(case, retracted_at=None)
        case _:
            return _proposed(case, event)


def _proposed(case: Case, event: CaseEvent) -> Case:
    if not isinstance(event, ReleaseProposed):
        return case
    return replace(case, proposals={**case.proposals, event.decision_id: event})


def sent_at(taken: EventTaken) -> datetime:
    return taken.sent_at or taken.accepted_at


def _sent(case: Case, taken: EventTaken) -> Case:
    at = sent_at(taken)
    if taken.type == RETRACTED:
        return replace(case, retracted_at=max(at, case.retracted_at or at))
    return replace(case, told_at=max(at, case.told_at or at))


def _said(case: Case, at: datetime) -> Case:
    return replace(case, said_at=max(at, case.said_at or at))


def _answered(case: Case, event: EventTaken) -> bool:
    return case.answered or event.type == "referral.answered.v1"
