"""The door to the pages, with its sessions once in a file and once on the server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.front.house import Door, open_door


@pytest.fixture(params=["embedded", pytest.param("distributed", marks=pytest.mark.distributed)])
async def door(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Door]:
    dsn = request.getfixturevalue("postgres_dsn") if request.param == "distributed" else None
    async with open_door(tmp_path, dsn) as opened:
        yield opened


@pytest.fixture
async def embedded_door(tmp_path: Path) -> AsyncIterator[Door]:
    """For what does not depend on where sessions are kept."""
    async with open_door(tmp_path) as opened:
        yield opened
