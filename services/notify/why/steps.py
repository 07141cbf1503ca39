"""What happened to one notification, step by step? Each fact of its stream, in plain keys."""

from datetime import datetime
from typing import Any

from contracts.school_days import AUTHORITY, NOBODY, SCHOOL, TRUST
from services.notify.domain import notification as facts

Step = dict[str, Any]
CALENDARS = {
    SCHOOL: "the school's calendar",
    TRUST: "the trust's calendar: the school's says nothing of that day",
    AUTHORITY: "the local authority's calendar: the school's says nothing of that day",
    NOBODY: "default calendar: no calendar known for this school",
}


def step(event: object) -> Step | None:  # noqa: C901 - one line a fact
    """`at` is an instant in UTC; None for a fact that is nobody's news."""
    match event:
        case facts.NotificationRaised():
            return _step(
                "scheduled", event.raised_at, due=event.due.isoformat(), **_by(event.calendar)
            )
        case facts.NotificationMadeAvailable():
            return _step("in-inbox", event.at)
        case facts.ConsentNotConfirmed():
            return _step("consent-not-confirmed", event.at)
        case facts.AnnouncementBegun():
            return _step("nudged", event.begun_at, contacts=list(event.contacts), again=event.again)
        case facts.NotificationAnnounced():
            return _step("announced", event.announced_at, way=event.by, again=event.again)
        case facts.NotificationOpened():
            return _step("opened", event.opened_at, by=event.by)
        case facts.NotificationRead():
            return _step("read-again", event.read_at, by=event.by)
        case facts.NotificationAcknowledged():
            outcome = event.outcome.value if event.outcome else None
            return _step("acknowledged", event.acknowledged_at, by=event.by, outcome=outcome)
        case facts.NotificationNotOurs():
            return _step("not-ours", event.at, by=event.by, reason=event.reason.value)
        case facts.NotificationCancelled():
            return _step("cancelled", event.at, reason=event.reason.value)
        case facts.NotificationWithdrawn():
            return _step("withdrawn", event.at, reason=event.reason.value)
        case facts.NotificationTakenBack():
            return _step("taken-back", event.at)
        case facts.NotificationSuperseded():
            return _step("superseded", event.at)
        case facts.NotificationCarriedOver():
            return _step("unchanged-by-correction", event.at)
        case facts.NotificationOverdue():
            return _step("overdue", event.at, due=event.due.isoformat())
        case facts.NotificationDueMoved():
            return _step("due-moved", event.at, due=event.due.isoformat(), **_by(event.calendar))
        case facts.PhoneAsked():
            return _step("telephone-asked", event.at, owner=event.owner)
        case _:
            return None


def _step(what: str, at: datetime, **more: Any) -> Step:
    return {"what": what, "at": at.isoformat(), **more}


def _by(calendar: str | None) -> Step:
    """Whose calendar made it due on that day, where a school day counts."""
    return {} if calendar is None else {"calendar": calendar, "by_calendar": CALENDARS[calendar]}
