"""What does one case say next? Everything of one reference from one source, decided and undone.

What has been said already is not said again: a second copy, or a correction that changes nothing
for an audience, leaves that audience in peace (contract 4a).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID, uuid5

from contracts.messages import (
    CaseWithdrawn,
    DecisionMade,
    EventDecided,
    EventRef,
    ObligationArisen,
    Outcome,
    Reason,
)
from services.chassis.commands import Decider
from services.chassis.sealing import Sealed
from services.consent.streams.events import (
    CaseClosed,
    CaseEvent,
    DecisionTaken,
    EventAnswered,
    EventTaken,
    FactsNoted,
    HoldResolved,
    ObligationArose,
    ObligationEnded,
)

RELEASED = "a-person-released-it"
Kind = Literal["decide", "retract", "answer", "note"]


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


CaseCommand: TypeAlias = TakeEvent | StopResting | ResolveHold
Who: TypeAlias = tuple[UUID, str]  # a subject, an audience
Duty: TypeAlias = tuple[str, UUID | None, str | None]  # a kind, a subject, an audience


@dataclass(frozen=True, kw_only=True)
class Case:
    taken: frozenset[tuple[str, str]] = frozenset()
    standing: Mapping[Who, DecisionTaken] = field(default_factory=dict)
    duties: Mapping[Duty, ObligationArisen] = field(default_factory=dict)
    open_tasks: frozenset[UUID] = frozenset()
    closed: bool = False
    answered: bool = False


def decide(command: CaseCommand, case: Case) -> tuple[CaseEvent, ...]:
    match command:
        case TakeEvent():
            return tuple(_take(command, case))
        case StopResting():
            return tuple(_stop(command, case))
        case ResolveHold():
            return tuple(_resolve(command, case))


def _take(command: TakeEvent, case: Case) -> Iterator[CaseEvent]:
    if (command.taken.source, command.taken.event_id) in case.taken:
        return
    yield command.taken
    if not command.keeps_facts:
        yield command.facts
    said: list[CaseEvent] = []
    note = command.note
    match command.kind:
        case "decide":
            said = list(_decisions(command, case))
            if case.taken and not said and not case.closed:
                note = "Nothing in it changes what anybody was told."
        case "retract":
            said = list(_retraction(command, case))
            note = note if case.taken else "Nothing is known under this reference."
        case "answer":
            said = [_ended(task, "cancelled", command.now) for task in sorted(case.open_tasks)]
        case "note":
            said = list(_duties(command, case, {}))
    yield from said
    made = sum(isinstance(event, DecisionTaken) for event in said)
    yield EventAnswered(
        message=EventDecided(
            event=_event_ref(command.taken), case=command.taken.case, decisions=made, note=note
        )
    )


def _event_ref(taken: EventTaken) -> EventRef:
    return EventRef(source=taken.source, id=taken.event_id, type=taken.type, receipt=taken.receipt)


def _decisions(command: TakeEvent, case: Case) -> Iterator[CaseEvent]:
    ids: dict[Who, UUID] = {}
    claimed: set[Who] = set()
    proposed_for = {_who(decision) for decision in command.proposed}
    for decision in command.proposed:
        who = _who(decision)
        before = who if who in case.standing else _by_ref(decision, case, proposed_for | claimed)
        former = case.standing.get(before) if before else None
        if before:
            claimed.add(before)
        if former is not None and former.fingerprint == decision.fingerprint and before == who:
            ids[who] = former.message.decision_id
            continue
        ids[who] = decision.message.decision_id
        yield decision if former is None else _superseding(decision, former)
    for who, former in case.standing.items():
        if who not in claimed and former.message.outcome is not Outcome.WITHHELD:
            yield _dropped(command, former)
    yield from _duties(command, case, ids)


def _who(decision: DecisionTaken) -> Who:
    return decision.message.about.subject_id, decision.message.audience


def _by_ref(decision: DecisionTaken, case: Case, others: set[Who]) -> Who | None:
    """The same person under a corrected name: within one reference a ref may tell."""
    about, audience = decision.message.about.ref, decision.message.audience
    found = [
        who
        for who, former in case.standing.items()
        if who not in others and who[1] == audience and former.message.about.ref == about
    ]
    return found[0] if found else None


def _superseding(decision: DecisionTaken, former: DecisionTaken) -> DecisionTaken:
    return replace(
        decision,
        message=decision.message.model_copy(
            update={
                "supersedes": former.message.decision_id,
                "correction": former.message.outcome is Outcome.DISCLOSED,
            }
        ),
    )


def _dropped(command: TakeEvent, former: DecisionTaken) -> DecisionTaken:
    because = Reason(
        rule="corrected-away", version="1", says="The corrected event no longer says this."
    )
    event = _event_ref(command.taken)
    return _withheld(former, because, command.now, event=event, correction=True)


def _withheld(
    former: DecisionTaken,
    because: Reason,
    now: datetime,
    *,
    event: EventRef | None = None,
    correction: bool = False,
) -> DecisionTaken:
    message = former.message
    return DecisionTaken(
        message=DecisionMade(
            decision_id=uuid5(message.decision_id, f"withheld/{now.isoformat()}"),
            event=event or message.event,
            case=message.case,
            about=message.about,
            audience=message.audience,
            outcome=Outcome.WITHHELD,
            because=(because,),
            decided_at=now,
            supersedes=message.decision_id,
            correction=correction,
        ),
        fingerprint=because.rule,
    )


def _retraction(command: TakeEvent, case: Case) -> Iterator[CaseEvent]:
    if not case.taken or case.closed:
        return
    for task in sorted(case.open_tasks):
        yield _ended(task, "cancelled", command.now)
    taken = command.taken
    yield CaseClosed(
        message=CaseWithdrawn(event=_event_ref(taken), case=taken.case, withdrawn_at=command.now)
    )
    for duty in command.duties:
        yield ObligationArose(message=duty)


def _duties(
    command: TakeEvent, case: Case, decided: Mapping[Who, UUID]
) -> Iterator[ObligationArose | ObligationEnded]:
    """What is owed already stays as it is; what is owed no longer is ended; the rest arises."""
    wanted = {_duty(duty): _belonging(duty, decided) for duty in command.duties}
    if case.answered:
        wanted = {duty: arisen for duty, arisen in wanted.items() if duty[0] != "chase-referral"}
    for duty, former in case.duties.items():
        new = wanted.get(duty)
        if new is not None and _is_same(new, former, decided, command):
            del wanted[duty]
        elif former.task in case.open_tasks:
            written = former.kind == "write-up-phone-referral" and new is None
            yield _ended(former.task, "done" if written else "cancelled", command.now)
    for arisen in wanted.values():
        yield ObligationArose(message=arisen)


def _belonging(duty: ObligationArisen, decided: Mapping[Who, UUID]) -> ObligationArisen:
    """A duty that comes with a decision names the one that stands, which may be a former one."""
    if duty.decision_id is None or duty.about is None or duty.audience is None:
        return duty
    standing = decided.get((duty.about.subject_id, duty.audience), duty.decision_id)
    return duty.model_copy(update={"decision_id": standing})


def _is_same(
    new: ObligationArisen,
    former: ObligationArisen,
    decided: Mapping[Who, UUID],
    command: TakeEvent,
) -> bool:
    """A decision that is made anew asks anew; one that stands as it was does not."""
    made = {decision.message.decision_id for decision in command.proposed}
    anew = new.decision_id in made & set(decided.values())
    return (new.owner, new.due) == (former.owner, former.due) and not anew


def _duty(duty: ObligationArisen) -> Duty:
    return duty.kind, duty.about.subject_id if duty.about else None, duty.audience


def _ended(task: UUID, how: Literal["done", "cancelled"], now: datetime) -> ObligationEnded:
    return ObligationEnded(task=task, how=how, at=now)


def _stop(command: StopResting, case: Case) -> Iterator[CaseEvent]:
    for former in case.standing.values():
        because = command.because.get(former.message.decision_id)
        if because is not None and former.message.outcome is not Outcome.WITHHELD:
            yield _withheld(former, because, command.now)
            yield from _reviewed(former, case, command.now, "cancelled")


def _resolve(command: ResolveHold, case: Case) -> Iterator[CaseEvent]:
    former = next(
        (d for d in case.standing.values() if d.message.decision_id == command.decision_id), None
    )
    if case.closed or former is None or former.message.outcome is not Outcome.HELD:
        raise HoldUnknown
    yield HoldResolved(
        decision_id=command.decision_id,
        outcome=command.outcome,
        by=command.by,
        reason=command.reason,
        resolved_at=command.now,
    )
    because = Reason(
        rule=RELEASED if command.outcome == "disclosed" else "a-person-withheld-it",
        version="1",
        says="A person looked at it; who and why is kept with the hold.",
    )
    if command.outcome == "withheld":
        # The same event again must not ask the same person again.
        yield replace(_withheld(former, because, command.now), fingerprint=former.fingerprint)
    else:
        yield _released(former, because, command.now)
    yield from _reviewed(former, case, command.now, "done")


def _released(former: DecisionTaken, because: Reason, now: datetime) -> DecisionTaken:
    """Told as it would have been, with a clock that starts at the release."""
    message, terms = former.message, former.terms
    assert terms is not None  # a held decision has its terms ready
    due = terms.due.model_copy(update={"starts_at": max(now, terms.due.starts_at)})
    return replace(
        former,
        message=message.model_copy(
            update={
                "decision_id": uuid5(message.decision_id, "released"),
                "outcome": Outcome.DISCLOSED,
                "because": (because, *message.because),
                "decided_at": now,
                "supersedes": message.decision_id,
                "correction": False,
            }
        ),
        terms=terms.model_copy(update={"due": due}),
    )


def _reviewed(
    former: DecisionTaken, case: Case, now: datetime, how: Literal["done", "cancelled"]
) -> Iterator[ObligationEnded]:
    duty = case.duties.get(("review-hold", *_who(former)))
    if duty is not None and duty.task in case.open_tasks:
        yield _ended(duty.task, how, now)


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
            return replace(case, standing={**kept, _who(event): event}, closed=False)
        case ObligationArose():
            return replace(
                case,
                duties={**case.duties, _duty(event.message): event.message},
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


CASE: Decider[CaseCommand, Case, CaseEvent] = Decider(initial=Case(), decide=decide, evolve=evolve)


def stream_of(case: UUID) -> str:
    return f"case-{case}"
