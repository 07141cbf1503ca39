"""Which columns does each fact set? Pure: an event in, values out."""

from typing import Any

from services.notify.domain import notification as facts
from services.notify.domain.nudge import NudgeAsked
from services.notify.domain.task import TaskOpened
from services.notify.streams.case import EventAnswered
from services.notify.streams.decision import DecisionRecorded

_OPEN = "open"


def decision(event: DecisionRecorded) -> dict[str, Any]:
    return {
        "decision": event.decision,
        "case_id": event.case,
        "receipt": event.receipt,
        "source": event.source,
        "event_id": event.event_id,
        "event_type": event.event_type,
        "about": event.about,
        "subject": event.subject,
        "audience": event.audience,
        "outcome": event.outcome.value,
        "agreement": event.agreement,
        "because": [reason.rule for reason in event.because],
        "decided_at": event.decided_at,
        "recorded_at": event.recorded_at,
        "supersedes": event.supersedes,
        "correction": event.correction,
        "waiting": event.outcome.value == "disclosed",
        "problem": None,
        "round": 1,
        "excluded": [],
        "targets": [],
        "left_out": [],
        "routing": event.routing.model_dump(mode="json") if event.routing else None,
        "due": event.due.model_dump(mode="json") if event.due else None,
    }


def answer(event: EventAnswered) -> dict[str, Any]:
    return {
        "receipt": event.receipt,
        "case_id": event.case,
        "source": event.source,
        "event_id": event.event_id,
        "decisions": event.decisions,
        "note": event.note,
        "at": event.at,
    }


def notification(event: facts.NotificationRaised) -> dict[str, Any]:
    return {
        "notification": event.notification,
        "decision": event.decision,
        "first_decision": event.decision,
        "receipt": event.receipt,
        "case_id": event.case,
        "source": event.source,
        "organisation": event.organisation,
        "audience": event.audience,
        "agreement": event.agreement,
        "about": event.about,
        "subject": event.subject,
        "state": facts.Status.SCHEDULED.value,
        "overdue": False,
        "late": event.late,
        "correction": event.correction,
        "phone_first": event.phone_first,
        "rests_on_consent": event.rests_on_consent,
        "by_register": event.by_register,
        "by_person": event.by_person,
        "not_readers": list(event.not_readers),
        "due": event.due,
        "starts_at": event.starts_at,
        "raised_at": event.raised_at,
        "available_from": event.available_from,
        "announce_at": event.announce_at,
        "phone_at": event.phone_at,
        "not_before": event.not_before.isoformat() if event.not_before else None,
        "tries": 0,
    }


def of_notification(event: Any) -> dict[str, Any] | None:  # noqa: C901 - one line a fact
    """None: the fact is not one that changes a notification."""
    status = facts.Status
    match event:
        case facts.NotificationMadeAvailable():
            return {"available_at": event.at, "ask_at": None}
        case facts.ConsentNotConfirmed():
            return {"ask_at": event.again_at, "tries": event.tries}
        case facts.AnnouncementBegun():
            begun = {"announce_at": event.next_at, "ask_at": None}
            return begun | ({"diverted_to": event.diverted_to} if event.diverted_to else {})
        case facts.NotificationAnnounced():
            if event.again:
                return {}
            return {"state": status.ANNOUNCED.value, "told_at": event.announced_at}
        case facts.NotificationOpened():
            return {
                "state": status.OPENED.value,
                "opened_at": event.opened_at,
                "opened_by": event.by,
            }
        case facts.NotificationRead():
            return {}
        case facts.NotificationAcknowledged():
            return {
                "state": status.ACKNOWLEDGED.value,
                "acknowledged_at": event.acknowledged_at,
                "acknowledged_by": event.by,
                "reaction": event.outcome.value if event.outcome else None,
            }
        case facts.NotificationNotOurs():
            return _ended(status.NOT_OURS, event.at, event.reason.value)
        case facts.NotificationCancelled():
            return _ended(status.CANCELLED, event.at, event.reason.value)
        case facts.NotificationWithdrawn():
            return _ended(status.WITHDRAWN, event.at, event.reason.value)
        case facts.NotificationTakenBack():
            return {"ended_why": facts.Why.RETRACTED.value}
        case facts.NotificationSuperseded():
            return _ended(status.SUPERSEDED, event.at, facts.Why.CORRECTED.value)
        case facts.NotificationCarriedOver():
            return {"decision": event.decision}
        case facts.NotificationOverdue():
            return {"overdue": True}
        case facts.NotificationDueMoved():
            return {
                "due": event.due,
                "announce_at": event.announce_at,
                "phone_at": event.phone_at,
            }
        case facts.PhoneAsked():
            return {"phone_at": None}
        case _:
            return None


def _ended(state: facts.Status, at: Any, why: str) -> dict[str, Any]:
    return {"state": state.value, "ended_at": at, "ended_why": why, "announce_at": None}


def task(event: TaskOpened) -> dict[str, Any]:
    return {
        "task": event.task,
        "kind": event.kind.value,
        "owner": event.owner,
        "due": event.due,
        "opens_at": event.opens_at,
        "state": _OPEN,
        "overdue": False,
        "about": event.about,
        "subject": event.subject,
        "audience": event.audience,
        "case_id": event.case,
        "decision": event.decision,
        "notification": event.notification,
        "follows": event.follows,
        "created_at": event.at,
    }


def task_note(event: TaskOpened) -> dict[str, Any]:
    return {
        "task": event.task,
        "why": event.why.value if event.why else None,
        "escalates_to": event.escalates_to,
    }


def nudge(event: NudgeAsked) -> dict[str, Any]:
    return {
        "nudge": event.nudge,
        "organisation": event.organisation,
        "contact": event.contact,
        "run": event.run,
        "asked_at": event.at,
        "next_at": event.at,
        "attempts": 0,
    }
