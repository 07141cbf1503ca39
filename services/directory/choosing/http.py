"""Where are the children of a school that closed? Its authority says where no register does."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import select

from services.directory.access import Caller, who
from services.directory.days import today
from services.directory.editing import require_editor
from services.directory.forms import Form, Id, not_known, refusal
from services.directory.handles import Directory, acting
from services.directory.readmodels.schools import SCHOOLS
from services.directory.readmodels.showing import ESTABLISHMENTS, status_on
from services.directory.streams import succession
from services.directory.streams.organisation_commands import Close
from services.directory.streams.succession import Settle


class SuccessorForm(Form):
    successor: Id


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")

    @router.post("/organisations/{organisation}/successor")
    async def choose(principal: Caller, organisation: str, form: SuccessorForm) -> dict[str, Any]:
        """What a person chose stays while that school is open. Nobody is carried over by it."""
        await require_editor(directory, principal, organisation)
        await directory.schools.catch_up()
        async with directory.database.reading() as tx:
            rows = await tx.execute(
                select(SCHOOLS).where(SCHOOLS.c.id.in_((organisation, form.successor)))
            )
            known = {row.id: row for row in rows}
        closed, taken = known.get(organisation), known.get(form.successor)
        if closed is None or closed.kind not in ESTABLISHMENTS:
            raise not_known("school")
        if closed.closed_on is None:
            raise refusal("", "the school is not closed")
        day = today(directory)
        if (
            taken is None
            or taken.id == organisation
            or taken.kind not in ESTABLISHMENTS
            or status_on(day, taken.open_from, taken.closed_on) == "closed"
        ):
            raise refusal("/successor", "is no other school that is open")
        wish = Close(
            on=closed.closed_on, successor=taken.id, by_register=bool(closed.closed_by_register)
        )
        actor = who(principal)
        await directory.change(organisation, wish, actor=actor)
        settle = Settle(organisation=organisation, successor=taken.id, at=directory.clock.now())
        stream = succession.stream_of(organisation)
        await directory.successions.handle(stream, settle, acting(actor))
        return {"organisation": organisation, "successor": taken.id}

    return router
