"""What is known now of the services that agencies list? Rows to search, and traces to compare.

`offer_traces` and `private_traces` hold keyed hashes alone: where one stands in both, a public
text says something private (ADR 0042).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from services.chassis.database import Instant

METADATA = MetaData()

OFFERS = Table(
    "offers",
    METADATA,
    Column("id", String, primary_key=True),
    Column("open_id", String(36), nullable=False, index=True),  # under which it leaves
    Column("open_id_there", String(36), index=True),  # of the service at its public location
    Column("organisation", String, nullable=False, index=True),
    Column("owner_kind", String, nullable=False),
    Column("owner_name", String, nullable=False),
    Column("owner_closed_on", Date),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("words", Text, nullable=False),  # of its public texts, as `plain` writes them
    Column("low_age", Integer),
    Column("high_age", Integer),
    Column("nationwide", Boolean, nullable=False),
    Column("postcode", String, index=True),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("publish", Boolean, nullable=False),
    Column("findings", Integer, nullable=False),  # what no public text may hold
    Column("hits", Integer, nullable=False),  # traces of what is private
    Column("verified_on", Date),
    Column("changed_at", Instant, nullable=False),
    Column("document", Text, nullable=False),  # the whole Offer, as JSON
)

WORDS = Table(
    "offer_words",
    METADATA,
    Column("offer", String, primary_key=True),
    Column("list", String, primary_key=True),  # needs, audience, kinds or places
    Column("word", String, primary_key=True, index=True),
)

HOURS = Table(
    "offer_hours",
    METADATA,
    Column("offer", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("day", String(2), primary_key=True),
    Column("opens", String(5)),
    Column("closes", String(5)),
)

TRACES = Table(
    "offer_traces",
    METADATA,
    Column("offer", String, primary_key=True),
    Column("trace", BigInteger, primary_key=True, index=True),
)

PRIVATE = Table(
    "private_traces",
    METADATA,
    Column("whose", String, primary_key=True),  # the stream that says it
    Column("trace", BigInteger, primary_key=True, index=True),
)
