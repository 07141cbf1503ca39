"""How does a nudge leave by e-mail? The port, and the adapter that speaks SMTP."""

import socket
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Protocol

import aiosmtplib

from services.chassis.errors import Unavailable


class MailUnavailable(Unavailable):
    """The mail server did not take it now: try again."""


class MailRefused(Exception):
    """The mail server will never take this one, e.g. there is no such mailbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """`reference` makes the Message-ID, so that a repeat is recognised by the receiving side."""

    to: str
    subject: str
    text: str
    reference: str
    headers: tuple[tuple[str, str], ...] = ()


class MailSender(Protocol):
    async def send(self, mail: Mail) -> None:
        """Return when the server has taken it. Raises MailUnavailable or MailRefused."""
        ...


class SmtpSender:
    """One connection for each mail: a night of nudges is small, and nothing is left half open."""

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        *,
        username: str | None = None,
        password: str | None = None,
        tls: bool | None = None,
        timeout: float = 15,
    ) -> None:
        """`tls`: True from the first byte, False never, None when the server offers STARTTLS."""
        self._sender = sender
        self._server: dict[str, Any] = {
            "hostname": host,
            "local_hostname": socket.getfqdn(),  # asked once: it may take long, and never changes
            "port": port,
            "username": username,
            "password": password,
            "use_tls": tls is True,
            "start_tls": None if tls is None else False,
            "tls_context": ssl.create_default_context(),
            "timeout": timeout,
        }

    async def send(self, mail: Mail) -> None:
        message = self._compose(mail)
        try:
            await aiosmtplib.send(message, **self._server)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            _refuse(max(each.code for each in refused.recipients))
        except aiosmtplib.SMTPDataError as refused:
            _refuse(refused.code)
        except (aiosmtplib.SMTPException, OSError) as fault:
            # also a refused sign-in or greeting: the fault is ours or theirs, not this mail's
            raise MailUnavailable(type(fault).__name__) from None

    def _compose(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        try:
            message["From"], message["To"], message["Subject"] = self._sender, mail.to, mail.subject
        except ValueError:  # a line break or no address at all: it would smuggle headers
            raise MailRefused("address") from None
        domain = self._sender.rpartition("@")[2].strip("<> ") or "localhost"
        message["Message-ID"] = f"<{mail.reference}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        for name, value in mail.headers:
            message[name] = value
        message.set_content(mail.text)
        return message


def _refuse(code: int) -> None:
    """Only the code is kept: the text of the answer names the mailbox."""
    if 500 <= code < 600:
        raise MailRefused(str(code)) from None
    raise MailUnavailable(str(code)) from None
