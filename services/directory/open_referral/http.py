"""What does the area publish of its services? The calls of Open Referral UK, open to everybody."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from services.chassis.principals import public
from services.directory.domain.needs import TAXONOMIES
from services.directory.forms import not_known, refusal
from services.directory.handles import Directory
from services.directory.open_referral import shapes, taxonomies
from services.directory.open_referral.document import document
from services.directory.open_referral.filters import Filters, FiltersWithPlace, Paging
from services.directory.open_referral.nearness import USUAL_METRES, middle_of, within
from services.directory.open_referral.openness import PREFIX
from services.directory.open_referral.serializer import Serializer
from services.directory.readmodels import offer_search as search
from services.directory.readmodels.offer_rows import DOCUMENT
from services.directory.readmodels.offer_search import Condition
from services.directory.readmodels.open_ids import OpenIds

VERSION = "HSDS-UK-3.0"
_PROFILE = "https://github.com/OpenReferralUK/uk-profile"
_LOCAL = ZoneInfo("Europe/London")
_OPTIONAL: list[Any] = ["Optional"]  # as validators of the profile tell it

T = TypeVar("T", bound=BaseModel)
Seen = Annotated[str | None, Header(alias="If-None-Match", include_in_schema=False)]


def routes(directory: Directory, public_url: str) -> APIRouter:
    router = APIRouter(prefix=PREFIX, dependencies=[Depends(public)])
    feed = _Feed(directory)
    _about(router, f"{public_url.rstrip('/')}{PREFIX}")
    _services(router, feed)
    _taxonomies(router)
    _locations(router, feed)
    return router


def _about(router: APIRouter, url: str) -> None:
    @router.get("/", response_model=shapes.About)
    async def about(seen: Seen = None) -> Response:
        told = shapes.About(version=VERSION, profile=_PROFILE, openapi_url=f"{url}/openapi.json")
        return _answer(told, seen)

    @router.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return JSONResponse(document(router, url, VERSION), headers={"cache-control": "no-cache"})


def _services(router: APIRouter, feed: "_Feed") -> None:
    @router.get("/services", response_model=shapes.Page[shapes.ServiceSummary])
    async def services(asked: Annotated[Filters, Query()], seen: Seen = None) -> Response:
        """The services that are published, without their parts."""
        return _answer(await feed.page(asked, Serializer.summary), seen)

    @router.get("/services/{id}", response_model=shapes.Service)
    async def service(id: str, seen: Seen = None) -> Response:
        return _answer(await feed.one(search.opened_as(id), "service", Serializer.service), seen)


def _locations(router: APIRouter, feed: "_Feed") -> None:
    path = "/service_at_locations"

    @router.get(path, response_model=shapes.Page[shapes.ServiceAtLocationSummary], tags=_OPTIONAL)
    async def locations(asked: Annotated[FiltersWithPlace, Query()], seen: Seen = None) -> Response:
        """Where one can go. What is confidential is at no location."""
        return _answer(await feed.page_there(asked, Serializer.at_location_summary), seen)

    @router.get(path + "/{id}", response_model=shapes.ServiceAtLocation, tags=_OPTIONAL)
    async def location(id: str, seen: Seen = None) -> Response:
        found = await feed.one(search.there_as(id), "location", Serializer.at_location)
        return _answer(found, seen)


def _taxonomies(router: APIRouter) -> None:
    @router.get("/taxonomies", response_model=shapes.Page[shapes.TaxonomySummary], tags=_OPTIONAL)
    async def many(asked: Annotated[Paging, Query()], seen: Seen = None) -> Response:
        return _answer(_cut([taxonomies.summary(each) for each in TAXONOMIES], asked), seen)

    @router.get("/taxonomies/{id}", response_model=shapes.Taxonomy, tags=_OPTIONAL)
    async def one(id: str, seen: Seen = None) -> Response:
        found = taxonomies.found_taxonomy(id)
        if found is None:
            raise not_known("taxonomy")
        return _answer(taxonomies.full(found), seen)

    @router.get("/taxonomy_terms", response_model=shapes.Page[shapes.TaxonomyTerm], tags=_OPTIONAL)
    async def terms(asked: Annotated[Paging, Query()], seen: Seen = None) -> Response:
        return _answer(_cut(list(taxonomies.all_terms()), asked), seen)

    @router.get("/taxonomy_terms/{id}", response_model=shapes.TaxonomyTerm, tags=_OPTIONAL)
    async def term(id: str, seen: Seen = None) -> Response:
        found = taxonomies.found_term(id)
        if found is None:
            raise not_known("taxonomy term")
        return _answer(taxonomies.term(*found), seen)


class _Feed:
    """What is published at this moment; there is no other way to a row from here."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._ids = OpenIds(directory.pepper)

    async def page(self, asked: Filters, told: Callable[[Serializer, Any], T]) -> shapes.Page[T]:
        published = [await self._published(), *asked.conditions()]
        count = await search.counted(self._directory.database, published)
        first = (asked.page - 1) * asked.size
        rows = await self._rows(published, offset=first, limit=asked.size)
        return _page(await self._told(rows, told), asked, count)

    async def page_there(
        self, asked: FiltersWithPlace, told: Callable[[Serializer, Any], T]
    ) -> shapes.Page[T]:
        if asked.proximity is not None and asked.postcode is None:
            raise refusal("", "query parameter proximity: needs a postcode")
        somewhere = [await self._published(), search.somewhere()]
        rows = await self._rows([*somewhere, *asked.conditions()])
        if asked.postcode is not None:
            middle = middle_of(asked.postcode, await self._rows(somewhere))
            rows = within(rows, middle, asked.proximity or USUAL_METRES)
        first = (asked.page - 1) * asked.size
        shown = rows[first : first + asked.size]
        return _page(await self._told(shown, told), asked, len(rows))

    async def one(self, which: Condition, what: str, told: Callable[[Serializer, Any], T]) -> T:
        rows = await self._rows([await self._published(), which])
        if not rows:
            raise not_known(what)
        return (await self._told(rows, told))[0]

    async def _published(self) -> Condition:
        await self._directory.book.catch_up()
        await self._directory.offered.catch_up()
        return search.published(self._directory.clock.now().astimezone(_LOCAL).date())

    async def _rows(self, conditions: Sequence[Condition], **cut: int) -> Sequence[Any]:
        return await search.found(self._directory.database, conditions, openly=True, **cut)

    async def _told(self, rows: Sequence[Any], told: Callable[[Serializer, Any], T]) -> list[T]:
        said = (DOCUMENT.validate_json(row.document) for row in rows)
        codes = frozenset(place for each in said for place in each.places)
        names = await search.places(self._directory.database, self._directory.pepper, codes)
        serializer = Serializer(self._ids, names)
        return [told(serializer, row) for row in rows]


def _cut(all_of_them: Sequence[T], asked: Paging) -> shapes.Page[T]:
    first = (asked.page - 1) * asked.size
    return _page(all_of_them[first : first + asked.size], asked, len(all_of_them))


def _page(contents: Sequence[T], asked: Paging, count: int) -> shapes.Page[T]:
    pages = -(-count // asked.size)
    return shapes.Page(
        total_items=count,
        total_pages=pages,
        page_number=asked.page,
        size=len(contents),
        first_page=asked.page == 1,
        last_page=asked.page >= pages,
        empty=not contents,
        contents=tuple(contents),
    )


def _answer(told: BaseModel, seen: str | None) -> Response:
    """To be asked again every time: what is withdrawn is gone from every copy at the next look."""
    body = told.model_dump_json(exclude_none=True).encode()
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "no-cache"}
    if seen is not None and tag in seen:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
