"""What do the pages keep? Hashes of secrets, ids, instants, and addresses sealed until used."""

from hashlib import sha256

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, MetaData, String, Table

from services.chassis.database import Instant

METADATA = MetaData()
LINKS = Table(
    "links",
    METADATA,
    Column("address", String, primary_key=True),  # a keyed hash
    Column("slot", Integer, primary_key=True),  # there are only a few for each address
    Column("wish", String, nullable=False),  # who takes a slot again is another wish
    Column("wanted_at", Instant, nullable=False),
    Column("sealed", LargeBinary),  # the address as it was typed; None once nothing is to be sent
    Column("next_at", Instant),  # when to look it up and send it; None: nothing is to be sent
    Column("identities", JSON),
    Column("secret", String, unique=True),  # a hash; None until the mail is written
    Column("written_at", Instant),
)
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("secret", String, primary_key=True),  # a hash
    Column("identities", JSON, nullable=False),
    Column("chosen", JSON),  # None until somebody with several places has chosen one
    Column("began_at", Instant, nullable=False, index=True),
    Column("seen_at", Instant, nullable=False),
)
Index("links_to_send", LINKS.c.next_at)
Index("links_by_age", LINKS.c.wanted_at)


def hashed(secret: str) -> str:
    """The secrets have 256 bits: a plain hash of one cannot be tried through."""
    return sha256(secret.encode()).hexdigest()
