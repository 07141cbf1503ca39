"""Whose key is this? Only whoever holds the secret, only as last told, and not once revoked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from services.chassis.apikeys import ApiKeys, api_keys_table, authenticator, new_key
from services.chassis.database import open_database


@pytest.fixture
async def keys(tmp_path: Path) -> AsyncIterator[ApiKeys]:
    database = await open_database(f"sqlite:///{tmp_path}/views.db")
    metadata = MetaData()
    api_keys_table(metadata)
    await database.create(metadata)
    yield ApiKeys(database)
    await database.close()


async def test_a_key_answers_its_agency_and_roles(keys: ApiKeys) -> None:
    key_id, token, secret_hash = new_key()
    await keys.record(key_id, "alder", ["recipient", "publisher"], secret_hash, False, 1)
    principal = await keys.authenticate(token)
    assert principal is not None
    assert (principal.agency, principal.key_id) == ("alder", key_id)
    assert principal.roles == {"publisher", "recipient"}


async def test_the_secret_is_kept_nowhere(keys: ApiKeys, tmp_path: Path) -> None:
    key_id, token, secret_hash = new_key()
    await keys.record(key_id, "alder", ["recipient"], secret_hash, False, 1)
    secret = token.split("_", 2)[2].encode()
    assert not [file for file in tmp_path.iterdir() if secret in file.read_bytes()]


async def test_a_key_with_another_secret_is_nobodys(keys: ApiKeys) -> None:
    key_id, token, secret_hash = new_key()
    await keys.record(key_id, "alder", ["recipient"], secret_hash, False, 1)
    _, other, _ = new_key()
    mixed = f"db_{key_id}_{other.split('_', 2)[2]}"
    for wrong in (mixed, other, token[:-1], token + "x", f"db_{key_id}_", secret_hash, "", "db__"):
        assert await keys.authenticate(wrong) is None


async def test_a_revoked_key_is_refused_at_once(keys: ApiKeys) -> None:
    key_id, token, secret_hash = new_key()
    await keys.record(key_id, "alder", ["recipient"], secret_hash, False, 1)
    await keys.record(key_id, "alder", ["recipient"], secret_hash, True, 2)
    assert await keys.authenticate(token) is None


async def test_a_late_copy_of_older_news_does_not_bring_a_key_back(keys: ApiKeys) -> None:
    key_id, token, secret_hash = new_key()
    await keys.record(key_id, "alder", ["recipient"], secret_hash, True, 2)
    await keys.record(key_id, "alder", ["recipient"], secret_hash, False, 1)
    assert await keys.authenticate(token) is None


async def test_the_services_know_one_another_by_their_token(keys: ApiKeys) -> None:
    authenticate = authenticator(keys, service_token="sesame" * 8)
    principal = await authenticate("sesame" * 8)
    assert principal is not None
    assert principal.roles == {"service"}
    assert await authenticate("sesamé" * 8) is None


async def test_without_a_token_set_nobody_is_a_service(keys: ApiKeys) -> None:
    assert await authenticator(keys, service_token="")("") is None
