"""What does a case say to a retraction, and in which order do its words count?

By the clock of the sender, and a retraction at its word whenever it comes (ADR 0031).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from contracts.messages import CaseWithdrawn
from services.consent.domain.referrals import IF_KNOWN, IF_UNKNOWN
from services.consent.streams.changes import ended, event_ref
from services.consent.streams.events import CaseClosed, CaseEvent, DecisionTaken, ObligationArose
from services.consent.streams.state import Case, TakeEvent, sent_at

UNKNOWN = "Nothing is known under this reference."
OVERTAKEN = "The sender has told something newer under this reference: this changes nothing."
_TICK = timedelta(microseconds=1)


def is_overtaken(command: TakeEvent, case: Case) -> bool:
    """Sent before what is known already: it does not come back over it."""
    return case.told_at is not None and sent_at(command.taken) < case.told_at


def retraction(command: TakeEvent, case: Case) -> Iterator[CaseEvent]:
    """Taken at its word whenever it comes: what it closes too much, a person can open again."""
    wanted = IF_KNOWN if case.is_known else IF_UNKNOWN
    owed = [duty for duty in command.duties if duty.kind == wanted]
    if case.is_known and not case.closed:
        for task in sorted(case.open_tasks - case.breaches):
            yield ended(task, "cancelled", command.now)
        at = max(command.now, case.said_at or command.now)
        taken = command.taken
        yield CaseClosed(
            message=CaseWithdrawn(event=event_ref(taken), case=taken.case, withdrawn_at=at)
        )
    if case.retracted_at is None:  # a second one finds nothing that was told since the first
        yield from (ObligationArose(message=duty) for duty in owed)


def note_of(command: TakeEvent, case: Case) -> str:
    if not case.is_known:
        return f"{UNKNOWN} Nobody was told anything of it, and what comes later is kept back."
    if case.closed:
        return "It was taken back already."
    later = is_overtaken(command, case)
    more = " Also what was sent after the retraction: send that again if it stands."
    return f"Everything under its reference is taken back.{more if later else ''}"


def in_order(events: Iterable[CaseEvent], case: Case) -> tuple[CaseEvent, ...]:
    """What is decided after a closing is later than it, also by a clock that has not moved: in
    whatever order it is heard of, the moments tell which of the two was last."""
    closed = case.closed_at
    return tuple(
        replace(one, message=one.message.model_copy(update={"decided_at": closed + _TICK}))
        if closed and isinstance(one, DecisionTaken) and one.message.decided_at <= closed
        else one
        for one in events
    )
