"""Consent in both deployments, for every test that asks for a `house`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.consent.house import House, open_house


@pytest.fixture(params=["embedded", pytest.param("distributed", marks=pytest.mark.distributed)])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    servers = None
    if request.param == "distributed":
        servers = (
            str(request.getfixturevalue("postgres_dsn")),
            str(request.getfixturevalue("broker_url")),
        )
    async with open_house(tmp_path, servers) as opened:
        yield opened


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[House]:
    """For what does not depend on the adapters."""
    async with open_house(tmp_path, None) as opened:
        yield opened
