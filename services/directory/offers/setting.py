"""Who sets, checks and withdraws a service, and what stands against publishing it?"""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from services.chassis.principals import Principal
from services.directory.access import is_own, require_own, who
from services.directory.domain.offer import Offer, Private
from services.directory.forms import not_known, refusal
from services.directory.handles import Directory, acting
from services.directory.offers.editions import overtaken
from services.directory.offers.forms import OfferForm, shown, shown_private
from services.directory.readmodels import offer_search as search
from services.directory.readmodels.offer_texts import REFUGE, findings
from services.directory.streams.offer import (
    KnownOffer,
    OfferCommand,
    OfferUnknown,
    Overtaken,
    SetOffer,
    VerifyOffer,
    WithdrawOffer,
    stream_of,
)

_LOCAL = ZoneInfo("Europe/London")


def today(directory: Directory) -> date:
    return directory.clock.now().astimezone(_LOCAL).date()


async def set_offer(
    directory: Directory,
    name: str,
    form: OfferForm,
    *,
    by: Principal,
    read: frozenset[int] | None = None,
) -> KnownOffer:
    """Raises Problem: it is somebody else's, or a part cannot be taken."""
    require_own(by, form.organisation)
    if form.id not in (None, name):
        raise refusal("/id", "is not the id in the address")
    before = await directory.offer(name)
    if before.said is not None:
        require_own(by, before.said.organisation)
    said, private = form.parts()
    await require_owner(directory, form.organisation)
    at = directory.clock.now()
    command = SetOffer(offer=name, said=said, private=private, at=at, read=read)
    await _handle(directory, name, command, by)
    return await directory.offer(name)


async def require_owner(directory: Directory, organisation: str) -> None:
    if (await directory.organisation(organisation)).profile is None:
        raise refusal("/organisation", "is not known here")


async def keep(
    directory: Directory, name: str, said: Offer, private: Private, *, actor: str
) -> bool:
    """Whether anything changed."""
    command = SetOffer(offer=name, said=said, private=private, at=directory.clock.now())
    return bool(await directory.offers.handle(stream_of(name), command, acting(actor)))


async def verify(
    directory: Directory, name: str, *, by: Principal, read: frozenset[int] | None = None
) -> None:
    await _require_own_offer(directory, name, by)
    now = directory.clock.now()
    command = VerifyOffer(offer=name, on=today(directory), at=now, read=read)
    await _handle(directory, name, command, by)


async def withdraw(
    directory: Directory, name: str, *, by: Principal, read: frozenset[int] | None = None
) -> None:
    await _require_own_offer(directory, name, by)
    command = WithdrawOffer(offer=name, at=directory.clock.now(), read=read)
    await _handle(directory, name, command, by)


async def _handle(directory: Directory, name: str, command: OfferCommand, by: Principal) -> None:
    try:
        await directory.offers.handle(stream_of(name), command, acting(who(by)))
    except OfferUnknown:
        raise not_known("service") from None
    except Overtaken:
        raise await overtaken(directory, name) from None


async def _require_own_offer(directory: Directory, name: str, by: Principal) -> None:
    known = await directory.offer(name)
    if known.said is None:
        raise not_known("service")
    require_own(by, known.said.organisation)


def read(name: str, known: KnownOffer, by: Principal) -> dict[str, Any]:
    """The service as `by` may read it."""
    if known.said is None:
        raise not_known("service")
    own = is_own(by, known.said.organisation)
    return {
        "id": name,
        **shown(known.said),
        "private": shown_private(known.private, own=own),
        "verified_on": known.verified_on.isoformat() if known.verified_on else None,
    }


async def answered(
    directory: Directory, name: str, known: KnownOffer, by: Principal
) -> dict[str, Any]:
    """To its owner also whether everybody may read it, and what stands against that."""
    told = read(name, known, by)
    if known.said is not None and is_own(by, known.said.organisation):
        told["published"] = await _published(directory, name)
        told["held"] = [held async for held in _held(directory, name, known.said)]
    return told


async def _published(directory: Directory, name: str) -> bool:
    await directory.offered.catch_up()
    conditions = [search.published(today(directory)), search.named(name)]
    return bool(await search.counted(directory.database, conditions))


async def _held(directory: Directory, name: str, said: Offer) -> AsyncIterator[dict[str, str]]:
    for reason in _reasons(said):
        yield reason
    owner = await directory.organisation(said.organisation)
    if not said.publish:
        return
    if owner.profile is not None and owner.profile.kind == REFUGE:
        yield {"pointer": "/organisation", "detail": "services of a refuge are never published"}
    elif owner.profile is None or not owner.profile.name:
        yield {"pointer": "/organisation", "detail": "has no name to publish"}
    if await search.hits(directory.database, name):
        detail = "says something that the directory keeps private: a person, a way to reach one,"
        yield {"pointer": "", "detail": f"{detail} or a place that is confidential"}


def _reasons(said: Offer) -> Iterator[dict[str, str]]:
    if said.publish:
        for each in findings(said):
            yield {"pointer": each.at, "detail": each.says}
