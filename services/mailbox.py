"""Where does mail arrive that must leave no machine? An SMTP server on loopback that keeps it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default as email_policy

from aiosmtpd.smtp import SMTP, Envelope, Session

from services.chassis.clock import Clock

_NOT_NOW = "421 4.3.2 not now"
_NO_SUCH = "550 5.1.1 no such mailbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """`number` counts from 1. `raw` is the whole message, `body` what a person reads of it."""

    number: int
    to: str
    at: datetime
    subject: str
    body: str
    raw: str


class Mailbox:
    """For every address but those in `refuses`. `down`: answers 421 while it says so. `keep`: the
    newest so many."""

    def __init__(
        self, clock: Clock, *, down: Callable[[], bool] = lambda: False, keep: int | None = None
    ) -> None:
        self._clock = clock
        self._down = down
        self.received: deque[Received] = deque(maxlen=keep)
        self.refuses: set[str] = set()
        self._count = 0
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
        if self._down():
            return _NOT_NOW
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the server calls its handler by this name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if address in self.refuses:
            return _NO_SUCH
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the server calls its handler by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self._down():
            return _NOT_NOW
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        mail = message_from_bytes(raw, policy=email_policy)
        body = mail.get_body(preferencelist=("plain", "html"))
        for to in envelope.rcpt_tos:
            self._count += 1
            self.received.append(
                Received(
                    number=self._count,
                    to=to,
                    at=self._clock.now(),
                    subject=str(mail["subject"]),
                    body=body.get_content() if body else "",
                    raw=raw.decode("utf-8", "replace"),
                )
            )
        return "250 OK"
