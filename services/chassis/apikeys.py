"""Whose key is this? The API keys of agencies as one service knows them, by hashes of secrets."""

import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Boolean, Column, Integer, MetaData, Row, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.assertions import Assertions
from services.chassis.database import Database, upsert
from services.chassis.gathering import Gathering
from services.chassis.principals import Authenticate, Principal

SERVICE = "service"  # the role, and the agency, of this deployment's own token
_PREFIX = "db"


def api_keys_table(metadata: MetaData) -> Table:
    """Called once by each service, so that the table is among the service's own."""
    return Table(
        "api_keys",
        metadata,
        Column("key_id", String, primary_key=True),
        Column("owner", String, nullable=False),
        Column("roles", String, nullable=False),  # separated by spaces
        Column("secret_hash", String, nullable=False),
        Column("revoked", Boolean, nullable=False),
        Column("version", Integer, nullable=False),
    )


_keys = api_keys_table(MetaData())


def new_key() -> tuple[str, str, str]:
    """The id, the token that is shown once, and the hash that is kept.

    The secret has 256 bits, so a plain hash of it cannot be tried through.
    """
    key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    return key_id, f"{_PREFIX}_{key_id}_{secret}", _hash(secret)


async def record_key(
    tx: AsyncConnection,
    key_id: str,
    owner: str,
    roles: Iterable[str],
    secret_hash: str,
    revoked: bool,
    version: int,
) -> None:
    """Keep what the directory says of a key; an older version changes nothing."""
    values = {
        "key_id": key_id,
        "owner": owner,
        "roles": " ".join(sorted(roles)),
        "secret_hash": secret_hash,
        "revoked": revoked,
        "version": version,
    }
    await upsert(tx, _keys, values, key=["key_id"], newer="version")


class ApiKeys:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._known = Gathering(self._rows)

    async def record(
        self,
        key_id: str,
        owner: str,
        roles: Iterable[str],
        secret_hash: str,
        revoked: bool,
        version: int,
    ) -> None:
        async with self._database.transaction() as tx:
            await record_key(tx, key_id, owner, roles, secret_hash, revoked, version)

    async def authenticate(self, bearer: str) -> Principal | None:
        """Asked of the database each time: a revoked key is refused from that moment. Requests
        of one moment ask together."""
        prefix, _, rest = bearer.partition("_")
        key_id, _, secret = rest.partition("_")
        if prefix != _PREFIX or not secret:
            return None
        row = await self._known(key_id)
        proven = hmac.compare_digest(_hash(secret), row.secret_hash if row else "")
        if row is None or row.revoked or not proven:
            return None
        return Principal(agency=row.owner, roles=frozenset(row.roles.split()), key_id=key_id)

    async def _rows(self, key_ids: Sequence[str]) -> Mapping[str, Row[Any]]:
        async with self._database.reading() as connection:
            found = await connection.execute(select(_keys).where(_keys.c.key_id.in_(key_ids)))
            return {row.key_id: row for row in found}


def authenticator(keys: ApiKeys, *, service_token: str) -> Authenticate:
    """Agencies by their keys; this deployment's own services by the token they share; people by
    the assertion of the service at which they signed in."""
    assertions = Assertions(service_token) if service_token else None

    async def authenticate(bearer: str) -> Principal | None:
        if service_token and hmac.compare_digest(bearer.encode(), service_token.encode()):
            return Principal(agency=SERVICE, roles=frozenset({SERVICE}), key_id=SERVICE)
        ours = bearer.startswith(f"{_PREFIX}_")  # no need to try it as an assertion
        if assertions and not ours and (person := assertions.principal(bearer)):
            return person
        return await keys.authenticate(bearer)

    return authenticate


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
