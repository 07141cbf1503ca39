"""The front of notify, once on the embedded and once on the distributed parts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.notify.front_house import EMBEDDED_AND_DISTRIBUTED, Front, open_front


@pytest.fixture(params=EMBEDDED_AND_DISTRIBUTED)
async def front(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Front]:
    servers = None
    if request.param == "distributed":
        servers = request.getfixturevalue("postgres_dsn"), request.getfixturevalue("broker_url")
    async with open_front(request.param, tmp_path, servers) as opened:
        yield opened


@pytest.fixture
async def embedded_front(tmp_path: Path) -> AsyncIterator[Front]:
    """For what does not depend on the adapters."""
    async with open_front("embedded", tmp_path, None) as opened:
        yield opened
