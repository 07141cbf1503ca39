"""What does the directory know now? Rows by key; a person's name is only in the log."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    MetaData,
    String,
    Table,
)

from services.chassis.apikeys import api_keys_table
from services.chassis.database import Instant

METADATA = MetaData()
API_KEYS = api_keys_table(METADATA)


def _told() -> tuple[Column[int], Column[int], Column[str]]:
    """The event that said it last: its version in its stream, place in the log, and id."""
    return (
        Column("version", Integer, nullable=False),
        Column("position", BigInteger, nullable=False, index=True),
        Column("event_id", String(36), nullable=False),
    )


ORGANISATIONS = Table(
    "organisations",
    METADATA,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("urn", String, index=True),
    Column("local_authority", String, index=True),
    Column("police_area", String),
    Column("low_age", Integer),
    Column("high_age", Integer),
    Column("open_from", Date),
    Column("closed_on", Date),
    Column("successor", String),
    Column("closed_by_register", Boolean),
    *_told(),
)

ENROLMENTS = Table(
    "enrolments",
    METADATA,
    Column("enrolment", String(36), primary_key=True),
    Column("organisation", String, nullable=False, index=True),
    Column("upn", String),  # upn_key
    Column("person", String),  # person_key
    Column("starts", Date),
    Column("until", Date),
    Column("removed", Boolean, nullable=False),
    *_told(),
)

ENROLMENT_WAYS = Table(  # the further hashes of an enrolment
    "enrolment_ways",
    METADATA,
    Column("enrolment", String(36), primary_key=True),
    Column("way", String, primary_key=True),
    Column("numbered", Boolean, nullable=False),  # numbered_key, else one of plain_person_keys
)

KEYS = Table(
    "keys",
    METADATA,
    Column("key_id", String, primary_key=True),
    Column("agency", String, nullable=False, index=True),
    Column("roles", String, nullable=False),  # separated by spaces
    Column("secret_hash", String, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("issued_at", Instant, nullable=False),
    *_told(),
)
