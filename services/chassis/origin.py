"""Which application answers this path? Several on one origin, by the first part of the path."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send


def one_origin(apps: Mapping[str, ASGIApp], *, front: ASGIApp) -> ASGIApp:
    """`apps` by prefix without slashes; everything else goes to `front`.

    Paths are handed on whole: an application never learns that it shares its origin. None of
    them is given a lifespan: who composes them opens and closes what they use.
    """

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        first = scope["path"].split("/", 2)[1:2]
        await apps.get(first[0] if first else "", front)(scope, receive, send)

    return dispatch


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        stage = (await receive())["type"]
        await send({"type": f"{stage}.complete"})
        if stage == "lifespan.shutdown":
            return
