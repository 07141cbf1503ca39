"""Who may change this, and had they seen what they change? The door to what is edited by people.

GET answers an ETag, the version of the part that was read. A change that sends it back in If-Match
is refused with 412 where somebody else was first (RFC 9110, 13.1.1); without If-Match it is made.
"""

import re
from collections.abc import Iterator
from typing import Annotated, TypeAlias

from fastapi import Header, Response

from services.chassis.principals import Principal
from services.chassis.problems import Problem
from services.directory.access import is_own, who
from services.directory.forms import not_known
from services.directory.handles import Directory
from services.directory.streams.organisation import (
    ContactRemoved,
    ContactsConfirmed,
    ContactSet,
    Known,
    OrganisationEvent,
    Part,
    part_of,
    stream_of,
)
from services.directory.streams.organisation_commands import (
    OrganisationUnknown,
    Overtaken,
    Read,
    Wish,
)

IfMatch: TypeAlias = Annotated[str | None, Header(alias="If-Match", max_length=400)]

ESTABLISHMENTS = frozenset({"school", "college", "nursery"})
_MOST = 20  # changes that a refusal lists
_TAG = re.compile(r'(?:^|,)\s*"(\d{1,18})"\s*(?=,|$)')  # a weak one never matches


def show_edition(response: Response, known: Known, part: Part) -> None:
    """The ETag of what is answered."""
    response.headers["ETag"] = f'"{known.edition(part)}"'


async def may_edit(directory: Directory, principal: Principal, organisation: str) -> bool:
    """Its own people, an authority for the schools of its place, the administrator."""
    if is_own(principal, organisation):
        return True
    if not is_own(principal, principal.agency):
        return False
    authority = (await directory.organisation(principal.agency)).profile
    if authority is None or authority.kind != "local-authority" or not authority.local_authority:
        return False
    theirs = (await directory.organisation(organisation)).profile
    return (
        theirs is not None
        and theirs.kind in ESTABLISHMENTS
        and theirs.local_authority == authority.local_authority
    )


async def require_editor(directory: Directory, principal: Principal, organisation: str) -> None:
    """The same words whether or not there is such an organisation."""
    if not await may_edit(directory, principal, organisation):
        raise Problem(403, "This key may not do this for that organisation")


async def edit(
    directory: Directory,
    principal: Principal,
    organisation: str,
    part: Part,
    if_match: str | None,
    *wishes: Wish,
) -> Known:
    """What it is afterwards. Who asks is known to be allowed: `require_editor`.

    Raises Problem: 404, or 412 with what others have changed since.
    """
    read = read_in(part, if_match)
    known = await directory.organisation(organisation)
    if known.profile is None and part is not Part.WHOLE:
        raise not_known("organisation")
    try:
        await directory.change(organisation, *wishes, actor=who(principal), read=read)
    except OrganisationUnknown:
        raise not_known("organisation") from None
    except Overtaken:
        raise await overtaken(directory, organisation, part, if_match) from None
    return await directory.organisation(organisation)


def read_in(part: Part, if_match: str | None) -> Read | None:
    """`*` asks only that there is something, which every edit asks."""
    if if_match is None or if_match.strip() == "*":
        return None
    return Read(part=part, editions=frozenset(_editions(if_match)))


def _editions(if_match: str) -> Iterator[int]:
    for tag in _TAG.finditer(if_match):
        yield int(tag.group(1))


async def overtaken(
    directory: Directory, organisation: str, part: Part, if_match: str | None
) -> Problem:
    """Which parts, by which agency and when; never what they say, nor who of the agency."""
    since = max(_editions(if_match or ""), default=None)
    history = await directory.store.read_stream(stream_of(organisation))
    later = [
        one
        for one in history
        if (since is None or one.version > since)
        and (part is Part.WHOLE or part_of(one.event) is part)
    ]
    errors = [
        {
            "pointer": pointer,
            "detail": f"{verb} by {one.context.actor.partition('/')[0]} "
            f"at {one.recorded_at.isoformat(timespec='seconds')}",
        }
        for one in later[-_MOST:]
        for pointer, verb in _touched(one.event)
    ]
    known = await directory.organisation(organisation)
    return Problem(
        412,
        "Somebody else has changed this since you read it",
        errors,
        {"ETag": f'"{known.edition(part)}"'},
    )


def _touched(event: OrganisationEvent) -> list[tuple[str, str]]:
    match event:
        case ContactSet():
            return [(f"/contacts/{event.contact}", "changed")]
        case ContactRemoved():
            return [(f"/contacts/{event.contact}", "removed")]
        case ContactsConfirmed():
            return [(f"/contacts/{contact}", "confirmed") for contact in event.contacts]
        case _ if part_of(event) is Part.CALENDAR:
            return [("/calendar", "changed")]
        case _:
            return [("", "changed")]
