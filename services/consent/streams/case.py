"""What does one case say next? Everything of one reference from one source, decided and undone.

What has been said already is not said again: a second copy, or a correction that changes nothing
for an audience, leaves that audience in peace.
"""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from contracts.messages import EventDecided
from services.chassis.commands import Decider
from services.consent.streams.changes import decisions, ended, event_ref
from services.consent.streams.events import (
    CaseEvent,
    DecisionTaken,
    EventAnswered,
)
from services.consent.streams.grounds import decided_again
from services.consent.streams.holds import resolved, stopped
from services.consent.streams.overrides import overridden, reviewed
from services.consent.streams.retracting import (
    OVERTAKEN,
    UNKNOWN,
    in_order,
    is_overtaken,
    note_of,
    retraction,
)
from services.consent.streams.state import (
    CORRECTED,
    Case,
    CaseCommand,
    DecideAgain,
    DecidedBlindly,
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
            return in_order(_take(command, case), case)
        case StopResting():
            return in_order(stopped(command, case), case)
        case ResolveHold():
            return in_order(resolved(command, case), case)
        case OverrideDecision():
            return in_order(overridden(command, case), case)
        case ReviewOverride():
            return in_order(reviewed(command, case), case)
        case DecideAgain():
            return in_order(decided_again(command, case), case)


def _take(command: TakeEvent, case: Case) -> Iterator[CaseEvent]:
    if (command.taken.source, command.taken.event_id) in case.taken:
        return
    if command.kind == "decide" and command.retracted_at != case.retracted_at:
        raise DecidedBlindly(case.retracted_at)
    yield command.taken
    if command.kind == "decide" and is_overtaken(command, case):
        yield _answer(command, OVERTAKEN, 0)
        return
    if not command.keeps_facts:
        yield replace(command.facts, counted=command.kind != "decide" or not case.retracted_at)
    said: list[CaseEvent] = []
    note = command.note
    match command.kind:
        case "decide":
            said = list(decisions(command, case))
            note = _noted(command, case, bool(said))
        case "retract":
            said = list(retraction(command, case))
            note = note_of(command, case)
        case "answer":
            still = sorted(case.open_tasks - case.breaches)
            said = [ended(task, "cancelled", command.now) for task in still]
        case "note":
            said = list(decisions(command, case))
    yield from said
    yield _answer(command, note, sum(isinstance(event, DecisionTaken) for event in said))


def _noted(command: TakeEvent, case: Case, said: bool) -> str:
    if case.is_known and not said and not case.closed:
        return "Nothing in it changes what anybody was told."
    if command.taken.type == CORRECTED and not case.is_known:
        return f"{UNKNOWN} It was taken as a first report. {command.note}".strip()
    return command.note


def _answer(command: TakeEvent, note: str, made: int) -> EventAnswered:
    return EventAnswered(
        message=EventDecided(
            event=event_ref(command.taken), case=command.taken.case, decisions=made, note=note
        )
    )


CASE: Decider[CaseCommand, Case, CaseEvent] = Decider(initial=Case(), decide=decide, evolve=evolve)


def stream_of(case: UUID) -> str:
    return f"case-{case}"
