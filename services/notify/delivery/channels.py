"""By which ways is somebody told that something waits? A channel, and the one that is e-mail.

The other channel, the recipient's own webhook, follows AnnouncementBegun in a slice of its own.
"""

from dataclasses import dataclass
from typing import Protocol, TypeAlias
from uuid import UUID

from services.chassis.mail import Mail, MailRefused, MailSender, MailUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It will never go this way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """It did not go now."""


Sent: TypeAlias = Delivered | Refused | Deferred


class Channel(Protocol):
    async def send(self, address: str, reference: UUID, *, withdrawn: bool = False) -> Sent:
        """`reference` is the same at every try. Does not raise for what networks normally do."""
        ...


SUBJECT = "Safeguarding notification: sign in - Daybreak"
_TEXT = """A safeguarding notification is waiting for your organisation.

Sign in to read it, before your school or office opens: {inbox}

Nothing about it is written in this message. Please do not reply or forward it.

You get this because your organisation has named you as a contact for safeguarding. To name a
deputy, or if this is not for you, tell whoever looks after your organisation's entry in Daybreak.
"""


_WITHDRAWN = """A safeguarding notification that your organisation had is withdrawn by its sender.

Sign in to see what to do with what you have of it: {inbox}

Nothing about it is written in this message. Please do not reply or forward it.
"""


class EmailNudge:
    """The same words to everybody: a glance at a screen gives nothing away."""

    def __init__(self, sender: MailSender, *, public_url: str) -> None:
        self._sender = sender
        inbox = f"{public_url.rstrip('/')}/inbox"
        self._texts = {False: _TEXT.format(inbox=inbox), True: _WITHDRAWN.format(inbox=inbox)}

    async def send(self, address: str, reference: UUID, *, withdrawn: bool = False) -> Sent:
        text = self._texts[withdrawn]
        mail = Mail(to=address, subject=SUBJECT, text=text, reference=str(reference))
        try:
            await self._sender.send(mail)
        except MailRefused:
            return Refused()
        except MailUnavailable:
            return Deferred()
        return Delivered()
