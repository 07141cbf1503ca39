"""Which sign-in links are still to be sent? A worker: no request waits for a mail server.

It also hides who is known: the answer to an address nobody lists takes as long as any other.
"""

import asyncio

from services.chassis.mail import Mail, MailRefused, MailSender, MailUnavailable
from services.front.people import People
from services.front.sessions import LINK_LIFE, Sessions, Wanted

SUBJECT = "Your sign-in link - Daybreak"
_TEXT = """Somebody, most likely you, asked to sign in to Daybreak with this address.

Open this link within {minutes} minutes; it works once:

{link}

If it was not you, do nothing: without the link nobody signs in.
"""


class LinkMail:
    """A Worker."""

    name = "front.link-mail"

    def __init__(
        self, sessions: Sessions, people: People, sender: MailSender, *, public_url: str
    ) -> None:
        self._sessions = sessions
        self._people = people
        self._sender = sender
        self._public_url = public_url.rstrip("/")
        self._wanted = asyncio.Event()

    def ring(self) -> None:
        """There is one more to send."""
        self._wanted.set()

    async def wait(self, timeout: float) -> None:
        try:
            await asyncio.wait_for(self._wanted.wait(), timeout)
        except TimeoutError:
            return
        self._wanted.clear()

    async def run_once(self) -> int:
        return sum([await self._send(one) for one in await self._sessions.unsent()])

    async def _send(self, wanted: Wanted) -> int:
        address = await self._people.address_of(wanted.identity)
        token = await self._sessions.write_link(wanted.link)
        if address is None or token is None:
            return 0
        text = _TEXT.format(
            minutes=int(LINK_LIFE.total_seconds() // 60),
            link=f"{self._public_url}/sign-in/{token}",
        )
        mail = Mail(to=address, subject=SUBJECT, text=text, reference=wanted.link)
        try:
            await self._sender.send(mail)
        except MailRefused:
            return 0
        except MailUnavailable:
            await self._sessions.unwrite_link(wanted.link)
            raise
        return 1
