"""How does somebody in the story do it? Through the doors, as a person who has signed in."""

from typing import Any

import httpx

from services.chassis.assertions import Assertions
from services.chassis.principals import Principal
from services.demo import habits
from services.demo.area import DemoArea
from services.doors import Doors

Json = dict[str, Any]
_PERSON = frozenset({"recipient", "publisher"})
_READ_BY_A_PERSON = "Read by a person: nothing in it is unsafe for the school to know."


class Acting:
    def __init__(self, area: DemoArea, doors: Doors, assertions: Assertions) -> None:
        self._area, self._doors, self._assertions = area, doors, assertions

    async def open(self, reader: str, notification: object) -> httpx.Response:
        return await self._as(reader, "GET", f"/notify/v1/inbox/{notification}")

    async def acknowledge(self, reader: str, notification: object, outcome: str) -> httpx.Response:
        body = {"by": self._contact(reader), "outcome": outcome}
        return await self._as(reader, "POST", f"/notify/v1/inbox/{notification}/acknowledge", body)

    async def send_back(self, reader: str, notification: object) -> httpx.Response:
        body = {"by": self._contact(reader), "reason": "left"}
        return await self._as(reader, "POST", f"/notify/v1/inbox/{notification}/not-ours", body)

    async def complete(
        self, owner: str, task: object, organisation: str | None = None
    ) -> httpx.Response:
        """`organisation`: the school that was looked for."""
        body = {"by": self._contact(owner)} | (
            {"organisation": organisation} if organisation else {}
        )
        return await self._as(owner, "POST", f"/notify/v1/tasks/{task}/done", body)

    async def release(self, owner: str, hold: object) -> httpx.Response:
        body = {
            "outcome": "disclosed",
            "reason": _READ_BY_A_PERSON,
            "by": self._contact(owner),
        }
        path = f"/consent/v1/holds/{hold}/resolve"
        return await self._as(owner, "POST", path, body, frozenset({"reviewer"}))

    def _contact(self, organisation: str) -> str:
        """Who it is there; of an authority the one whose work is schools."""
        people = self._area.contacts[organisation]
        if not people:
            return organisation
        place = 0
        if organisation in self._area.school:
            place = int(habits.habit_of(organisation) == "deputy" and len(people) > 1)
        elif organisation.endswith("-council"):
            place = -1
        return str(people[place]["id"])

    async def _as(
        self,
        organisation: str,
        method: str,
        path: str,
        body: Json | None = None,
        roles: frozenset[str] = _PERSON,
    ) -> httpx.Response:
        person = self._contact(organisation)
        principal = Principal(
            agency=organisation,
            roles=roles,
            key_id="session",
            person="" if person == organisation else person,
        )
        headers = {"authorization": f"Bearer {self._assertions.of(principal)}"}
        more: Json = {"json": body} if body is not None else {}
        return await self._doors.bare(method, path, headers=headers, **more)
