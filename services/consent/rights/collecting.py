"""What does this deployment hold of one person? Events, decisions, statements, and who was told."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import httpx

from services.chassis.sealing import Sealed
from services.chassis.store import EventStore, Recorded, StoreUnavailable
from services.consent.domain.access_pack import Field, of_event, of_record
from services.consent.readmodels.statements import attached_to
from services.consent.rights.finding import Finding
from services.consent.streams.access import AccessRequested
from services.consent.streams.case import stream_of
from services.consent.streams.events import DecisionTaken, EventTaken
from services.consent.streams.pieces import people_marked

Json = dict[str, Any]
_STEP = ("what", "at", "by", "due", "way", "again", "reason", "outcome", "contacts", "owner")


class NotifySilent(StoreUnavailable):
    """Who was told is part of the answer: without it there is none."""


class Collecting:
    def __init__(
        self,
        *,
        store: EventStore,
        finding: Finding,
        notify: httpx.AsyncClient,
        service_token: str,
    ) -> None:
        self._store = store
        self._finding = finding
        self._notify = notify
        self._headers = {"Authorization": f"Bearer {service_token}"}

    async def about(self, asked: AccessRequested) -> list[Field]:
        """For this request. Raises NotifySilent."""
        return await self.of(asked.keys, for_a_child=asked.requester == "parental-responsibility")

    async def of(self, keys: Sequence[str], *, for_a_child: bool) -> list[Field]:
        """In a stable order and under stable paths. Raises NotifySilent."""
        async with self._finding.of(keys) as found:
            known, cases = found.known, sorted(found.cases)
        fields: list[Field] = []
        for case in cases:
            fields += await self._case(UUID(case), known, for_a_child)
        return fields

    async def _case(self, case: UUID, known: frozenset[str], for_a_child: bool) -> list[Field]:
        found: list[Field] = []
        at = f"cases/{case}"
        history = await self._store.read_stream(stream_of(case))
        mine = _mine(history, known)
        for recorded in history:
            found += _recorded(at, recorded, mine, for_a_child)
        for receipt, refs in _receipts(history, known).items():
            found += await self._told(f"{at}/told/{receipt}", receipt, refs, for_a_child)
        for said in await attached_to(self._store, case):
            record = {"says": said.said.value, "received_on": said.received_on}
            own = bool(known & set(said.keys))
            place = f"{at}/statements/{said.statement}"
            found += of_record(place, "statement", record, own=own, for_a_child=for_a_child)
        return found

    async def _told(
        self, at: str, receipt: UUID, mine: frozenset[str], for_a_child: bool
    ) -> Iterator[Field]:
        found: list[Field] = []
        for decision in (await self._why(receipt)).get("decisions", ()):
            own = decision["about"] in mine
            for told in decision["notifications"]:
                place = f"{at}/{told['notification']}"
                record = {name: told[name] for name in ("organisation", "state")}
                found += of_record(place, "told", record, own=own, for_a_child=for_a_child)
                for number, step in enumerate(told["steps"]):
                    record = {name: step[name] for name in _STEP if name in step}
                    there = f"{place}/steps/{number}"
                    found += of_record(there, "told", record, own=own, for_a_child=for_a_child)
        return iter(found)

    async def _why(self, receipt: UUID) -> Json:
        try:
            answer = await self._notify.get(f"/notify/v1/why/{receipt}", headers=self._headers)
            if answer.status_code == httpx.codes.NOT_FOUND:
                return {}
            answer.raise_for_status()
            told: Json = answer.json()
        except (httpx.HTTPError, ValueError) as fault:
            raise NotifySilent("notify does not say who was told") from fault
        return told


def _mine(history: Sequence[Recorded], known: frozenset[str]) -> frozenset[str]:
    """The refs of the person in the events of one case: a ref is kept within a reference."""
    return frozenset().union(*_receipts(history, known).values())


def _receipts(history: Sequence[Recorded], known: frozenset[str]) -> dict[UUID, frozenset[str]]:
    """By receipt of an event, the refs of the person in it."""
    return {
        taken.receipt: frozenset(one.ref for one in taken.people if known & set(one.keys))
        for recorded in history
        if isinstance(taken := recorded.event, EventTaken)
    }


def _recorded(
    at: str, recorded: Recorded, mine: frozenset[str], for_a_child: bool
) -> Iterator[Field]:
    match recorded.event:
        case EventTaken() as taken if taken.rest.value is not None:
            event = people_marked(taken)
            place = f"{at}/events/{recorded.version}"
            yield from of_event(place, event, mine, for_a_child=for_a_child)
        case DecisionTaken() as taken:
            message = taken.message
            record = {
                "audience": message.audience,
                "outcome": message.outcome.value,
                "because": [reason.says for reason in message.because],
                "agreement": message.agreement,
                "basis": message.basis and message.basis.model_dump(mode="json"),
                "shows": list(message.shows) if _is_there(taken.content) else [],
                "decided_at": message.decided_at.isoformat(),
            }
            place = f"{at}/decisions/{message.decision_id}"
            own = message.about.ref in mine
            yield from of_record(place, "decision", record, own=own, for_a_child=for_a_child)


def _is_there(content: Sealed | None) -> bool:
    return content is not None and content.value is not None
