"""Who changed what, and who was the contact on a day? For those who may see the contacts."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime

from services.chassis.store import Recorded
from services.directory.access import Reader, sees_contacts
from services.directory.domain import tenures
from services.directory.editing import require_editor, show_edition
from services.directory.forms import not_known, refusal, shown_contact
from services.directory.handles import Directory
from services.directory.history.past import changes, named, said_of_contacts
from services.directory.streams.organisation import Part, stream_of

PAGE = 500


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1/organisations/{organisation}")

    @router.get("/contacts")
    async def contacts(
        principal: Reader,
        organisation: str,
        response: Response,
        on: date | None = None,
        known_at: AwareDatetime | None = None,
    ) -> dict[str, Any]:
        """Now, in order of call; or `on` a day, as it is known now or was known at a moment."""
        if not sees_contacts(principal, organisation):
            await require_editor(directory, principal, organisation)
        if on is not None:
            history = await _history(directory, organisation)
            there = tenures.on(on, said_of_contacts(history, known_at))
            return {"on": on.isoformat(), "contacts": [_tenure(one) for one in there]}
        if known_at is not None:
            raise refusal("", "known_at is asked of a day: name it in `on`")
        known = await directory.organisation(organisation)
        if known.profile is None:
            raise not_known("organisation")
        show_edition(response, known, Part.CONTACTS)
        return {"contacts": [shown_contact(each) for each in known.contacts]}

    @router.get("/history")
    async def history(
        principal: Reader,
        organisation: str,
        after: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
    ) -> dict[str, Any]:
        if not sees_contacts(principal, organisation):
            await require_editor(directory, principal, organisation)
        every = changes(await _history(directory, organisation))
        page = [one for one in every if one["version"] > after][:limit]
        more = bool(page) and page[-1]["version"] < every[-1]["version"]
        return {"changes": page, "next": page[-1]["version"] if more else None}

    return router


async def _history(directory: Directory, organisation: str) -> list[Recorded]:
    history = await directory.store.read_stream(stream_of(organisation))
    if not history:
        raise not_known("organisation")
    return history


def _tenure(one: tenures.Tenure) -> dict[str, Any]:
    return {
        **named(one.contact, one.role, one.id),
        "from": one.begins.isoformat(),
        "to": one.ends.isoformat() if one.ends else None,
    }
