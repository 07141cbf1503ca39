"""Who is behind an id? Names of organisations and, where the visitor may know them, of people."""

import asyncio
from collections.abc import Iterable
from typing import Any

from services.chassis.principals import Principal
from services.front.house import House, Refused

Json = dict[str, Any]
_AT_ONCE = 20


class Register:
    """Asked of the directory in the visitor's name, so that nobody learns more here than there."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def organisation(self, who: Principal, one: str) -> Json:
        """An organisation that the directory no longer knows is called by its id."""
        try:
            return await self._house.get(who, f"/directory/v1/organisations/{one}")
        except Refused:
            return {"id": one, "name": one}

    async def organisations(self, who: Principal, ids: Iterable[str]) -> dict[str, Json]:
        wanted = sorted({one for one in ids if one})
        turns = asyncio.Semaphore(_AT_ONCE)

        async def ask(one: str) -> Json:
            async with turns:
                return await self.organisation(who, one)

        found = await asyncio.gather(*(ask(one) for one in wanted))
        return dict(zip(wanted, found, strict=True))

    async def names(self, who: Principal, ids: Iterable[str]) -> dict[str, str]:
        """Of organisations, by id."""
        return names_of((await self.organisations(who, ids)).values())

    async def authority(self, who: Principal, local_authority: str | None) -> Json | None:
        """The council that serves the place, whose term dates stand in for a school's own."""
        if not local_authority:
            return None
        found = await self._house.get(
            who,
            "/directory/v1/organisations",
            kind="local-authority",
            local_authority=local_authority,
        )
        return next(iter(found["organisations"]), None)


def names_of(organisations: Iterable[Json]) -> dict[str, str]:
    return {str(one["id"]): str(one.get("name") or one["id"]) for one in organisations}


def people_of(organisations: Iterable[Json]) -> dict[str, str]:
    """Names of contacts by id; none where the visitor may not know them."""
    return {
        str(contact["id"]): f"{contact['given_name']} {contact['family_name']}".strip()
        for one in organisations
        for contact in one.get("contacts") or ()
    }


def agency(source: str) -> str:
    """The organisation's id in `/agencies/<id>`."""
    return source.rsplit("/", 1)[-1]
