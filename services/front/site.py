"""What does a person see who opens the address of an installation? The pages at `/`."""

from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

from services.chassis.clock import Clock
from services.chassis.errors import Unavailable
from services.chassis.principals import Principal, public
from services.chassis.web import application
from services.chassis.workers import Supervisor

_HERE = Path(__file__).parent
_PAGES = Environment(
    loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
)
# Nothing from elsewhere, nothing inline, in no frame. Pages work without JavaScript.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class WorkersFail(Unavailable):
    """At least one worker does not get through its work."""


def front(*, clock: Clock, supervisor: Supervisor | None = None) -> FastAPI:
    """The front of one origin: its first page, its stylesheet, and whether it is ready."""

    async def workers() -> None:
        if supervisor and not all(status.healthy for status in supervisor.status().values()):
            raise WorkersFail

    router = APIRouter(include_in_schema=False)

    @router.get("/", dependencies=[Depends(public)], response_class=HTMLResponse)
    async def first_page(request: Request) -> HTMLResponse:
        return HTMLResponse(_PAGES.get_template("first.html").render(), headers=_HEADERS)

    app = application(
        "front", [router], authenticate=_nobody, checks={"workers": workers}, clock=clock
    )
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    return app


async def _nobody(bearer: str) -> Principal | None:
    """No page here is for anybody in particular yet."""
    return None
