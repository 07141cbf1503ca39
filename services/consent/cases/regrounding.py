"""What was withheld for want of a ground, and has one now? It is decided again, once (ADR 0029)."""

from datetime import datetime
from uuid import UUID, uuid5

from contracts.envelope import CloudEvent, parse
from contracts.messages import ObligationArisen, Owner
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.projections import Projector
from services.chassis.store import Context, EventStore
from services.consent.cases.deliberation import Asked, Deliberated, Deliberation
from services.consent.cases.proposing import duties, proposals
from services.consent.domain.grounds import WINDOW, child_of_a_new_ground
from services.consent.domain.people import keys_of
from services.consent.readmodels import decisions
from services.consent.readmodels.recognition import known_as
from services.consent.streams.case import stream_of
from services.consent.streams.events import CaseEvent, DecisionTaken, EventTaken
from services.consent.streams.pieces import Forgotten, whole
from services.consent.streams.state import Case, CaseCommand, DecideAgain


class Regrounding:
    def __init__(
        self,
        *,
        store: EventStore,
        database: Database,
        register: Projector,
        commands: Commands[CaseCommand, Case, CaseEvent],
        deliberation: Deliberation,
        pepper: bytes,
    ) -> None:
        self._store = store
        self._database = database
        self._register = register
        self._commands = commands
        self._deliberation = deliberation
        self._pepper = pepper

    async def decide_again(
        self, event: CloudEvent, message: UUID, context: Context, now: datetime
    ) -> None:
        """Of the child about whom `event` opens a ground. Done again it changes nothing."""
        child = child_of_a_new_ground(event.content)
        if child is None:
            return
        await self._register.catch_up()
        async with self._database.reading() as tx:
            keys, _ = await known_as(tx, keys_of(child, event.source, self._pepper))
            found = await decisions.untold_of(tx, keys, now - WINDOW)
        for standing in found:
            await self._again(standing, message, context, now)

    async def _again(
        self, former: decisions.Standing, message: UUID, context: Context, now: datetime
    ) -> None:
        made = former.message
        event = await self._event(former)
        if event is None:
            return
        taking = uuid5(message, f"again/{made.decision_id}")
        asked = Asked(event=event, taking=taking, accepted_at=now, case=made.case)
        seen = await self._deliberation.about(asked, now)
        proposed = next(
            (
                one
                for one in proposals(seen, made.event, made.case, taking, self._pepper)
                if (one.message.about.ref, one.message.audience) == (made.about.ref, made.audience)
            ),
            None,
        )
        if proposed is None or proposed.terms is None or proposed.terms.rests_on_consent:
            return  # a consent that came later sends nothing that was withheld
        command = DecideAgain(
            former=made.decision_id,
            proposed=proposed,
            duties=self._duties(former, seen, taking),
            review=_review(proposed, seen.matter.agency, taking),
        )
        await self._commands.handle(stream_of(made.case), command, context, key=taking)

    def _duties(
        self, former: decisions.Standing, seen: Deliberated, taking: UUID
    ) -> tuple[ObligationArisen, ...]:
        """Those of this decision, and to tell the client of it."""
        made = former.message
        mine = [
            owed
            for owed in seen.verdict.obligations
            if (owed.about, owed.audience) == (made.about.ref, made.audience)
            or owed.kind == "tell-subject"
        ]
        return duties(mine, seen.people, made.event, made.case, taking)

    async def _event(self, former: decisions.Standing) -> CloudEvent | None:
        """As it was sent; None where it has been erased since."""
        for recorded in await self._store.read_stream(stream_of(former.message.case)):
            taken = recorded.event
            if isinstance(taken, EventTaken) and taken.event_id == former.message.event.id:
                try:
                    return parse(whole(taken))
                except Forgotten:
                    return None
        return None


def _review(proposed: DecisionTaken, agency: str, taking: UUID) -> ObligationArisen:
    made = proposed.message
    assert proposed.terms is not None  # the caller looked
    return ObligationArisen(
        task=uuid5(taking, "review"),
        kind="review-hold",
        event=made.event,
        case=made.case,
        about=made.about,
        audience=made.audience,
        owner=Owner(organisation=agency),
        due=proposed.terms.due,
        decision_id=made.decision_id,
    )
