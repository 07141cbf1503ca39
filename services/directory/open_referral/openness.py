"""May a page of any origin read it? Yes, every answer of the open data, and nothing else."""

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREFIX = "/directory/open-referral"
_HEADERS = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, OPTIONS",
    "access-control-allow-headers": "*",
    "access-control-expose-headers": "ETag, Last-Modified",
    "access-control-max-age": "86400",
}


class OpenToAll:
    """Around everything, so that refusals and unknown paths can be read from elsewhere too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path == PREFIX or path.startswith(f"{PREFIX}/")):
            await self._app(scope, receive, send)
            return

        if scope["method"] == "OPTIONS":  # asked before a request with headers of its own
            await Response(status_code=204, headers=_HEADERS)(scope, receive, send)
            return

        async def opened(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, opened)
