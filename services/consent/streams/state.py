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
    DecisionOverridden,
    DecisionTaken,
    EventTaken,
    FactsNoted,
    ObligationArose,
    ObligationEnded,
    OverrideReviewed,
)

RELEASED = "a-person-released-it"
REVIEW = "review-override"
Kind = Literal["decide", "retract", "answer", "note"]
Who: TypeAlias = tuple[UUID, str]  # a subject, an audience
Duty: TypeAlias = tuple[str, UUID | None, str | None]  # a kind, a subject, an audience


class DecisionReplaced(Exception):
    """The decision does not stand any more, or somebody has answered already."""


class SamePerson(Exception):
    """Who overrode a decision does not review that."""


class HoldUnknown(Exception):
    """No such hold, or somebody resolved it already."""


@dataclass(frozen=True, kw_only=True)
class TakeEvent:
    """One event with everything that was decided about it, before it is known what is new."""

    kind: Kind
    taken: EventTaken
    facts: FactsNoted
    keeps_facts: bool = False  # it adds to a case whose facts another event left
    proposed: tuple[DecisionTaken, ...] = ()
    duties: tuple[ObligationArisen, ...] = ()
    note: str = ""
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


@dataclass(frozen=True, kw_only=True)
class OverrideDecision:
    """`decision` is how it would be disclosed; it takes its place in the case by superseding."""

    fact: DecisionOverridden
    decision: DecisionTaken
    review: ObligationArisen


@dataclass(frozen=True, kw_only=True)
class ReviewOverride:
    decision_id: UUID
    outcome: Literal["upheld", "not-upheld"]
    by: str
    reason: Sealed
    now: datetime


CaseCommand: TypeAlias = TakeEvent | StopResting | ResolveHold | OverrideDecision | ReviewOverride


@dataclass(frozen=True, kw_only=True)
class Case:
    taken: frozenset[tuple[str, str]] = frozenset()
    standing: Mapping[Who, DecisionTaken] = field(default_factory=dict)
    duties: Mapping[Duty, ObligationArisen] = field(default_factory=dict)
    open_tasks: frozenset[UUID] = frozenset()
    closed: bool = False
    answered: bool = False
    # By the decision that came of it. What follows from an override outlives corrections and ends.
    overrides: Mapping[UUID, DecisionOverridden] = field(default_factory=dict)
    reviewed: frozenset[UUID] = frozenset()


def who_of(decision: DecisionTaken) -> Who:
    return decision.message.about.subject_id, decision.message.audience


def duty_of(duty: ObligationArisen) -> Duty:
    return duty.kind, duty.about.subject_id if duty.about else None, duty.audience


def evolve(case: Case, event: CaseEvent) -> Case:
    match event:
        case EventTaken():
            taken = case.taken | {(event.source, event.event_id)}
            return replace(case, taken=taken, answered=_answered(case, event))
        case DecisionTaken():
            gone = event.message.supersedes
            kept = {
                who: former
                for who, former in case.standing.items()
                if former.message.decision_id != gone
            }
            return replace(case, standing={**kept, who_of(event): event}, closed=False)
        case DecisionOverridden():
            overrides = {**case.overrides, event.decision_id: event}
            return replace(case, overrides=overrides)
        case OverrideReviewed():
            return replace(case, reviewed=case.reviewed | {event.decision_id})
        case ObligationArose() if event.message.kind != REVIEW:
            return replace(
                case,
                duties={**case.duties, duty_of(event.message): event.message},
                open_tasks=case.open_tasks | {event.message.task},
            )
        case ObligationEnded():
            return replace(case, open_tasks=case.open_tasks - {event.task})
        case CaseClosed():
            return replace(case, standing={}, duties={}, closed=True)
        case _:
            return case


def _answered(case: Case, event: EventTaken) -> bool:
    return case.answered or event.type == "referral.answered.v1"
