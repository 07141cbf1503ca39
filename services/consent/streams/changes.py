"""What is new in what was decided now, against what has been said before?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from contracts.messages import DecisionMade, EventRef, ObligationArisen, Outcome, Reason
from services.consent.streams.events import (
    CaseEvent,
    DecisionTaken,
    EventTaken,
    ObligationArose,
    ObligationEnded,
)
from services.consent.streams.state import Case, TakeEvent, Who, duty_of, who_of


def decisions(command: TakeEvent, case: Case) -> Iterator[CaseEvent]:
    ids: dict[Who, UUID] = {}
    claimed: set[Who] = set()
    proposed_for = {who_of(decision) for decision in command.proposed}
    for decision in command.proposed:
        who = who_of(decision)
        before = who if who in case.standing else _by_ref(decision, case, proposed_for | claimed)
        former = case.standing.get(before) if before else None
        if before:
            claimed.add(before)
        if former is not None and former.fingerprint == decision.fingerprint and before == who:
            ids[who] = former.message.decision_id
            continue
        ids[who] = decision.message.decision_id
        yield decision if former is None else superseding(decision, former)
    for who, former in case.standing.items():
        if who not in claimed and former.message.outcome is not Outcome.WITHHELD:
            yield _dropped(command, former)
    yield from duties(command, case, ids)


def _by_ref(decision: DecisionTaken, case: Case, others: set[Who]) -> Who | None:
    """The same person under a corrected name: within one reference a ref may tell."""
    about, audience = decision.message.about.ref, decision.message.audience
    found = [
        who
        for who, former in case.standing.items()
        if who not in others and who[1] == audience and former.message.about.ref == about
    ]
    return found[0] if found else None


def superseding(decision: DecisionTaken, former: DecisionTaken) -> DecisionTaken:
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
    event = event_ref(command.taken)
    return withheld(former, because, command.now, event=event, correction=True)


def withheld(
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
            barred_readers=message.barred_readers,
        ),
        fingerprint=because.rule,
    )


def event_ref(taken: EventTaken) -> EventRef:
    return EventRef(source=taken.source, id=taken.event_id, type=taken.type, receipt=taken.receipt)


def duties(
    command: TakeEvent, case: Case, decided: Mapping[Who, UUID]
) -> Iterator[ObligationArose | ObligationEnded]:
    """What is owed already stays as it is; what is owed no longer is ended; the rest arises."""
    wanted = {duty_of(duty): _belonging(duty, decided) for duty in command.duties}
    if case.answered:
        wanted = {duty: arisen for duty, arisen in wanted.items() if duty[0] != "chase-referral"}
    for duty, former in case.duties.items():
        new = wanted.get(duty)
        if new is not None and _is_same(new, former, decided, command):
            del wanted[duty]
        elif former.task in case.open_tasks - case.breaches:
            written = former.kind == "write-up-phone-referral" and new is None
            yield ended(former.task, "done" if written else "cancelled", command.now)
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


def ended(task: UUID, how: Literal["done", "cancelled"], now: datetime) -> ObligationEnded:
    return ObligationEnded(task=task, how=how, at=now)
