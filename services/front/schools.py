"""Which school is it, and which of mine would not be reached? The search, and the lists."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.visitor import Visitor, own_form, signed_in

Looker = Annotated[Visitor, Depends(signed_in("recipient", "operations"))]
Json = dict[str, Any]
_API = "/directory/v1"
_SIZE = 50
_MOST = 200  # characters of a search
_LOOKS_AFTER = frozenset(
    {"operations", "police", "local-authority", "trust", "school", "college", "nursery"}
)
_REFUSALS = (404, 409, 422)


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/schools", include_in_schema=False)

    @routes.get("")
    async def search(
        request: Request, visitor: Looker, q: str = "", page: str = "1"
    ) -> HTMLResponse:
        asked, number = q.strip()[:_MOST], _number(page)
        found: Json = {"schools": [], "total": 0}
        if asked:
            params = {"q": asked, "page": str(number), "limit": str(_SIZE)}
            found = await house.get(visitor.principal, f"{_API}/schools", **params)
        return await pages.show(
            request,
            "schools/search.html",
            asked=asked,
            schools=[_line(one) for one in found["schools"]],
            total=found["total"],
            looks_after=visitor.identity.kind in _LOOKS_AFTER,
            **_beside(number, found["total"]),
        )

    @routes.get("/lists")
    async def lists(request: Request, visitor: Looker) -> HTMLResponse:
        found = await house.get(visitor.principal, f"{_API}/outdated")
        return await pages.show(
            request, "schools/lists.html", lists=found["lists"], kind=visitor.identity.kind
        )

    @routes.get("/lists/{name}.csv")
    async def spreadsheet(visitor: Looker, name: str) -> Response:
        content = await house.file(visitor.principal, f"{_API}/outdated/{name}/csv")
        named = f'attachment; filename="{name}.csv"'
        return Response(content, media_type="text/csv", headers={"Content-Disposition": named})

    @routes.get("/lists/{name}")
    async def one(
        request: Request, visitor: Looker, name: str, page: str = "1", done: str = ""
    ) -> HTMLResponse:
        return await _list(request, visitor, name, _number(page), done=done == "yes")

    @routes.post("/lists/no-successor", dependencies=[Depends(own_form)])
    async def choose(
        request: Request,
        visitor: Looker,
        school: Annotated[str, Form(max_length=100)],
        successor: Annotated[str, Form(max_length=100)],
    ) -> Response:
        """Which school took the place of one that closed: said by its authority."""
        path = f"{_API}/organisations/{school}/successor"
        try:
            await house.post(visitor.principal, path, {"successor": successor})
        except Refused as refused:
            if refused.status not in _REFUSALS:
                raise
            return await _list(request, visitor, "no-successor", 1, problem=True)
        return RedirectResponse("/schools/lists/no-successor?done=yes", 303)

    async def _list(
        request: Request, visitor: Visitor, name: str, number: int, **content: Any
    ) -> HTMLResponse:
        params = {"page": str(number), "limit": str(_SIZE)}
        found = await house.get(visitor.principal, f"{_API}/outdated/{name}", **params)
        told: Json = {"done": False, "problem": False, **content}
        return await pages.show(
            request,
            "schools/list.html",
            status=422 if told["problem"] else 200,
            found=found,
            schools=[_line(one) for one in found["schools"]],
            chooses=visitor.identity.kind == "local-authority",
            **_beside(number, found["total"]),
            **told,
        )

    return routes


def _line(one: Json) -> Json:
    place: Sequence[str] = [each for each in (one["town"], one["postcode"]) if each]
    numbers = [f"URN {one['urn']}"] if one["urn"] else []
    numbers += [_laestab(one["number"])] if one["number"] else []
    return {**one, "place": ", ".join(place), "numbers": numbers}


def _laestab(number: str) -> str:
    """As schools write it: authority, stroke, establishment."""
    return f"{number[:3]}/{number[3:]}" if len(number) == len("9994001") else number


def _number(page: str) -> int:
    return max(1, min(int(page), 1000)) if page.isascii() and page.isdecimal() else 1


def _beside(number: int, total: int) -> Json:
    """The pages before and after, None where there is none."""
    return {
        "before": number - 1 if number > 1 else None,
        "after": number + 1 if number * _SIZE < total else None,
    }
