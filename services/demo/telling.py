"""Who sends the events of the story? Its agencies, each under its own key."""

from datetime import datetime, timedelta
from typing import Any

import structlog

from services.chassis.clock import Clock
from services.demo.nights import Planned, Story
from services.doors import Doors

_AGAIN = timedelta(hours=1)
CLOUDEVENT = {"content-type": "application/cloudevents+json"}


class Telling:
    """After a restart the last hour is told once more: the same event gives the same receipt."""

    def __init__(self, story: Story, doors: Doors, clock: Clock) -> None:
        self._story, self._doors, self._clock = story, doors, clock
        self._told = clock.now() - _AGAIN

    async def next_due(self) -> datetime | None:
        following = self._story.after(self._told)
        return following.at if following else None

    async def play(self) -> int:
        due = self._story.between(self._told, self._clock.now())
        for one in due:
            await self._tell(one)
            self._told = one.at
        return len(due)

    async def _tell(self, one: Planned) -> None:
        answer: Any = await self._doors.request(
            "POST", "/notify/v1/events", agency=one.agency, json=one.event, headers=CLOUDEVENT
        )
        if answer.status_code >= 500:  # nothing is lost: it is told at the next step
            answer.raise_for_status()
        if answer.status_code not in (200, 202):
            structlog.get_logger().warning("event refused", id=one.id, status=answer.status_code)
