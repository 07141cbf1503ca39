"""Whatever a sender tells of one reference, in any order, often: is a retraction the end of it?

Whoever was reached hears so once, nothing is told after it, and nobody can read it any more.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.notify.domain import notification as facts
from services.scenario.stage import Stage, open_stage
from tests.consent.story import child, incident
from tests.front.house import HOUSE_TIME

Json = dict[str, Any]
PRESENCES = ("present", "not-present", "unknown")
NUMBERS = count(1)
TOLD = (
    facts.NotificationMadeAvailable,
    facts.AnnouncementBegun,
    facts.NotificationAnnounced,
)
READER = {"X-Daybreak-Contact": "alder-dsl"}


@dataclass(frozen=True)
class Sent:
    """`minutes`: the sender's time, which says what came first; `shown`: what it tells."""

    kind: str
    minutes: int
    shown: int = 0


@dataclass(frozen=True)
class Again:
    """One of those before, delivered once more under its own id."""

    which: int


@dataclass(frozen=True)
class Read:
    """The school reads whatever it can."""


MINUTES = st.integers(0, 2)
ACTIONS = st.one_of(
    # what differs from the first more often than not: a correction of nothing tells nothing
    st.builds(
        Sent, st.sampled_from(["recorded", "corrected"]), MINUTES, st.sampled_from([1, 2, 0])
    ),
    st.builds(Sent, st.just("retracted"), MINUTES),
    st.builds(Again, st.integers(0, 5)),
    st.just(Read()),
)
# With what is mostly so: told first, and retracted at last.
HISTORIES = st.tuples(
    st.booleans(),
    st.lists(ACTIONS, min_size=2, max_size=5),
    st.builds(Sent, st.just("retracted"), MINUTES),
).map(lambda drawn: [*([Sent("recorded", 0)] if drawn[0] else []), *drawn[1], drawn[2]])


@dataclass
class Story:
    stage: Stage
    reference: str
    began: int  # how long the log was
    sent: list[Json] = field(default_factory=list)
    receipts: set[str] = field(default_factory=set)
    retracted_at: int | None = None  # how long the log was when the first one was worked through

    async def happens(self, action: Sent | Again | Read) -> None:
        match action:
            case Sent():
                self.sent.append(self._event(action))
                await self._publish(self.sent[-1])
            case Again() if self.sent:
                await self._publish(self.sent[action.which % len(self.sent)])
            case Read():
                for one in await self._inbox():
                    await self.read(one["id"])
        await self.stage.house.settle()
        if self.retracted_at is None and any("retracted" in one["type"] for one in self.sent):
            self.retracted_at = await self.stage.storage.stores["notify"].head()

    def _event(self, action: Sent) -> Json:
        at = self.stage.clock.now() - timedelta(hours=1) + timedelta(minutes=action.minutes)
        data: Json = {"reference": self.reference}
        if action.kind == "retracted":
            data |= {"reason": "Another family", "retracted_at": at.isoformat()}
        else:
            entry = {"ref": "c1", "presence": PRESENCES[action.shown]}
            moment = HOUSE_TIME.isoformat()
            data |= incident(
                child(), entries=[entry], occurred_at=moment, believed_at=moment, **data
            )
        if action.kind == "corrected":
            data["correction"] = {"reason": "Somebody asked again"}
        return {
            "specversion": "1.0",
            "id": f"{self.reference}-{len(self.sent)}",
            "source": "/agencies/north-police",
            "type": f"police.incident.{action.kind}.v1",
            "time": at.isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }

    async def _publish(self, event: Json) -> None:
        answer = await self.stage.request(
            "POST",
            "/notify/v1/events",
            agency="north-police",
            json=event,
            headers={"content-type": "application/cloudevents+json"},
        )
        assert answer.status_code == 202, answer.text
        self.receipts.add(answer.json()["accepted"][0]["receipt"])

    async def read(self, one: str) -> int:
        path = f"/notify/v1/inbox/{one}"
        return (await self.stage.request("GET", path, agency="alder", headers=READER)).status_code

    async def _inbox(self) -> list[Json]:
        states = "&".join(f"state={state.value}" for state in facts.LIVE)
        answer = await self.stage.request("GET", f"/notify/v1/inbox?{states}", agency="alder")
        return list(answer.json()["notifications"])

    async def is_over(self) -> None:
        log = await self.stage.storage.stores["notify"].read_all(self.began, 10_000)
        mine = {
            one.event.notification
            for one in log
            if isinstance(one.event, facts.NotificationRaised)
            and str(one.event.receipt) in self.receipts
        }
        ours = [one for one in log if getattr(one.event, "notification", None) in mine]
        assert self.retracted_at is not None
        late = [one.event for one in ours if one.position > self.retracted_at]
        assert not [one for one in late if isinstance(one, TOLD)]  # nothing is told after it
        opened = 0
        for notification in mine:
            happened = [one.event for one in ours if one.event.notification == notification]
            reached = [
                one
                for one in happened
                if isinstance(one, facts.NotificationAnnounced | facts.NotificationOpened)
            ]
            ended = [one for one in happened if _takes_back(one)]
            assert len(ended) == (1 if reached else 0), happened
            opened += any(isinstance(one, facts.NotificationOpened) for one in happened)
            assert await self.read(str(notification)) in (404, 410)
        assert await self._inbox() == []
        asked = await self.stage.request("GET", "/notify/v1/tasks?owner=alder")
        deletions = [
            one
            for one in asked.json()["tasks"]
            if one["kind"] == "confirm-deletion" and one["notification"] in map(str, mine)
        ]
        assert len(deletions) == (1 if opened else 0)


def _takes_back(event: object) -> bool:
    if isinstance(event, facts.NotificationWithdrawn):
        return event.reason is facts.Why.RETRACTED
    return isinstance(event, facts.NotificationTakenBack)


async def _area(stage: Stage) -> None:
    places: dict[str, Json] = {
        "alder": {"kind": "school", "urn": "900001"},
        "north-police": {"kind": "police", "police_area": "E23000099"},
    }
    for name, body in places.items():
        path = f"/directory/v1/organisations/{name}"
        assert (await stage.request("PUT", path, json=body)).is_success
    body = {"role": "designated-safeguarding-lead", "given_name": "Ada", "family_name": "Test"}
    path = "/directory/v1/organisations/alder/contacts/alder-dsl"
    answer = await stage.request("PUT", path, json={**body, "email": "dsl@alder.example"})
    assert answer.is_success, answer.text
    await stage.house.settle()


async def _played(stage: Stage, history: list[Any]) -> None:
    before = await stage.storage.stores["notify"].head()
    story = Story(stage, f"SYN-{next(NUMBERS)}", before)
    mails = [id(one) for one in stage.mailbox.received]
    for action in history:
        await story.happens(action)
    stage.clock.set(stage.clock.now() + timedelta(minutes=1))
    await stage.house.settle()
    await story.is_over()
    new = [one for one in stage.mailbox.received if id(one) not in mails]
    withdrawn = [one for one in new if "withdrawn" in one.body]
    assert len(withdrawn) <= 1  # one nudge, however much of it there was


async def test_whatever_the_history_a_retraction_ends_it() -> None:
    """The house runs here, and the histories are drawn beside it."""
    loop = asyncio.get_running_loop()
    async with open_stage(on="embedded", start=HOUSE_TIME, agreements=None) as stage:
        await _area(stage)

        @settings(max_examples=12, deadline=None, database=None, phases=[Phase.generate])
        @given(HISTORIES)
        def ends(history: list[Any]) -> None:
            asyncio.run_coroutine_threadsafe(_played(stage, history), loop).result()

        await asyncio.to_thread(ends)
