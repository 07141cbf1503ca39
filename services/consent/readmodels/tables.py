"""Which tables does consent read? All but organisations and keys are made from its log."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text

from services.chassis.apikeys import api_keys_table
from services.chassis.database import Instant

# Made from the log, and emptied when they are made again.
REGISTER = MetaData()
# Told by the directory: they are in no log of consent's.
TOLD = MetaData()

# One row for each key by which a person may be recognised.
PEOPLE = Table(
    "people",
    REGISTER,
    Column("key", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Index("people_subject", "subject"),
)

FACTS = Table(
    "facts",
    REGISTER,
    Column("case_id", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", Text, nullable=False),
    Index("facts_key", "key", "kind"),
)

DECISIONS = Table(
    "decisions",
    REGISTER,
    Column("decision_id", String, primary_key=True),
    Column("case_id", String, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("source", String, nullable=False),
    Column("event_id", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("superseded", Boolean, nullable=False),
    Column("rests", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Index("decisions_event", "source", "event_id"),
    Index("decisions_case", "case_id"),
    Index("decisions_in_order", "position", "decision_id"),
    Index("decisions_by_outcome", "outcome", "superseded", "position", "decision_id"),
)

# References that their sender has taken back, and when it sent that.
RETRACTIONS = Table(
    "retractions",
    REGISTER,
    Column("case_id", String, primary_key=True),
    Column("sent_at", Instant, nullable=False),
)

# Whose consent a decision rests on, by every key of the person.
RESTING = Table(
    "resting",
    REGISTER,
    Column("decision_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Index("resting_key", "key"),
)

# What a person disclosed against the agreements, by the decision that came of it (ADR 0029).
OVERRIDES = Table(
    "overrides",
    REGISTER,
    Column("decision_id", String, primary_key=True),
    Column("former", String, nullable=False),
    Column("case_id", String, nullable=False),
    Column("audience", String, nullable=False),
    Column("by", String, nullable=False),
    Column("rank", String, nullable=False),
    Column("subject_told", Boolean),
    Column("overridden_at", Instant, nullable=False),
    Column("outcome", String),  # of its review, once there was one
    Column("reviewed_by", String),
    Column("reviewed_at", Instant),
)

# Holds that one of two has released.
PROPOSALS = Table(
    "release_proposals",
    REGISTER,
    Column("decision_id", String, primary_key=True),
    Column("proposed_by", String, nullable=False),
    Column("agency", String, nullable=False),
    Column("proposed_at", Instant, nullable=False),
)

# What a provider told and nobody was told of: decided again when a ground arises (ADR 0029).
UNTOLD = Table(
    "untold",
    REGISTER,
    Column("decision_id", String, primary_key=True),
    Column("subject", String, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Index("untold_subject", "subject"),
)

SETTINGS = Table(
    "settings",
    REGISTER,
    Column("name", String, primary_key=True),
    Column("body", Text, nullable=False),
)

# From the directory, not from the log: the latest state of each organisation.
ORGANISATIONS = Table(
    "organisations",
    TOLD,
    Column("id", String, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("urn", String, index=True),
    Column("local_authority", String, index=True),
    Column("police_area", String),
    Column("body", Text, nullable=False),
)

API_KEYS = api_keys_table(TOLD)

METADATA = MetaData()
for _table in (*REGISTER.sorted_tables, *TOLD.sorted_tables):
    _table.to_metadata(METADATA)
