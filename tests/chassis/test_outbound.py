"""Can a receiver lead our sender astray, hold it up, feed it or wedge it?"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from aiohttp import web

from services.chassis.outbound import (
    AiohttpWebhookSender,
    Deferred,
    Delivered,
    Refused,
    UrlRefused,
    check_url,
    internal_client,
)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Receiver:
    """A real server on loopback that answers as it is told, and counts."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.at_once = self.most_at_once = 0
        self.idle = asyncio.Event()
        self.answer: Answer = self.accept

    async def accept(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=204)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.at_once += 1
        self.idle.clear()
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            body = await request.read()
            self.requests.append(({k.lower(): v for k, v in request.headers.items()}, body))
            return await self.answer(request)
        finally:
            self.at_once -= 1
            if not self.at_once:
                self.idle.set()

    def always(self, status: int, headers: dict[str, str] | None = None) -> None:
        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers=headers)

        self.answer = answer


@asynccontextmanager
async def listening(host: str = "127.0.0.1") -> AsyncIterator[Receiver]:
    receiver = Receiver()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", receiver.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, host, 0)
    await site.start()
    assert site._server  # the only way to learn the port
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    receiver.url = f"http://127.0.0.1:{port}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with listening() as opened:
        yield opened


@pytest.fixture
async def sender() -> AsyncIterator[AiohttpWebhookSender]:
    opened = AiohttpWebhookSender(allow_private=True, deadline=1.0)
    yield opened
    await opened.close()


async def test_the_body_arrives_byte_for_byte_with_our_headers(
    receiver: Receiver, sender: AiohttpWebhookSender
) -> None:
    body = b'{"n": 12345678901234567890.50,  "a":1}'
    outcome = await sender.send(receiver.url, headers={"webhook-id": "msg_1"}, body=body)
    assert outcome == Delivered(status=204)
    [(headers, got)] = receiver.requests
    assert got == body
    assert headers["webhook-id"] == "msg_1"
    assert headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Delivered(status=200)),
        (301, Refused(reason="redirect", status=301)),
        (308, Refused(reason="redirect", status=308)),
        (400, Refused(reason="refused", status=400)),
        (404, Refused(reason="refused", status=404)),
        (408, Deferred(reason="later", status=408)),
        (410, Refused(reason="gone", status=410)),
        (429, Deferred(reason="later", status=429)),
        (500, Deferred(reason="later", status=500)),
        (503, Deferred(reason="later", status=503)),
    ],
)
async def test_a_status_is_an_outcome(
    receiver: Receiver,
    sender: AiohttpWebhookSender,
    status: int,
    outcome: Delivered | Refused | Deferred,
) -> None:
    receiver.always(status)
    assert await sender.send(receiver.url, headers={}, body=b"{}") == outcome


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("120", timedelta(seconds=120)),
        ("0", None),
        ("99999999999999999999", timedelta(days=1)),
        ("-5", None),
        ("soon", None),
        ("Mon, 05 Jan 2026 08:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 05 Jan 2026 07:00:00 GMT", timedelta(seconds=1)),
    ],
)
async def test_a_time_to_come_back_is_understood_within_bounds(
    receiver: Receiver,
    sender: AiohttpWebhookSender,
    said: str,
    understood: timedelta | None,
) -> None:
    receiver.always(503, {"Retry-After": said, "Date": "Mon, 05 Jan 2026 08:00:00 GMT"})
    outcome = await sender.send(receiver.url, headers={}, body=b"{}")
    assert isinstance(outcome, Deferred)
    assert outcome.retry_after == understood


async def test_a_redirect_is_not_followed(receiver: Receiver, sender: AiohttpWebhookSender) -> None:
    async with listening() as elsewhere:
        receiver.always(307, {"Location": elsewhere.url})
        await sender.send(receiver.url, headers={}, body=b"{}")
        assert elsewhere.requests == []


async def test_cookies_are_not_kept(receiver: Receiver, sender: AiohttpWebhookSender) -> None:
    receiver.always(200, {"Set-Cookie": "tracked=1"})
    for _ in range(2):
        await sender.send(receiver.url, headers={}, body=b"{}")
    assert all("cookie" not in headers for headers, _ in receiver.requests)


async def drip(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(100):
        await response.write(b".")
        await asyncio.sleep(0.1)
    return response


async def test_an_answer_that_drips_ends_at_the_deadline(
    receiver: Receiver, sender: AiohttpWebhookSender
) -> None:
    receiver.answer = drip
    started = asyncio.get_running_loop().time()
    outcome = await sender.send(receiver.url, headers={}, body=b"{}")
    assert asyncio.get_running_loop().time() - started < 3
    assert outcome == Delivered(status=200)  # it was taken: that much it had said


async def test_headers_that_drip_end_at_the_deadline(sender: AiohttpWebhookSender) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        try:
            for number in range(100):
                writer.write(f"X-{number}: .\r\n".encode())
                await writer.drain()
                await asyncio.sleep(0.1)
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        started = asyncio.get_running_loop().time()
        outcome = await sender.send(f"http://127.0.0.1:{port}/", headers={}, body=b"{}")
        assert asyncio.get_running_loop().time() - started < 3
    assert outcome == Deferred(reason="timeout")


async def test_of_a_giant_answer_only_a_little_is_read(
    receiver: Receiver, sender: AiohttpWebhookSender
) -> None:
    written = 0

    async def giant(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            for _ in range(2_000):
                await response.write(bytes(65_536))
                written += 65_536
        except OSError:
            pass
        return response

    receiver.answer = giant
    outcome = await sender.send(receiver.url, headers={}, body=b"{}")
    assert outcome == Delivered(status=200)
    await receiver.idle.wait()
    assert written < 20_000_000  # what the sockets of both sides had taken in


async def test_one_slow_host_gets_few_at_a_time_and_holds_up_no_other(
    receiver: Receiver, sender: AiohttpWebhookSender
) -> None:
    go_on = asyncio.Event()

    async def wait(_: web.Request) -> web.StreamResponse:
        await go_on.wait()
        return web.Response()

    receiver.answer = wait
    slow = [
        asyncio.create_task(sender.send(receiver.url, headers={}, body=b"{}")) for _ in range(20)
    ]
    async with listening() as other:
        quick = other.url.replace("127.0.0.1", "localhost")
        assert await sender.send(quick, headers={}, body=b"{}") == Delivered(status=204)
    go_on.set()
    await asyncio.gather(*slow)
    assert receiver.most_at_once == 4


async def test_bursts_of_cancelled_requests_do_not_wedge_the_sender(
    receiver: Receiver, sender: AiohttpWebhookSender
) -> None:
    async def slowly(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return web.Response()

    receiver.answer = slowly
    for burst in range(30):
        tasks = [
            asyncio.create_task(sender.send(receiver.url, headers={}, body=b"{}"))
            for _ in range(12)
        ]
        await asyncio.sleep(burst % 6 * 0.0005)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    outcomes = await asyncio.gather(
        *(sender.send(receiver.url, headers={}, body=b"{}") for _ in range(8))
    )
    assert set(outcomes) == {Delivered(status=200)}


async def wedged_by_bursts(client: httpx.AsyncClient, url: str) -> bool:
    for burst in range(15):
        tasks = [asyncio.create_task(client.post(url)) for _ in range(12)]
        await asyncio.sleep(burst % 5 * 0.0005)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    try:
        async with asyncio.timeout(3):
            return (await client.post(url)).status_code != 204
    except (httpx.PoolTimeout, TimeoutError):
        return True


async def test_bursts_of_cancelled_calls_do_not_wedge_the_client_between_services(
    receiver: Receiver,
) -> None:
    async with internal_client(receiver.url) as client:
        assert not await wedged_by_bursts(client, receiver.url)


async def test_an_httpx_client_with_a_bounded_pool_is_wedged_by_such_bursts(
    receiver: Receiver,
) -> None:
    """Why ours has no bound. When this fails, httpx is mended and ADR 0006 can be read anew."""
    async with httpx.AsyncClient(
        limits=httpx.Limits(max_connections=4), timeout=httpx.Timeout(5, pool=0.5)
    ) as client:
        assert await wedged_by_bursts(client, receiver.url)


async def test_environment_variables_do_not_send_a_delivery_through_somebody(
    receiver: Receiver, sender: AiohttpWebhookSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        await sender.send(receiver.url, headers={}, body=b"{}")
        assert proxy.requests == []
        assert os.environ["http_proxy"] == proxy.url


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"]
)
async def test_a_private_receiver_is_refused_whatever_its_name_and_hears_nothing(
    receiver: Receiver, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With http let through, so that only the address is in the way."""
    guarded = AiohttpWebhookSender(allow_private=False)
    monkeypatch.setattr("services.chassis.outbound.check_url", lenient)
    outcome = await guarded.send(receiver.url.replace("127.0.0.1", host), headers={}, body=b"{}")
    await guarded.close()
    assert isinstance(outcome, Refused | Deferred)
    assert receiver.requests == []
    if host in ("127.0.0.1", "localhost"):
        assert outcome == Refused(reason="address")


def lenient(url: str, *, allow_private: bool) -> object:
    return check_url(url, allow_private=True)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://alder.example/hook", "scheme"),
        ("ftp://alder.example/hook", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("https:///hook", "host"),
        ("https://user:pass@alder.example/", "credentials"),
        ("https://127.0.0.1/", "address"),
        ("https://[::1]/", "address"),
        ("https://[64:ff9b::7f00:1]/", "address"),
        ("https://169.254.169.254/latest/meta-data", "address"),
        ("https://alder.example:99999/", "malformed"),
    ],
)
def test_a_url_that_may_not_be_used_is_refused_when_it_is_saved(url: str, reason: str) -> None:
    with pytest.raises(UrlRefused, match=reason):
        check_url(url, allow_private=False)


async def test_a_receiver_that_is_away_or_unknown_is_tried_again(
    sender: AiohttpWebhookSender,
) -> None:
    away = await sender.send("http://127.0.0.1:1/", headers={}, body=b"{}")
    unknown = await sender.send("http://no-such-host.invalid/", headers={}, body=b"{}")
    assert away == Deferred(reason="connection")
    assert unknown == Deferred(reason="name")


async def test_a_receiver_without_tls_or_with_a_broken_answer_is_tried_again(
    receiver: Receiver, sender: AiohttpWebhookSender
) -> None:
    outcome = await sender.send(receiver.url.replace("http:", "https:"), headers={}, body=b"{}")
    assert outcome == Deferred(reason="tls")
