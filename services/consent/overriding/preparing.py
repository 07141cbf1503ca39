"""What does a person's override come to? Its facts, its terms and its review, not yet recorded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4, uuid5

from pydantic import BaseModel, ConfigDict, StringConstraints

from contracts.agreements import Agreement
from contracts.envelope import parse
from contracts.messages import DecisionMade, ObligationArisen, Outcome, Owner
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.problems import Problem
from services.chassis.sealing import Sealed
from services.chassis.store import EventStore
from services.consent.cases.deliberation import Asked, Circumstances, Deliberation
from services.consent.cases.proposing import disclosed_by_person
from services.consent.domain.days import london_day
from services.consent.domain.overriding import (
    CannotOverride,
    Wanted,
    review_by,
    terms_in_emergency,
)
from services.consent.domain.signing import has_ended
from services.consent.readmodels import area, decisions
from services.consent.streams.case import stream_of
from services.consent.streams.events import DecisionOverridden, EventTaken
from services.consent.streams.pieces import Forgotten, whole
from services.consent.streams.state import REVIEW, OverrideDecision

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_ASKED = frozenset({"consent-refused", "consent-withdrawn"})


class Override(BaseModel):
    """`agreement` and `profile` where there is a choice. `subject_told`: were they told of this?"""

    model_config = ConfigDict(extra="forbid")

    by: Name
    rank: Name
    reason: Said
    risk: Said
    agreement: str | None = None
    profile: str | None = None
    subject_told: bool | None = None


class Preparing:
    def __init__(
        self,
        *,
        store: EventStore,
        database: Database,
        clock: Clock,
        deliberation: Deliberation,
        agreements: Sequence[Agreement],
        pepper: bytes,
    ) -> None:
        self._store = store
        self._database = database
        self._clock = clock
        self._deliberation = deliberation
        self._agreements = agreements
        self._pepper = pepper

    async def standing(self, decision: UUID) -> decisions.Standing:
        """What may be overridden at all. Raises a Problem."""
        async with self._database.reading() as tx:
            found = await decisions.one(tx, decision)
            if found is None:
                raise Problem(404, "No such decision")
            if found.superseded:
                raise Problem(409, "The decision has been replaced already")
            if found.message.outcome is Outcome.DISCLOSED:
                _, signed = await area.settings(tx)
                agreement, today = found.message.agreement or "", london_day(self._clock.now())
                if agreement not in signed and not has_ended(self._agreements, agreement, today):
                    raise Problem(409, "It is disclosed already")
        return found

    async def command(self, former: DecisionMade, told: Override) -> OverrideDecision:
        """Raises a Problem that points to what is missing or cannot be."""
        if told.subject_told is None and _ASKED & {one.rule for one in former.because}:
            raise refused("/subject_told", "Say whether the person was told of this")
        now = self._clock.now()
        taken = await self._taken(former)
        known = await self._known(taken, former, now)
        wanted = Wanted(
            about=former.about.ref,
            audience=former.audience,
            agreement=told.agreement,
            profile=told.profile,
        )
        try:
            terms = terms_in_emergency(
                known.matter, known.facts, known.area, self._agreements, wanted, self._pepper
            )
        except CannotOverride as fault:
            raise refused(fault.pointer, fault.detail) from None
        new = uuid5(former.decision_id, "overridden")
        review = _review(former, new, known)
        fact = DecisionOverridden(
            decision_id=new,
            former=former.decision_id,
            case=former.case,
            audience=former.audience,
            by=told.by,
            rank=told.rank,
            reason=Sealed(override_key(new), told.reason),
            risk=Sealed(override_key(new), told.risk),
            subject_told=told.subject_told,
            review=review.task,
            overridden_at=now,
        )
        decision = disclosed_by_person(former, new, terms, _key_of(taken, former), now)
        return OverrideDecision(fact=fact, decision=decision, review=review)

    async def _taken(self, former: DecisionMade) -> EventTaken:
        for recorded in await self._store.read_stream(stream_of(former.case)):
            taken = recorded.event
            if isinstance(taken, EventTaken) and taken.event_id == former.event.id:
                return taken
        raise Problem(404, "No such event")

    async def _known(self, taken: EventTaken, former: DecisionMade, now: datetime) -> Circumstances:
        try:
            event = parse(whole(taken))
        except Forgotten:
            raise Problem(410, "The event has been erased") from None
        asked = Asked(event=event, taking=uuid4(), accepted_at=taken.accepted_at, case=former.case)
        return await self._deliberation.circumstances(asked, now)


def override_key(decision: UUID) -> str:
    """The name of the key under which the words about one override are sealed."""
    return f"override-{decision}"


def _key_of(taken: EventTaken, former: DecisionMade) -> str:
    return next(one.person.subject for one in taken.people if one.ref == former.about.ref)


def _review(former: DecisionMade, new: UUID, known: Circumstances) -> ObligationArisen:
    """For the agency whose information was shared: its lead for information governance."""
    return ObligationArisen(
        task=uuid5(new, "review"),
        kind=REVIEW,
        event=former.event,
        case=former.case,
        about=former.about,
        audience=former.audience,
        owner=Owner(organisation=known.matter.agency),
        due=review_by(known.matter),
        decision_id=new,
    )


def refused(pointer: str, detail: str) -> Problem:
    error = {"pointer": pointer, "detail": detail}
    return Problem(422, "The override cannot be recorded", [error])
