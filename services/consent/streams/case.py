"""What does one case say next? Everything of one reference from one source, decided and undone.

What has been said already is not said again: a second copy, or a correction that changes nothing
for an audience, leaves that audience in peace (contract 4a).
"""

from collections.abc import Iterator
from uuid import UUID

from contracts.messages import CaseWithdrawn, EventDecided
from services.chassis.commands import Decider
from services.consent.streams.changes import decisions, duties, ended, event_ref
from services.consent.streams.events import (
    CaseClosed,
    CaseEvent,
    DecisionTaken,
    EventAnswered,
    ObligationArose,
)
from services.consent.streams.holds import resolved, stopped
from services.consent.streams.overrides import overridden, reviewed
from services.consent.streams.state import (
    Case,
    CaseCommand,
    OverrideDecision,
    ResolveHold,
    ReviewOverride,
    StopResting,
    TakeEvent,
    evolve,
)


def decide(command: CaseCommand, case: Case) -> tuple[CaseEvent, ...]:
    match command:
        case TakeEvent():
            return tuple(_take(command, case))
        case StopResting():
            return tuple(stopped(command, case))
        case ResolveHold():
            return tuple(resolved(command, case))
        case OverrideDecision():
            return tuple(overridden(command, case))
        case ReviewOverride():
            return tuple(reviewed(command, case))


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
            said = list(decisions(command, case))
            if case.taken and not said and not case.closed:
                note = "Nothing in it changes what anybody was told."
        case "retract":
            said = list(_retraction(command, case))
            note = note if case.taken else "Nothing is known under this reference."
        case "answer":
            said = [ended(task, "cancelled", command.now) for task in sorted(case.open_tasks)]
        case "note":
            said = list(duties(command, case, {}))
    yield from said
    made = sum(isinstance(event, DecisionTaken) for event in said)
    yield EventAnswered(
        message=EventDecided(
            event=event_ref(command.taken), case=command.taken.case, decisions=made, note=note
        )
    )


def _retraction(command: TakeEvent, case: Case) -> Iterator[CaseEvent]:
    if not case.taken or case.closed:
        return
    for task in sorted(case.open_tasks):
        yield ended(task, "cancelled", command.now)
    taken = command.taken
    yield CaseClosed(
        message=CaseWithdrawn(event=event_ref(taken), case=taken.case, withdrawn_at=command.now)
    )
    for duty in command.duties:
        yield ObligationArose(message=duty)


CASE: Decider[CaseCommand, Case, CaseEvent] = Decider(initial=Case(), decide=decide, evolve=evolve)


def stream_of(case: UUID) -> str:
    return f"case-{case}"
