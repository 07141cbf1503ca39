"""Who may look for a child in the registers, and what are they shown? Each look is on record."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from pydantic import Field
from sqlalchemy import select

from contracts import leave
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.chassis.projections import Projector
from services.chassis.sealing import Sealed
from services.chassis.store import NewEvent
from services.directory.finding.blocks import Described
from services.directory.finding.candidates import Candidate, candidates
from services.directory.finding.tables import SEARCHES, Findable
from services.directory.forms import Form, refusal
from services.directory.handles import Directory, acting
from services.directory.streams.pupil_search import PupilsSought, stream_of

_LOCAL = ZoneInfo("Europe/London")
_HOUSE = frozenset({"operations", "service"})
_SHOWN = 200
Asker = Annotated[Principal, Depends(guard("publisher", "recipient", *sorted(_HOUSE)))]
Overseer = Annotated[Principal, Depends(guard("information-governance", "service"))]
Json = dict[str, Any]
Text = Annotated[str, Field(max_length=200)]


class LookForm(Form):
    """`leave` is the word of the task (notify); without it, `reason`."""

    given_name: Text = ""
    family_name: Text = ""
    known_as: Text = ""
    date_of_birth: date | None = None
    postcode: Annotated[str, Field(max_length=10)] = ""
    leave: Annotated[str, Field(max_length=1_000)] = ""
    reason: Annotated[str, Field(max_length=1_000)] = ""

    def child(self) -> Described:
        if not (self.given_name or self.family_name):
            raise refusal("/given_name", "a name is needed")
        if self.date_of_birth is None and not self.postcode:
            raise refusal("/date_of_birth", "a name alone finds nobody: give a birth date or home")
        calls = dict.fromkeys([self.given_name, *([self.known_as] if self.known_as else [])])
        return Described(
            names=tuple((given, self.family_name) for given in calls),
            born=self.date_of_birth,
            postcode=self.postcode,
        )


def projector(directory: Directory) -> Projector:
    return Projector(directory.store, directory.database, Findable(directory.pepper))


def routes(directory: Directory, findable: Projector) -> APIRouter:
    router = APIRouter(prefix="/directory/v1/pupils")

    @router.post("/candidates")
    async def look(principal: Asker, form: LookForm) -> Json:
        """In the body, not the address: an address is logged by whatever stands before us."""
        task, within = await _may_look(directory, principal, form)
        asked = form.child()
        await directory.book.catch_up()
        await findable.catch_up()
        today = directory.clock.now().astimezone(_LOCAL).date()
        found = await candidates(directory, asked, today, within)
        await _record(directory, principal, form, task, found)
        return {"candidates": [_shown(one) for one in found]}

    @router.get("/searches")
    async def searches(_: Overseer) -> Json:
        """The latest first: who looked, for which task, and how many entries they were shown."""
        await findable.catch_up()
        query = select(SEARCHES).order_by(SEARCHES.c.at.desc(), SEARCHES.c.search).limit(_SHOWN)
        async with directory.database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return {"searches": [{**row._mapping, "at": row.at.isoformat()} for row in rows]}

    return router


async def _may_look(
    directory: Directory, principal: Principal, form: LookForm
) -> tuple[UUID | None, str | None]:
    """The task, and the authority to whose schools the look is bound. Raises Problem.

    Leave comes from a task; operations and the authority, whose officers are the last resort where
    the sender does not know the school, say why instead.
    """
    word = leave.read(directory.pepper, form.leave, directory.clock.now()) if form.leave else None
    if word is not None and (word.agency == principal.agency or principal.roles & _HOUSE):
        return word.task, None
    within = None
    if not principal.roles & _HOUSE:
        profile = (await directory.organisation(principal.agency)).profile
        if profile is None or profile.kind != "local-authority" or not profile.local_authority:
            raise Problem(403, "To look for a child needs a task to find the child's school")
        within = profile.local_authority
    if not form.reason:
        raise refusal("/reason", "say why you are looking")
    return None, within


async def _record(
    directory: Directory,
    principal: Principal,
    form: LookForm,
    task: UUID | None,
    found: list[Candidate],
) -> None:
    """Before it is answered: who has seen an answer is on record whatever happens then."""
    search = uuid4()
    sought = PupilsSought(
        search=search,
        agency=principal.agency,
        by=principal.person,
        task=task,
        reason=Sealed(f"pupil-search-{search}", form.reason) if form.reason else None,
        enrolments=tuple(one.enrolment for one in found),
        at=directory.clock.now(),
    )
    event = NewEvent(event_id=uuid4(), event=sought)
    context = acting(principal.agency)
    await directory.store.append(stream_of(search), [event], expected=0, context=context)


def _shown(one: Candidate) -> Json:
    """Which school, and in words what agrees: no value of the entry, not even its number."""
    return {
        "school": {"id": one.school.id, "name": one.school.name, "urn": one.school.urn},
        "standing": one.standing,
        "score": one.likeness.score,
        "facts": [
            {"fact": each.fact, "agrees": each.agrees, "says": each.how}
            for each in one.likeness.facts
        ],
    }
