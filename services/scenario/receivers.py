"""Where do nudges and webhooks arrive in a story? A real SMTP server and a real HTTP server."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.policy import default as email_policy
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.chassis.clock import Clock
from services.scenario.faults import Switch


@dataclass(frozen=True, kw_only=True)
class Nudge:
    to: str
    at: datetime
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Arrival:
    path: str
    at: datetime
    headers: dict[str, str]
    body: bytes


class Mailbox:
    """An SMTP server on loopback that keeps what it is handed; 421 while its switch is down."""

    def __init__(self, clock: Clock, switch: Switch) -> None:
        self._clock = clock
        self._switch = switch
        self.nudges: list[Nudge] = []
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen on a free port of loopback and answer which."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, loop=loop, hostname="mail.example"), "127.0.0.1", 0
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def handle_MAIL(  # noqa: N802 - the server calls its handler by this name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self._switch.down:
            return "421 4.3.2 not now"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the server calls its handler by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self._switch.down:
            return "421 4.3.2 not now"
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        mail = message_from_bytes(raw, policy=email_policy)
        body = mail.get_body(preferencelist=("plain", "html"))
        for to in envelope.rcpt_tos:
            self.nudges.append(
                Nudge(
                    to=to,
                    at=self._clock.now(),
                    subject=str(mail["subject"]),
                    text=raw.decode("utf-8", "replace") + (body.get_content() if body else ""),
                )
            )
        return "250 OK"


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
