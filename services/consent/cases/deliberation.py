"""What is to be made of one event? Recognise the people, gather the facts, decide; change nothing.

Taking an event and explaining one go through here alike, so that an explanation cannot differ from
what would happen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from contracts.agreements import Agreement
from contracts.envelope import CloudEvent
from services.chassis.database import Database
from services.consent.domain.deciding import decide
from services.consent.domain.decision import Verdict
from services.consent.domain.matter import Matter, people_of
from services.consent.domain.people import keys_of
from services.consent.readmodels.area import area_for
from services.consent.readmodels.facts import gather
from services.consent.readmodels.recognition import known_as


@dataclass(frozen=True, kw_only=True)
class Known:
    """One person of the event: what it gives, all that they are known by, who they are."""

    keys: tuple[str, ...]
    all_keys: frozenset[str]
    subject: UUID


@dataclass(frozen=True, kw_only=True)
class Deliberated:
    matter: Matter
    people: Mapping[str, Known]
    verdict: Verdict


class Deliberation:
    def __init__(self, database: Database, agreements: Sequence[Agreement], pepper: bytes) -> None:
        self._database = database
        self._agreements = agreements
        self._pepper = pepper

    async def about(
        self,
        event: CloudEvent,
        *,
        case: UUID,
        taking: UUID,
        accepted_at: datetime,
        now: datetime,
    ) -> Deliberated:
        """`taking` is the id of the message that brings it: new people are named after that."""
        matter = Matter(
            type=event.type,
            agency=event.agency,
            content=event.content,
            accepted_at=accepted_at,
            now=now,
        )
        async with self._database.reading() as tx:
            people = {}
            for person in people_of(matter.content):
                keys = keys_of(person, event.source, self._pepper)
                everything, subject = await known_as(tx, keys)
                people[person.ref] = Known(
                    keys=keys,
                    all_keys=everything,
                    subject=subject or uuid5(taking, f"person/{person.ref}"),
                )
            area = await area_for(tx, matter)
            all_keys = {ref: known.all_keys for ref, known in people.items()}
            facts = await gather(tx, matter, case, all_keys, self._pepper)
        verdict = decide(matter, facts, area, self._agreements, self._pepper)
        return Deliberated(matter=matter, people=people, verdict=verdict)
