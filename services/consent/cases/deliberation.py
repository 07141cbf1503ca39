"""What is to be made of these events? Recognise people, gather facts, decide; change nothing.

Taking an event and explaining one go through here alike, so that an explanation cannot differ from
what would happen. What waits together is asked for together, in a few questions for all (ADR 0023).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.agreements import Agreement
from contracts.envelope import CloudEvent
from services.chassis.database import Database
from services.consent.cases.identity import case_of, incident_of, touched
from services.consent.cases.waves import first_wave
from services.consent.domain.deciding import decide
from services.consent.domain.decision import Verdict
from services.consent.domain.facts import Area, Facts
from services.consent.domain.holding import hold_has_run_out
from services.consent.domain.matter import Matter, people_of
from services.consent.domain.people import keys_of
from services.consent.readmodels.area import areas_for
from services.consent.readmodels.cases import left_by, retracted
from services.consent.readmodels.decisions import still_held
from services.consent.readmodels.facts import Wanted, facts_of, look_up_all, wanted
from services.consent.readmodels.recognition import records


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`taking` is the id of the message that brings it: new people are named after that."""

    event: CloudEvent
    taking: UUID
    accepted_at: datetime
    case: UUID | None = None  # None: the one that it belongs to


@dataclass(frozen=True, kw_only=True)
class Known:
    """One person of the event: what it gives, all that they are known by, who they are."""

    keys: tuple[str, ...]
    all_keys: frozenset[str]
    subject: UUID


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """One event whose people are recognised, before anything is known of them."""

    asked: Asked
    matter: Matter
    case: UUID
    is_new: bool  # nothing of the case is known yet
    people: Mapping[str, Known]
    wanted: Wanted
    touches: frozenset[str] | None


@dataclass(frozen=True, kw_only=True)
class Deliberated:
    asked: Asked
    matter: Matter
    case: UUID
    is_new: bool
    people: Mapping[str, Known]
    facts: Facts
    area: Area
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """All that is known of one event at this moment, before anything is decided."""

    matter: Matter
    facts: Facts
    area: Area


class Deliberation:
    def __init__(self, database: Database, agreements: Sequence[Agreement], pepper: bytes) -> None:
        self._database = database
        self._agreements = agreements
        self._pepper = pepper

    async def about(self, asked: Asked, now: datetime) -> Deliberated:
        [only] = await self.together([asked], now)
        return only

    async def circumstances(self, asked: Asked, now: datetime) -> Circumstances:
        """For a person who decides: the same facts of which the agreements would be asked."""
        async with self._database.reading() as tx:
            [one] = await self._recognised(tx, [asked], now)
            [area] = await areas_for(tx, [one.matter])
            found = await look_up_all(tx, [one.wanted])
        facts = facts_of(found, one.matter, one.case, one.wanted)
        return Circumstances(matter=one.matter, facts=facts, area=area)

    async def together(self, waiting: Sequence[Asked], now: datetime) -> list[Deliberated]:
        """Those of them that may be decided on what is known at this moment; never none.

        Whoever else touches the same people, case or reference waits until they are recorded.
        """
        async with self._database.reading() as tx:
            recognised = await self._recognised(tx, waiting, now)
            wave = [recognised[n] for n in first_wave([each.touches for each in recognised])]
            areas = await areas_for(tx, [each.matter for each in wave])
            found = await look_up_all(tx, [each.wanted for each in wave])
            own = [incident_of(each.asked.event) for each in wave]
            taken_back = await retracted(tx, filter(None, own))
            held = await still_held(tx, [one.case for one in wave if hold_has_run_out(one.matter)])
        made: list[Deliberated] = []
        for each, area, reference in zip(wave, areas, own, strict=True):
            facts = facts_of(found, each.matter, each.case, each.wanted)
            if reference is not None and reference in taken_back:
                facts = replace(facts, retracted_at=taken_back[reference])
            facts = replace(facts, still_held=held.get(each.case, frozenset()))
            made.append(self._decided(each, facts, area))
            await asyncio.sleep(0)  # a long list must not keep others from their turn
        return made

    async def _recognised(
        self, tx: AsyncConnection, waiting: Sequence[Asked], now: datetime
    ) -> list[Recognised]:
        cases = [asked.case or await case_of(tx, asked.event) for asked in waiting]
        keys = [
            {
                person.ref: keys_of(person, asked.event.source, self._pepper)
                for person in people_of(asked.event.content)
            }
            for asked in waiting
        ]
        known = await records(tx, (key for each in keys for own in each.values() for key in own))
        left = await left_by(tx, cases)
        found: list[Recognised] = []
        for asked, case, own in zip(waiting, cases, keys, strict=True):
            people = {}
            for ref, given in own.items():
                everything, subject = known.known_as(given)
                subject = subject or uuid5(asked.taking, f"person/{ref}")
                people[ref] = Known(keys=given, all_keys=everything, subject=subject)
            found.append(self._one(asked, now, case, people, left))
        return found

    def _one(
        self,
        asked: Asked,
        now: datetime,
        case: UUID,
        people: Mapping[str, Known],
        left: Mapping[UUID, frozenset[str]],
    ) -> Recognised:
        event = asked.event
        matter = Matter(
            type=event.type,
            agency=event.agency,
            content=event.content,
            accepted_at=asked.accepted_at,
            now=now,
            sent_at=event.time,
        )
        bearing = wanted(
            matter, {ref: known.all_keys for ref, known in people.items()}, self._pepper
        )
        return Recognised(
            asked=asked,
            matter=matter,
            case=case,
            is_new=case not in left,
            people=people,
            wanted=bearing,
            touches=touched(event, case, bearing.keys | left.get(case, frozenset())),
        )

    def _decided(self, each: Recognised, facts: Facts, area: Area) -> Deliberated:
        return Deliberated(
            asked=each.asked,
            matter=each.matter,
            case=each.case,
            is_new=each.is_new and facts.retracted_at is None,
            people=each.people,
            facts=facts,
            area=area,
            verdict=decide(each.matter, facts, area, self._agreements, self._pepper),
        )

    def again(self, seen: Deliberated, retracted_at: datetime | None) -> Deliberated:
        """The same, with what the case itself knows of its retraction."""
        facts = replace(seen.facts, retracted_at=retracted_at)
        verdict = decide(seen.matter, facts, seen.area, self._agreements, self._pepper)
        return replace(seen, facts=facts, verdict=verdict, is_new=False)
