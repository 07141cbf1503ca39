"""Who changed a service, when and what? And how did it stand at a moment? Both from the log."""

from dataclasses import asdict
from datetime import datetime
from functools import reduce
from typing import Any

from services.directory.domain.offer import Offer
from services.directory.handles import Directory
from services.directory.streams import offer as offers
from services.directory.streams.offer import (
    KnownOffer,
    OfferSet,
    OfferVerified,
    OfferWithdrawn,
)

_WHAT = {OfferSet: "set", OfferVerified: "verified", OfferWithdrawn: "withdrawn"}


async def as_at(directory: Directory, name: str, moment: datetime) -> KnownOffer:
    """As the log had it then."""
    history = await directory.store.read_stream(offers.stream_of(name))
    until = [each.event for each in history if each.recorded_at <= moment]
    return reduce(offers.evolve, until, offers.UNOFFERED)


async def told_of(directory: Directory, name: str) -> tuple[str, list[dict[str, Any]]]:
    """Whose it was last, and each change: by which agency, when, and the names of the fields."""
    told: list[dict[str, Any]] = []
    owner, known = "", offers.UNOFFERED
    for each in await directory.store.read_stream(offers.stream_of(name)):
        after = offers.evolve(known, each.event)
        told.append(
            {
                "version": each.version,
                "at": each.recorded_at.isoformat(),
                "by": each.context.actor,
                "what": _WHAT[type(each.event)],
                "changed": _changed(known, after),
            }
        )
        owner = after.said.organisation if after.said else owner
        known = after
    return owner, told


def _changed(before: KnownOffer, after: KnownOffer) -> list[str]:
    """Names alone; what is private is one name."""
    if after.said is None or before == after:
        return []
    was = asdict(before.said) if before.said else {}
    now = asdict(after.said)
    fields = [name for name in Offer.__dataclass_fields__ if was.get(name) != now[name]]
    return [*fields, *(["private"] if before.private != after.private else [])]
