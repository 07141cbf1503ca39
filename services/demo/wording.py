"""How is one fact of the log said to somebody who watches? One line each, organisations only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.front.words import LONDON, clock_time
from services.notify.domain import notification as facts
from services.notify.domain.intake import EventOffered
from services.notify.domain.task import TaskKind, TaskOpened
from services.notify.streams.case import EventAnswered

Names = Mapping[str, str]
_TOLD_OF = {
    "police.incident.recorded.v1": "recorded an incident",
    "police.incident.corrected.v1": "corrected an incident",
    "police.incident.retracted.v1": "withdrew an incident",
    "treatment.episode.ended.v1": "told of a treatment that ended",
    "treatment.appointment.missed.v1": "told of an appointment that was missed",
    "consent.given.v1": "recorded that a client allows sharing",
    "consent.refused.v1": "recorded that a client refuses sharing",
    "consent.withdrawn.v1": "recorded that a client takes consent back",
    "marac.referral.made.v1": "referred a case to the MARAC",
}
_WORK = {
    TaskKind.RESOLVE_SCHOOL: "is asked to find a child's school",
    TaskKind.REVIEW_HOLD: "is asked to look at what is held",
    TaskKind.CONFIRM_DELETION: "is asked to delete what it has read",
    TaskKind.ASSESS_BREACH: "is asked whether telling was a breach",
    TaskKind.MARAC_REPEAT: "has a repeat to look at",
    TaskKind.HAND_OVER_FORCE: "is asked to hand over to the other force",
    TaskKind.TELL_SUBJECT: "is asked to tell the person whom it is about",
}
_HOW_MANY = {"disclosed": "to be told", "withheld": "withheld", "held": "held for a person"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    receipt: UUID | None
    organisation: str = ""
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    at: datetime
    kind: str
    words: str


def said_of(event: Any, seen: Seen, names: Names) -> Said | None:
    """None for what is nobody's news."""
    match event:
        case EventOffered():
            what = _TOLD_OF.get(event.type, "told of something")
            return Said(event.offered_at, "recorded", f"{_named(event.agency, names)} {what}")
        case EventAnswered():
            return Said(event.at, "decided", _decided(seen.outcomes))
        case TaskOpened() if event.kind in _WORK:
            words = f"{_named(event.owner, names)} {_WORK[event.kind]}"
            return Said(event.at, "asked", words)
        case TaskOpened():
            return None
        case _:
            return _of_a_notification(event, _named(seen.organisation, names), names)


def _of_a_notification(event: Any, who: str, names: Names) -> Said | None:  # noqa: C901 - a line a fact
    match event:
        case facts.NotificationRaised():
            return Said(event.raised_at, "due", f"{who}: notification due {_due(event)}")
        case facts.NotificationAnnounced(again=False):
            return Said(event.announced_at, "told", f"{who} was told that something waits")
        case facts.NotificationAnnounced():
            return Said(event.announced_at, "reminded", f"{who} was told once more")
        case facts.NotificationOpened():
            return Said(event.opened_at, "opened", f"{who} opened it")
        case facts.NotificationAcknowledged():
            return Said(event.acknowledged_at, "answered", f"{who} recorded what it did")
        case facts.NotificationNotOurs():
            words = f"{who}: not our pupil. The search for the school goes on"
            return Said(event.at, "answered", words)
        case facts.NotificationOverdue():
            return Said(event.at, "overdue", f"{who} has not opened it: overdue")
        case facts.PhoneAsked():
            words = f"{_named(event.owner, names)} is asked to telephone {who}"
            return Said(event.at, "asked", words)
        case facts.NotificationCancelled():
            return Said(event.at, "ended", f"{who} need not be told any more")
        case facts.NotificationWithdrawn():
            return Said(event.at, "ended", f"{who}: the notification was withdrawn")
        case facts.NotificationSuperseded():
            return Said(event.at, "ended", f"{who}: a corrected notification replaces it")
        case _:
            return None


def _decided(outcomes: tuple[str, ...]) -> str:
    if not outcomes:
        return "Taken in: nobody new is to be told"
    found = Counter(outcomes)
    parts = [f"{found[one]} {words}" for one, words in _HOW_MANY.items() if found[one]]
    return f"Decided: {', '.join(parts)}"


def _due(event: facts.NotificationRaised) -> str:
    due, now = event.due.astimezone(LONDON), event.raised_at.astimezone(LONDON)
    days = (due.date() - now.date()).days
    if days == 0:
        return f"at {clock_time(due)}"
    if 0 < days < 7:
        return f"{due:%A} at {clock_time(due)}"
    return f"{due.day} {due:%B} at {clock_time(due)}"


def _named(organisation: str, names: Names) -> str:
    return names.get(organisation, organisation)
