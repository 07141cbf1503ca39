"""What stands in this request? Its size is bounded first, and its media type decides how."""

import asyncio
from typing import Any

import orjson
from starlette.requests import Request

from contracts.envelope import BATCH, MAX_BATCH, MAX_BODY, STRUCTURED, NotACloudEvent, from_http
from contracts.strict_json import MalformedJson
from services.notify.domain.intake import Refusal

BATCH_BYTES = 8 * 1024 * 1024  # a thousand events of a usual size, with room (ADR 0013)
_LONG = 64 * 1024  # from here on reading takes long enough to keep other requests waiting
_SPOKEN = (STRUCTURED, BATCH, "application/json")


async def events_of(request: Request) -> dict[str, Any] | list[Any]:
    """One event or a batch, as plain JSON. Raises Refusal."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _SPOKEN:
        raise Refusal(415, f"The media type must be one of {', '.join(_SPOKEN)}")
    if media_type == _SPOKEN[-1] and "ce-specversion" not in request.headers:
        raise Refusal(
            400,
            f"An event sent as {media_type} has its attributes in ce- headers; "
            f"a whole event is sent as {STRUCTURED}",
            [("/specversion", "The header ce-specversion is missing")],
        )
    body = await read_body(request, BATCH_BYTES if media_type == BATCH else MAX_BODY)
    headers = request.headers.items()
    try:
        if len(body) > _LONG:
            events = await asyncio.to_thread(from_http, headers, body)
        else:
            events = from_http(headers, body)
    except (NotACloudEvent, MalformedJson) as wrong:
        raise Refusal(400, str(wrong)) from None
    if isinstance(events, list) and len(events) > MAX_BATCH:
        raise Refusal(413, f"A batch has at most {MAX_BATCH} events")
    return events


async def read_body(request: Request, limit: int) -> bytes:
    """Counted as it comes: a length that is not told, or told wrongly, changes nothing."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > limit:
        raise _too_large(limit)
    read = bytearray()
    more = True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise Refusal(400, "The body did not come whole")
        read += message.get("body", b"")
        more = message.get("more_body", False)
        if len(read) > limit:
            raise _too_large(limit)
    return bytes(read)


def oversized(event: Any) -> bool:
    """An item of a batch is held to the same size as an event that comes alone."""
    return len(orjson.dumps(event)) > MAX_BODY


def _too_large(limit: int) -> Refusal:
    return Refusal(413, f"The body is over {limit // 1024} KiB")
