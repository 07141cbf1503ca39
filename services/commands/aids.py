"""`daybreak send` and `daybreak listen`: the publisher's and the receiver's aids."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
import typer
from aiohttp import web

from services.chassis.standard_webhooks import SignatureRefused, verify


def send(
    event: Annotated[Path, typer.Argument(help="A CloudEvent, or a list of them, as JSON.")],
    to: Annotated[str, typer.Option(help="Where Daybreak answers, e.g. http://localhost:8000")],
    key: Annotated[str, typer.Option(envvar="DAYBREAK_KEY", help="Your agency's key.")],
) -> None:
    """Publish and print the answer; exit 0 when everything was accepted."""
    try:
        body = event.read_bytes()
        many = isinstance(json.loads(body), list)
    except (OSError, ValueError) as fault:
        typer.echo(f"{event}: cannot be read as JSON", err=True)
        raise typer.Exit(2) from fault
    if not to.startswith(("http://", "https://")):
        typer.echo("--to is an address like http://localhost:8000", err=True)
        raise typer.Exit(2)
    kind = "application/cloudevents-batch+json" if many else "application/cloudevents+json"
    try:
        answer = httpx.post(
            f"{to.rstrip('/')}/notify/v1/events",
            content=body,
            headers={"content-type": kind, "authorization": f"Bearer {key}"},
            timeout=30,
        )
    except httpx.TransportError as fault:
        typer.echo(f"{to} does not answer", err=True)
        raise typer.Exit(1) from fault
    typer.echo(answer.text)
    if answer.is_error or answer.json().get("rejected"):
        raise typer.Exit(2 if answer.status_code < 500 else 1)


def listen(
    to: Annotated[str, typer.Option(help="Address to listen on, http://127.0.0.1:9000/hook")],
    secret: Annotated[
        str | None, typer.Option(envvar="DAYBREAK_SECRET", help="Verify signatures with it.")
    ] = None,
) -> None:
    """Print each webhook as it arrives, and whether its signature holds; answers 204."""
    url = httpx.URL(to)
    application = web.Application()

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        verdict = "not verified (no --secret)"
        if secret:
            try:
                verify(body, request.headers, [secret], now=datetime.now(UTC))
                verdict = "signature holds"
            except SignatureRefused:
                typer.echo("REFUSED: bad or stale signature")
                return web.Response(status=401)
        typer.echo(f"{request.headers.get('webhook-id', '-')}  {verdict}  {body.decode()}")
        return web.Response(status=204)

    application.router.add_post(url.path or "/", take)
    asyncio.run(_listen(application, url))


async def _listen(application: web.Application, url: httpx.URL) -> None:
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, url.host, url.port or 80).start()
        typer.echo(f"listening on {url}")
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
