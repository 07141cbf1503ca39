"""The directory in both deployments, for every test that asks for a `house`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.directory.house import House, open_house


@pytest.fixture(params=["embedded", pytest.param("distributed", marks=pytest.mark.distributed)])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    servers = None
    if request.param == "distributed":
        servers = tuple(request.getfixturevalue(name) for name in ("postgres_dsn", "broker_url"))
    async with open_house(request.param, tmp_path, servers) as opened:
        yield opened


@pytest.fixture
async def embedded_house(tmp_path: Path) -> AsyncIterator[House]:
    """Where both deployments run the same lines, one is enough."""
    async with open_house("embedded", tmp_path, None) as opened:
        yield opened
