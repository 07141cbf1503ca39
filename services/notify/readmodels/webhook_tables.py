"""Where does each webhook stand? The tables of endpoints, deliveries and attempts."""

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Uuid

from services.chassis.database import Instant

METADATA = MetaData()
ENDPOINTS = Table(
    "endpoints",
    METADATA,
    Column("organisation", String, primary_key=True),
    Column("endpoint", String, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("failing_since", Instant),
)
ANNOUNCED = Table(
    "webhook_announced",
    METADATA,
    Column("notification", Uuid, primary_key=True),
    Column("organisation", String, nullable=False, index=True),
    Column("announced_at", Instant, nullable=False),
    Column("traceparent", String, nullable=False),
)
DELIVERIES = Table(
    "webhook_deliveries",
    METADATA,
    Column("delivery", Uuid, primary_key=True),
    Column("kind", String, nullable=False),
    Column("notification", Uuid, index=True),
    Column("organisation", String, nullable=False),
    Column("endpoint", String, nullable=False),
    Column("at", Instant, nullable=False),  # what the payload says, the same in every attempt
    Column("due_at", Instant, index=True),  # None: nothing more to do
    Column("retried", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("first_at", Instant),
    Column("traceparent", String, nullable=False),
)
ATTEMPTS = Table(
    "webhook_attempts",
    METADATA,
    Column("delivery", Uuid, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("organisation", String, nullable=False),
    Column("endpoint", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("notification", Uuid),
    Column("outcome", String, nullable=False),
    Column("status", Integer),
    Column("reason", String, nullable=False),
    Column("attempted_at", Instant, nullable=False),
    Column("again_at", Instant),
)
Index("webhook_attempts_of", ATTEMPTS.c.organisation, ATTEMPTS.c.endpoint, ATTEMPTS.c.attempted_at)
