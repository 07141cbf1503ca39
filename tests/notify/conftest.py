"""The front of notify, once on the embedded and once on the distributed parts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.chassis.outbound import AiohttpWebhookSender
from tests.notify.back_house import Back, open_back
from tests.notify.front_house import EMBEDDED_AND_DISTRIBUTED, Front, open_front
from tests.notify.webhooks.receiver import Receiver, receiving


def _servers(request: pytest.FixtureRequest) -> tuple[str, str] | None:
    if request.param == "embedded":
        return None
    return request.getfixturevalue("postgres_dsn"), request.getfixturevalue("broker_url")


@pytest.fixture(params=EMBEDDED_AND_DISTRIBUTED)
async def front(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Front]:
    async with open_front(request.param, tmp_path, _servers(request)) as opened:
        yield opened


@pytest.fixture
async def embedded_front(tmp_path: Path) -> AsyncIterator[Front]:
    """For what does not depend on the adapters."""
    async with open_front("embedded", tmp_path, None) as opened:
        yield opened


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as opened:
        yield opened


@pytest.fixture
async def sender() -> AsyncIterator[AiohttpWebhookSender]:
    sender = AiohttpWebhookSender(allow_private=True)
    yield sender
    await sender.close()


@pytest.fixture(params=EMBEDDED_AND_DISTRIBUTED)
async def calling(
    request: pytest.FixtureRequest, tmp_path: Path, sender: AiohttpWebhookSender
) -> AsyncIterator[Front]:
    """With a real sender, that may call a receiver on this machine."""
    private = {"allow_private_webhooks": True}
    async with open_front(request.param, tmp_path, _servers(request), sender, **private) as opened:
        yield opened


@pytest.fixture
async def embedded_calling(tmp_path: Path, sender: AiohttpWebhookSender) -> AsyncIterator[Front]:
    async with open_front(
        "embedded", tmp_path, None, sender, allow_private_webhooks=True
    ) as opened:
        yield opened


@pytest.fixture(params=EMBEDDED_AND_DISTRIBUTED)
async def back(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Back]:
    """Notify behind the decision, once on the embedded and once on the distributed parts."""
    servers = None
    if request.param == "distributed":
        servers = request.getfixturevalue("postgres_dsn"), request.getfixturevalue("broker_url")
    async with open_back(tmp_path, servers) as opened:
        yield opened


@pytest.fixture
async def embedded_back(tmp_path: Path) -> AsyncIterator[Back]:
    async with open_back(tmp_path) as opened:
        yield opened
