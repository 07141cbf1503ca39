"""What does a person see who opens the address of an installation? The pages at `/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from services.chassis.assertions import Assertions
from services.chassis.clock import Clock, SystemClock
from services.chassis.database import Database
from services.chassis.errors import Unavailable
from services.chassis.mail import MailSender
from services.chassis.principals import Principal, public
from services.chassis.settings import Settings
from services.chassis.web import application
from services.chassis.workers import Supervisor, Worker
from services.front import events, inbox, morning, signing_in
from services.front.house import House, Refused
from services.front.link_mail import LinkMail
from services.front.pages import HERE, Pages
from services.front.people import People
from services.front.sessions import METADATA, Sessions
from services.front.visitor import (
    Cookies,
    Entrance,
    FromElsewhere,
    NotForYou,
    SignInNeeded,
    Visitor,
    signed_in,
)

__all__ = ["METADATA", "Front", "build_front"]


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
) -> Front:
    """`clients`: to the three services, by name. `clock` is that of the house; sessions and links
    go by real time."""
    house = House(clients, Assertions(settings.service_token))
    people = People(house, settings.operators)
    sessions = Sessions(database, SystemClock())
    entrance = Entrance(sessions, people, Cookies(settings.public_url))
    links = LinkMail(sessions, people, mail, public_url=settings.public_url)
    pages = Pages(clock, folders=folders)

    watched: list[Supervisor] = []

    async def workers() -> None:
        statuses = [status for one in watched for status in one.status().values()]
        if not all(status.healthy for status in statuses):
            raise WorkersFail

    app = application(
        "front",
        [
            _start(pages, entrance),
            signing_in.router(entrance, pages, links),
            inbox.router(house, pages),
            morning.router(house, pages),
            events.router(house, pages),
        ],
        authenticate=_nobody,
        checks={"workers": workers},
        clock=clock,
    )
    app.state.entrance = entrance
    _refusals(app, pages, entrance)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return Front(app=app, workers=(links,), pages=pages, watched=watched)


def _start(pages: Pages, entrance: Entrance) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/", dependencies=[Depends(public)])
    async def first_page(request: Request) -> HTMLResponse:
        request.state.visitor = await entrance.visitor(request)
        if pages.home is not None:
            return await pages.home(request)
        return await pages.show(request, "first.html")

    @router.get("/start")
    async def start(visitor: Annotated[Visitor, Depends(signed_in())]) -> Response:
        """Where the work of this visitor is."""
        return RedirectResponse("/morning" if visitor.has("operations") else "/inbox", 303)

    return router


def _refusals(app: FastAPI, pages: Pages, entrance: Entrance) -> None:
    """A person gets a page where a machine would get a problem."""

    async def sign_in(request: Request, fault: Exception) -> Response:
        session = await entrance.session(request)
        undecided = session is not None and session.chosen is None
        return RedirectResponse("/sign-in/choose" if undecided else "/sign-in", 303)

    async def refused(request: Request, fault: Exception) -> Response:
        status = fault.status if isinstance(fault, Refused) else 404
        if isinstance(fault, HTTPException):
            status = fault.status_code
        title = fault.title if isinstance(fault, Refused) else ""
        return await pages.show(request, "refused.html", status=status, code=status, title=title)

    async def elsewhere(request: Request, fault: Exception) -> Response:
        return await pages.show(request, "refused.html", status=403, code=403, title="")

    async def away(request: Request, fault: Exception) -> Response:
        response = await pages.show(request, "away.html", status=503)
        response.headers["Retry-After"] = "5"
        return response

    app.add_exception_handler(SignInNeeded, sign_in)
    app.add_exception_handler(NotForYou, refused)
    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(FromElsewhere, elsewhere)
    app.add_exception_handler(Unavailable, away)


async def _nobody(bearer: str) -> Principal | None:
    """A key opens no page: pages are for people who have signed in."""
    return None
