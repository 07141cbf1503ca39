"""Which sign-in links are still to be sent? A worker: no request waits for a mail server.

It also hides who is known: a request for a link does the same for every address, and whether
anybody lists it is asked here.
"""

import asyncio
import secrets

import structlog

from services.chassis.mail import Mail, MailRefused, MailSender, MailUnavailable
from services.chassis.workers import heard
from services.front.house import Refused, ServiceUnavailable
from services.front.links import LINK_LIFE, Links, Wish
from services.front.people import Listed, People

SUBJECT = "Your sign-in link - Daybreak"
_TEXT = """Somebody, most likely you, asked to sign in to Daybreak with this address.

Open this link within {minutes} minutes; it works once:

{link}

If it was not you, do nothing: without the link nobody signs in.
"""
_log = structlog.get_logger(__name__)


class LinkMail:
    """A Worker. A mail server that is away does not stop it: the pages themselves still answer."""

    name = "front.link-mail"

    def __init__(
        self, links: Links, people: People, sender: MailSender, *, public_url: str
    ) -> None:
        self._links = links
        self._people = people
        self._sender = sender
        self._public_url = public_url.rstrip("/")
        self._wanted = asyncio.Event()

    def ring(self) -> None:
        """There is one more to send."""
        self._wanted.set()

    async def wait(self, timeout: float) -> None:
        await heard(self._wanted, timeout)
        self._wanted.clear()

    async def run_once(self) -> int:
        """Several at a time: one mailbox that answers slowly keeps nobody else waiting."""
        wishes = await self._links.due()
        done = await asyncio.gather(*map(self._settle, wishes), return_exceptions=True)
        for fault in done:
            if isinstance(fault, BaseException):
                raise fault
        return sum(one is True for one in done)

    async def _settle(self, wish: Wish) -> bool:
        """Whether there is one less to do."""
        if not await self._links.take(wish):
            return False
        try:
            listed = await self._listed(wish)
            token = await self._send(wish, listed) if listed else None
        except (MailUnavailable, ServiceUnavailable) as away:
            _log.warning("sign-in link waits", worker=self.name, error=type(away).__name__)
            await self._links.later(wish)
            return False
        await self._links.sent(wish, token)
        return True

    async def _listed(self, wish: Wish) -> Listed | None:
        try:
            return await self._people.with_address(wish.email)
        except Refused:  # no address that anybody could have listed
            return None

    async def _send(self, wish: Wish, listed: Listed) -> str:
        """A mail that is refused for ever is not tried again: its token reaches nobody."""
        token = await self._links.write(wish, listed.identities)
        text = _TEXT.format(
            minutes=int(LINK_LIFE.total_seconds() // 60),
            link=f"{self._public_url}/sign-in/{token}",
        )
        # A reference of its own: the second mail of one wish has another link in it.
        mail = Mail(to=listed.email, subject=SUBJECT, text=text, reference=secrets.token_hex(16))
        try:
            await self._sender.send(mail)
        except MailRefused as refused:
            _log.warning("sign-in link refused", worker=self.name, error=type(refused).__name__)
        return token
