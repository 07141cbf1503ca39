"""Which service helps whom, where and when? The routes of agencies' services, for professionals."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from contracts.scalars import Instant
from services.chassis.principals import Principal
from services.directory.access import Caller, Reader, require_own
from services.directory.domain import opening
from services.directory.domain.needs import TAXONOMIES
from services.directory.editing import IfMatch
from services.directory.forms import Id, not_known
from services.directory.handles import Directory
from services.directory.offers.editions import read_in, show_edition
from services.directory.offers.forms import OfferForm
from services.directory.offers.history import as_at, told_of
from services.directory.offers.setting import answered, read, set_offer, today, verify, withdraw
from services.directory.offers.wanted import Wanted
from services.directory.readmodels import offer_search as search
from services.directory.readmodels.offer_rows import DOCUMENT

Json = dict[str, Any]
_LOCAL = ZoneInfo("Europe/London")


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")
    _reading(router, directory)
    _changing(router, directory)
    return router


def _reading(router: APIRouter, directory: Directory) -> None:
    @router.get("/needs")
    async def needs(_: Reader) -> Json:
        """The words that `needs`, `who` and `kind` of a service are written in."""
        return {
            each.code: [
                {"code": term.code, "name": term.name, "parent": term.parent} for term in each.terms
            ]
            for each in TAXONOMIES
        }

    @router.get("/services")
    async def services(principal: Reader, wanted: Annotated[Wanted, Query()]) -> Json:
        conditions = wanted.conditions(today(directory))
        await directory.offered.catch_up()
        rows = await search.found(directory.database, conditions)
        if wanted.open_at is not None:
            moment = wanted.open_at.astimezone(_LOCAL)
            rows = [row for row in rows if _is_open(row.document, moment)]
        rest = [row for row in rows if row.id > wanted.after]
        page = rest[: wanted.limit]
        known = [(row.id, await directory.offer(row.id)) for row in page]
        return {
            "services": [read(name, each, principal) for name, each in known],
            "found": len(rows),
            "next": page[-1].id if len(rest) > len(page) else None,
        }

    @router.get("/services/{offer}")
    async def service(
        principal: Reader, offer: str, response: Response, at: Instant | None = None
    ) -> Json:
        """As it is, or as it was at that moment."""
        if at is not None:
            return read(offer, await as_at(directory, offer, at), principal)
        return await _answer(directory, offer, principal, response)

    @router.get("/services/{offer}/history")
    async def history(principal: Caller, offer: str) -> Json:
        owner, told = await told_of(directory, offer)
        if not told:
            raise not_known("service")
        require_own(principal, owner)
        return {"history": told}


def _changing(router: APIRouter, directory: Directory) -> None:
    @router.put("/services/{offer}")
    async def put(
        principal: Caller,
        offer: Id,
        form: OfferForm,
        response: Response,
        if_match: IfMatch = None,
    ) -> Json:
        await set_offer(directory, offer, form, by=principal, read=read_in(if_match))
        return await _answer(directory, offer, principal, response)

    @router.post("/services/{offer}/verify")
    async def verified(
        principal: Caller, offer: str, response: Response, if_match: IfMatch = None
    ) -> Json:
        """It has been read through today and found right."""
        await verify(directory, offer, by=principal, read=read_in(if_match))
        return await _answer(directory, offer, principal, response)

    @router.delete("/services/{offer}", status_code=204)
    async def withdrawn(principal: Caller, offer: str, if_match: IfMatch = None) -> Response:
        await withdraw(directory, offer, by=principal, read=read_in(if_match))
        return Response(status_code=204)


async def _answer(
    directory: Directory, offer: str, principal: Principal, response: Response
) -> Json:
    known = await directory.offer(offer)
    show_edition(response, known)
    return await answered(directory, offer, known, principal)


def _is_open(document: str, moment: datetime) -> bool:
    hours = DOCUMENT.validate_json(document).hours
    return any(opening.is_open(each, moment) for each in hours)
