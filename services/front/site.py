"""What does a person see who opens the address of an installation? The pages at `/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from services.chassis.assertions import Assertions
from services.chassis.clock import Clock, SystemClock
from services.chassis.database import Database
from services.chassis.errors import Unavailable
from services.chassis.mail import MailSender
from services.chassis.principals import Principal, public
from services.chassis.problems import Problem, answer
from services.chassis.settings import Settings
from services.chassis.web import application
from services.chassis.workers import Supervisor, Worker
from services.front import (
    answering,
    events,
    inbox,
    looking,
    morning,
    pupils,
    reading,
    schools,
    signing_in,
    tasks,
)
from services.front.addresses import Addresses
from services.front.calendar import http as calendar
from services.front.contacts import http as contacts
from services.front.governing import http as governing
from services.front.house import House, Refused
from services.front.link_mail import LinkMail
from services.front.links import Links
from services.front.pages import HERE, Pages
from services.front.people import People
from services.front.sessions import Sessions
from services.front.visitor import (
    Cookies,
    Entrance,
    FromElsewhere,
    NotForYou,
    SignInNeeded,
    Visitor,
    signed_in,
)

_ASKED_WRONGLY = "The page was not asked for in a way that it understands."
_FOR_MACHINES = ("/health/", "/metrics")


class WorkersFail(Unavailable):
    """At least one worker does not get through its work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """`pages` is for who adds pages of its own, like the demonstration."""

    app: FastAPI
    workers: tuple[Worker, ...]
    pages: Pages
    watched: list[Supervisor]

    def watch(self, supervisor: Supervisor) -> None:
        """Ready only while every worker of it gets through its work."""
        self.watched.append(supervisor)


def build_front(
    *,
    clients: Mapping[str, httpx.AsyncClient],
    database: Database,
    clock: Clock,
    settings: Settings,
    mail: MailSender,
    folders: tuple[Path, ...] = (),
    real_time: Clock | None = None,
) -> Front:
    """`clients`: to the three services, by name. `clock` is that of the house; sessions and links
    go by `real_time`, the machine's own where none is given."""
    house = House(clients, Assertions(settings.service_token))
    addresses = Addresses(settings.service_token)
    real_time = real_time or SystemClock()
    entrance = Entrance(
        links=Links(database, addresses, real_time),
        sessions=Sessions(database, real_time),
        people=People(house, settings.operators, addresses),
        cookies=Cookies(settings.public_url),
        public_url=settings.public_url,
    )
    mailing = LinkMail(entrance.links, entrance.people, mail, public_url=settings.public_url)
    pages = Pages(clock, folders=folders)

    readings = reading.Reading(house, pages)
    watched: list[Supervisor] = []

    async def workers() -> None:
        statuses = [status for one in watched for status in one.status().values()]
        if not all(status.healthy for status in statuses):
            raise WorkersFail

    app = application(
        "front",
        [
            _start(pages, entrance),
            signing_in.router(entrance, pages, mailing),
            inbox.router(house, pages),
            reading.router(readings),
            answering.router(house, pages, readings),
            morning.router(house, pages),
            events.router(house, pages),
            tasks.router(house, pages),
            calendar.router(house, pages),
            contacts.router(house, pages),
            looking.router(house, pages),
            pupils.router(house, pages),
            schools.router(house, pages),
            governing.router(house, pages),
        ],
        authenticate=_nobody,
        checks={"workers": workers, "sessions": entrance.sessions.answer},
        clock=clock,
        body_limits={"/pupils": pupils.MOST},
    )
    app.state.entrance = entrance
    _refusals(app, pages, entrance)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return Front(app=app, workers=(mailing,), pages=pages, watched=watched)


def _start(pages: Pages, entrance: Entrance) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/", dependencies=[Depends(public)])
    async def first_page(request: Request) -> HTMLResponse:
        request.state.visitor = await entrance.visitor(request)
        if pages.home is not None:
            return await pages.home(request)
        return await pages.show(request, "first.html")

    @router.get("/help", dependencies=[Depends(public)])
    async def help_page(request: Request) -> HTMLResponse:
        request.state.visitor = await entrance.visitor(request)
        return await pages.show(request, "help.html")

    @router.get("/start")
    async def start(visitor: Annotated[Visitor, Depends(signed_in())]) -> Response:
        """Where the work of this visitor is."""
        return RedirectResponse(_first_of(visitor), 303)

    return router


def _first_of(visitor: Visitor) -> str:
    if visitor.has("operations"):
        return "/morning"
    return "/governance" if visitor.has("information-governance") else "/inbox"


def _refusals(app: FastAPI, pages: Pages, entrance: Entrance) -> None:
    """A person gets a page where a machine would get a problem."""

    async def sign_in(request: Request, fault: Exception) -> Response:
        session = await entrance.session(request)
        undecided = session is not None and session.chosen is None
        return RedirectResponse("/sign-in/choose" if undecided else "/sign-in", 303)

    async def refused(request: Request, fault: Exception) -> Response:
        status, title = _said(fault)
        return await pages.show(request, "refused.html", status=status, code=status, title=title)

    async def away(request: Request, fault: Exception) -> Response:
        response = await pages.show(request, "away.html", status=503)
        response.headers["Retry-After"] = "5"
        return response

    async def asked_wrongly(request: Request, fault: Exception) -> Response:
        if request.url.path.startswith(_FOR_MACHINES):
            assert isinstance(fault, Problem)
            return answer(fault)
        return await refused(request, fault)

    app.add_exception_handler(SignInNeeded, sign_in)
    app.add_exception_handler(NotForYou, refused)
    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(FromElsewhere, refused)
    app.add_exception_handler(HTTPException, asked_wrongly)
    app.add_exception_handler(RequestValidationError, refused)
    app.add_exception_handler(Unavailable, away)


def _said(fault: Exception) -> tuple[int, str]:
    """The status, and what there is to say of it beside that."""
    match fault:
        case Refused():
            return fault.status, fault.title
        case FromElsewhere():
            return 403, ""
        case Problem():
            return fault.status_code, fault.title
        case HTTPException():
            return fault.status_code, _ASKED_WRONGLY
        case RequestValidationError() if any(one["loc"][0] == "body" for one in fault.errors()):
            return 400, _ASKED_WRONGLY
        case _:  # for another role, or an id that can be nobody's
            return 404, ""


async def _nobody(bearer: str) -> Principal | None:
    """A key opens no page: pages are for people who have signed in."""
    return None
