"""Where do the logs of these tests lie? One place for each adapter, empty for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.chassis.store import EventStore
from tests.chassis.stores import DistributedPlace, EmbeddedPlace, Place


@pytest.fixture(params=["embedded", pytest.param("distributed", marks=pytest.mark.distributed)])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    if request.param == "embedded":
        yield EmbeddedPlace(tmp_path)
        return
    place = DistributedPlace(request.getfixturevalue("postgres_dsn"))
    yield place
    await place.remove()


@pytest.fixture
async def store(place: Place) -> AsyncIterator[EventStore]:
    store = await place.open()
    yield store
    await store.close()
