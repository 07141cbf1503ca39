"""How does a webhook leave, without being led astray, held up or fed? The port and its adapter.

aiohttp and not httpx, which falls to a thirtieth of its speed at fifty requests in flight and can
be wedged by cancellation (ADR 0006). Nothing of the answer is kept but its status.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Protocol, TypeAlias
from weakref import WeakValueDictionary

import aiohttp
import httpx
from yarl import URL

from services.chassis.addresses import is_public

ANSWER_BYTES = 16 * 1024
DEADLINE = 15.0
AT_A_TIME = 64
AT_A_TIME_TO_ONE_HOST = 4

_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It will not be taken, also if it is sent again unchanged."""

    reason: str
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """Try again; not before `retry_after`, if the receiver named a time."""

    reason: str
    status: int | None = None
    retry_after: timedelta | None = None


Outcome: TypeAlias = Delivered | Refused | Deferred


class UrlRefused(Exception):
    """Nothing is sent to such an address. The message is one word, safe to show."""


class WebhookSender(Protocol):
    async def send(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Outcome: ...


class AiohttpWebhookSender:
    """One session; its own bounds, in all and for each host, so that one slow receiver holds up
    nobody else. The library's pool is left unbounded: there is nothing to leak."""

    def __init__(self, *, allow_private: bool = False, deadline: float = DEADLINE) -> None:
        self._allow_private = allow_private
        self._deadline = deadline
        self._all = asyncio.Semaphore(AT_A_TIME)
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._session: aiohttp.ClientSession | None = None

    async def send(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Outcome:
        try:
            target = check_url(url, allow_private=self._allow_private)
        except UrlRefused as refused:
            return Refused(reason=str(refused))
        bound = self._hosts.setdefault(target.host or "", asyncio.Semaphore(AT_A_TIME_TO_ONE_HOST))
        async with bound, self._all:
            return await self._post(target, headers, body)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _post(self, url: URL, headers: Mapping[str, str], body: bytes) -> Outcome:
        try:
            async with self._opened().post(
                url, data=body, headers=dict(headers), allow_redirects=False
            ) as answer:
                await _read_a_little(answer)
                return _judged(answer)
        except UrlRefused as refused:
            return Refused(reason=str(refused))
        except TimeoutError:
            return Deferred(reason="timeout")
        except aiohttp.ClientConnectorDNSError:
            return Deferred(reason="name")
        except (aiohttp.ClientSSLError, ssl.SSLError):
            return Deferred(reason="tls")
        except (aiohttp.ClientError, OSError):
            return Deferred(reason="connection")

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, ttl_dns_cache=30, socket_factory=self._socket, ssl=_tls()
                ),
                timeout=aiohttp.ClientTimeout(total=self._deadline, sock_connect=5),
                headers={"Accept-Encoding": "identity", "User-Agent": "daybreak"},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return self._session

    def _socket(self, address: Any) -> socket.socket:
        """Called with the address that is connected to, after every kind of name was resolved: a
        name that changes its mind between check and use gains nothing."""
        family, kind, protocol, _, where = address
        if not self._allow_private and not is_public(str(where[0])):
            raise UrlRefused("address")
        return socket.socket(family, kind, protocol)


def check_url(url: str, *, allow_private: bool) -> URL:
    """Also for an endpoint that is being saved. Raises UrlRefused."""
    try:
        target = URL(url)
    except ValueError:
        raise UrlRefused("malformed") from None
    if target.scheme != "https" and not (allow_private and target.scheme == "http"):
        raise UrlRefused("scheme")
    if not target.host:
        raise UrlRefused("host")
    if target.user is not None or target.password is not None:
        raise UrlRefused("credentials")
    with suppress(ValueError):  # a name and not an address
        ip_address(target.host)
        if not allow_private and not is_public(target.host):
            raise UrlRefused("address")
    return target


def internal_client(base_url: str, **options: Any) -> httpx.AsyncClient:
    """For calls between our own services. An unbounded pool has no slot that a cancelled call
    could take with it, and no environment variable sends the call elsewhere."""
    return httpx.AsyncClient(
        base_url=base_url,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
        timeout=httpx.Timeout(connect=2, write=5, read=5, pool=None),
        trust_env=False,
        follow_redirects=False,
        **options,
    )


async def _read_a_little(answer: aiohttp.ClientResponse) -> None:
    """So that the connection can be used again; who sends much or slowly is hung up on."""
    read = 0
    with suppress(TimeoutError, aiohttp.ClientError):
        while read < ANSWER_BYTES:
            chunk = await answer.content.read(ANSWER_BYTES - read)
            if not chunk:
                return
            read += len(chunk)
    answer.close()


def _judged(answer: aiohttp.ClientResponse) -> Outcome:
    status = answer.status
    if 200 <= status < 300:
        return Delivered(status=status)
    if status in _LATER or status >= 500:
        return Deferred(reason="later", status=status, retry_after=_retry_after(answer))
    if 300 <= status < 400:
        return Refused(reason="redirect", status=status)
    return Refused(reason="gone" if status == HTTPStatus.GONE else "refused", status=status)


def _retry_after(answer: aiohttp.ClientResponse) -> timedelta | None:
    """Seconds, or a date read against the receiver's own clock; from one second to one day."""
    said = answer.headers.get("Retry-After", "").strip()
    wanted: timedelta | None = None
    if said.isdecimal():
        wanted = timedelta(seconds=min(int(said[:9]), 86_400))
    elif said:
        with suppress(ValueError, TypeError):
            receivers_now = parsedate_to_datetime(answer.headers.get("Date", ""))
            wanted = parsedate_to_datetime(said) - receivers_now
    return max(timedelta(seconds=1), min(wanted, timedelta(days=1))) if wanted else None


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
