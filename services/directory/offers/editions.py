"""Had they seen what they change? The version of a service goes out as an ETag and comes back."""

import re

from fastapi import Response

from services.chassis.problems import Problem
from services.directory.handles import Directory
from services.directory.streams.offer import KnownOffer, stream_of

_TAG = re.compile(r'(?:^|,)\s*"(\d{1,18})"\s*(?=,|$)')  # a weak one never matches


def show_edition(response: Response, known: KnownOffer) -> None:
    response.headers["ETag"] = f'"{known.version}"'


def read_in(if_match: str | None) -> frozenset[int] | None:
    """None asks nothing; `*` asks only that there is something."""
    if if_match is None or if_match.strip() == "*":
        return None
    return frozenset(int(tag) for tag in _TAG.findall(if_match))


async def overtaken(directory: Directory, name: str) -> Problem:
    """Which agency was first and when; not what it said, nor who of it."""
    last = (await directory.store.read_stream(stream_of(name)))[-1:]
    errors = [
        {
            "pointer": "",
            "detail": f"changed by {one.context.actor.partition('/')[0]} "
            f"at {one.recorded_at.isoformat(timespec='seconds')}",
        }
        for one in last
    ]
    version = last[0].version if last else 0
    title = "Somebody else has changed this since you read it"
    return Problem(412, title, errors, {"ETag": f'"{version}"'})
