"""Where does everything stand? The tables of decisions, notifications, tasks and nudges."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
)

from services.chassis.database import Instant

METADATA = MetaData()

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("decision", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("receipt", Uuid, nullable=False),
    Column("source", String, nullable=False),
    Column("event_id", String, nullable=False),
    Column("event_type", String, nullable=False),
    Column("about", String, nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("audience", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("agreement", String),
    Column("because", JSON, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False, index=True),
    Column("supersedes", Uuid, index=True),
    Column("correction", Boolean, nullable=False),
    Column("ended", String),  # superseded, withdrawn
    Column("waiting", Boolean, nullable=False),  # to be placed
    Column("problem", String),
    Column("round", Integer, nullable=False),
    Column("excluded", JSON, nullable=False),
    Column("targets", JSON, nullable=False),  # organisations of the last placement
    Column("left_out", JSON, nullable=False),
    Column("routing", JSON),
    Column("due", JSON),
)
CASES = Table(
    "cases_closed",
    METADATA,
    Column("case_id", Uuid, primary_key=True),
    Column("withdrawn_at", Instant, nullable=False),
)
ANSWERS = Table(  # every event that consent has answered, also one that made no decision
    "events_answered",
    METADATA,
    Column("receipt", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("source", String, nullable=False),
    Column("event_id", String, nullable=False),
    Column("decisions", Integer, nullable=False),
    Column("note", String, nullable=False),
    Column("at", Instant, nullable=False),
)
NOTIFICATIONS = Table(
    "notifications",
    METADATA,
    Column("notification", Uuid, primary_key=True),
    Column("decision", Uuid, nullable=False, index=True),  # the one that it rests on now
    Column("first_decision", Uuid, nullable=False, index=True),
    Column("receipt", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("source", String, nullable=False),
    Column("organisation", String, nullable=False),
    Column("diverted_to", String),
    Column("audience", String, nullable=False),
    Column("agreement", String),
    Column("about", String, nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("state", String, nullable=False),
    Column("overdue", Boolean, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("correction", Boolean, nullable=False),
    Column("phone_first", Boolean, nullable=False),
    Column("rests_on_consent", Boolean, nullable=False),
    Column("by_register", Boolean, nullable=False),
    Column("by_person", Boolean, nullable=False),
    Column("not_readers", JSON, nullable=False),
    Column("due", Instant, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("available_from", Instant, nullable=False),
    Column("available_at", Instant),
    Column("announce_at", Instant),  # the next telling; None when there is none to come
    Column("ask_at", Instant),  # when consent is asked again, after no answer
    Column("phone_at", Instant),
    Column("not_before", String),
    Column("told_at", Instant),
    Column("opened_at", Instant),
    Column("opened_by", String),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", String),
    Column("reaction", String),
    Column("ended_at", Instant),
    Column("ended_why", String),
    Column("tries", Integer, nullable=False),
)
TASKS = Table(
    "tasks",
    METADATA,
    Column("task", Uuid, primary_key=True),
    Column("kind", String, nullable=False),
    Column("owner", String, nullable=False, index=True),
    Column("due", Instant, nullable=False),
    Column("opens_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("overdue", Boolean, nullable=False),
    Column("about", String),
    Column("subject", Uuid),
    Column("audience", String),
    Column("case_id", Uuid, index=True),
    Column("decision", Uuid, index=True),
    Column("notification", Uuid, index=True),
    Column("follows", Uuid, index=True),
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", String),
)
TASK_NOTES = Table(  # of the few tasks of which there is more to say
    "task_notes",
    METADATA,
    Column("task", Uuid, primary_key=True),
    Column("why", String),
    Column("escalates_to", String, index=True),
    Column("escalated_at", Instant),
)
NUDGES = Table(
    "nudges",
    METADATA,
    Column("nudge", Uuid, primary_key=True),
    Column("organisation", String, nullable=False),
    Column("contact", String, nullable=False),
    Column("run", String, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("next_at", Instant),  # None: sent or dropped
    Column("sent_at", Instant),
    Column("attempts", Integer, nullable=False),
)
NUDGED = Table(
    "nudge_notifications",
    METADATA,
    Column("nudge", Uuid, primary_key=True),
    Column("notification", Uuid, primary_key=True),
)
Index("answers_at", ANSWERS.c.at)
Index("nudge_once", NUDGES.c.organisation, NUDGES.c.contact, NUDGES.c.run, unique=True)
# Workers look for what is due every second: what is over, however much it is, costs them nothing.
Index("nudges_due", NUDGES.c.next_at)
Index("nudged_notifications", NUDGED.c.notification)
_OF = NOTIFICATIONS.c
Index("notifications_due", _OF.state, _OF.overdue, _OF.due)
Index("notifications_phone", _OF.state, _OF.phone_at)
Index("notifications_announce", _OF.state, _OF.announce_at)
Index("notifications_available", _OF.state, _OF.available_at, _OF.available_from)
# An inbox is read from its newest end, state by state.
_NEWEST = (_OF.state, _OF.available_at.desc(), _OF.notification)
Index("notifications_of_organisation", _OF.organisation, *_NEWEST)
Index("notifications_diverted", _OF.diverted_to, *_NEWEST)
Index("decisions_waiting", DECISIONS.c.waiting, DECISIONS.c.problem, DECISIONS.c.recorded_at)
Index("tasks_due", TASKS.c.state, TASKS.c.overdue, TASKS.c.due)
