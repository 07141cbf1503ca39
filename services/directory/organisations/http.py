"""Which organisations are there, and what is one of them? The routes of their own facts."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from contracts.messages import Organisation
from services.chassis.principals import Principal
from services.directory.access import Administrator, Reader, sees_contacts, who
from services.directory.editing import IfMatch, show_edition
from services.directory.forms import Form, Id, OrganisationForm, not_known, refusal, shown_contact
from services.directory.handles import Directory
from services.directory.organisations.setting import set_organisation
from services.directory.readmodels.queries import by_urn, organisation_ids
from services.directory.streams.organisation import Known, Part
from services.directory.streams.organisation_commands import Close, OrganisationUnknown

PAGE = 500


class CloseForm(Form):
    on: date
    successor: Id | None = None


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")

    @router.get("/organisations")
    async def organisations(
        principal: Reader,
        kind: str | None = None,
        local_authority: str | None = None,
        after: str = "",
        limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
    ) -> dict[str, Any]:
        await directory.book.catch_up()
        ids = await organisation_ids(
            directory.database,
            kind=kind,
            local_authority=local_authority,
            after=after,
            limit=limit,
        )
        found = [(await directory.organisation(each)).as_message() for each in ids]
        return {
            "organisations": [shown(principal, each) for each in found],
            "next": ids[-1] if len(ids) == limit else None,
        }

    @router.get("/organisations/{organisation}")
    async def organisation(
        principal: Reader, organisation: str, response: Response
    ) -> dict[str, Any]:
        known = await _known(directory, organisation)
        show_edition(response, known, Part.WHOLE)
        return shown(principal, known.as_message())

    @router.get("/schools/{urn}")
    async def school(principal: Reader, urn: str) -> dict[str, Any]:
        await directory.book.catch_up()
        found = await by_urn(directory.database, urn)
        if found is None:
            raise not_known("school")
        return shown(principal, (await _known(directory, found)).as_message())

    @router.put("/organisations/{organisation}")
    async def put(
        principal: Administrator,
        organisation: Id,
        form: OrganisationForm,
        response: Response,
        if_match: IfMatch = None,
    ) -> dict[str, Any]:
        actor = who(principal)
        known = await set_organisation(
            directory, organisation, form, actor=actor, if_match=if_match
        )
        show_edition(response, known, Part.WHOLE)
        return shown(principal, known.as_message())

    @router.post("/organisations/{organisation}/close")
    async def close(principal: Administrator, organisation: str, form: CloseForm) -> dict[str, Any]:
        if form.successor is not None:
            successor = await directory.organisation(form.successor)
            if successor.profile is None or form.successor == organisation:
                raise refusal("/successor", "is no other organisation that is known here")
        try:
            wish = Close(on=form.on, successor=form.successor)
            await directory.change(organisation, wish, actor=who(principal))
        except OrganisationUnknown:
            raise not_known("organisation") from None
        return shown(principal, (await _known(directory, organisation)).as_message())

    return router


async def _known(directory: Directory, organisation: str) -> Known:
    known = await directory.organisation(organisation)
    if known.profile is None:
        raise not_known("organisation")
    return known


def shown(principal: Principal, organisation: Organisation) -> dict[str, Any]:
    """People only to those who keep them in order, and to their own organisation."""
    told = organisation.model_dump(mode="json", exclude={"contacts"})
    if sees_contacts(principal, organisation.id):
        told["contacts"] = [shown_contact(each) for each in organisation.contacts]
    return told
