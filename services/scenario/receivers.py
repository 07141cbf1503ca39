"""Where do webhooks arrive in a story? At a real HTTP server."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from services.chassis.clock import Clock
from services.scenario.faults import Switch


@dataclass(frozen=True, kw_only=True)
class Arrival:
    path: str
    at: datetime
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """An HTTP server on loopback for outbound webhooks; 503 while its switch is down."""

    clock: Clock
    switch: Switch
    arrivals: list[Arrival] = field(default_factory=list)
    _runner: web.AppRunner | None = None

    async def start(self) -> int:
        application = web.Application()
        application.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        sockets: Any = site._server.sockets  # type: ignore[union-attr]
        return int(sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.arrivals.append(
            Arrival(
                path=request.match_info["path"],
                at=self.clock.now(),
                headers=dict(request.headers),
                body=await request.read(),
            )
        )
        return web.Response(status=503 if self.switch.down else 204)
