"""What does the demonstration show? Its home, its clock on every page, and its mailbox."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from services.chassis.principals import public
from services.demo import recording
from services.demo.demonstration import GOVERNOR_EMAIL, OPERATOR_EMAIL, Demonstration
from services.demo.happenings import Happening
from services.demo.pace import LEAPS, NEXT, SPEEDS
from services.front.link_mail import SUBJECT
from services.front.pages import Pages
from services.front.site import Front
from services.front.visitor import Entrance, own_form
from services.front.words import LONDON, clock_time, day_and_time
from services.mailbox import Mailbox, Received

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
_LINES = 14
_MAILBOX = "/demonstration/mailbox"
_NUDGES = 40
_COLOURS = {"told": "blue", "opened": "green", "answered": "green", "overdue": "red"}
_COLOURS |= {"decided": "purple", "asked": "yellow"}
_ROLES = (
    ("The operator", OPERATOR_EMAIL, "sees the morning board, and why anybody was told"),
    (
        "The governance lead",
        GOVERNOR_EMAIL,
        "reads agreements, answers holds, tries events",
    ),
    ("Northshire Police, the desk", "desk@north-police.example", "records incidents"),
    ("Ada Test, Alder Primary", "dsl@alder.example", "the designated safeguarding lead"),
    ("Mo Test, Northshire MARAC", "marac@northshire.example", "the coordinator"),
    ("Dee Test, Northshire Children's Social Care", "front-door@northshire.example", "the desk"),
)


class Stage:
    """What all the pages of the demonstration know."""

    def __init__(self, demonstration: Demonstration, front: Front, mailbox: Mailbox) -> None:
        self.demonstration, self.mailbox = demonstration, mailbox
        self.pages: Pages = front.pages
        self.entrance: Entrance = front.app.state.entrance

    async def banner(self) -> Mapping[str, Any]:
        return {"template": "demonstration-banner.html", "mailbox": _MAILBOX, **self.now()}

    def now(self) -> dict[str, Any]:
        """The clock, in words."""
        demonstration = self.demonstration
        demonstration.director.watched()
        pace, now = demonstration.pace, demonstration.parts.house.clock.now()
        goal = pace.goal
        if goal is not None:
            words = (
                "looking for what happens next"
                if pace.until_seen
                else f"on the way to {_short(goal)}"
            )
        else:
            words = pace.speed.words if pace.running else "the clock is stopped"
        return {
            "now": day_and_time(now),
            "pace": words,
            "running": pace.moves,
            "speed": pace.speed.name,
            "big": demonstration.kept.position.big,
        }

    async def show(self, request: Request, template: str, **content: Any) -> HTMLResponse:
        request.state.visitor = await self.entrance.visitor(request)
        return await self.pages.show(request, template, **content)

    async def home(self, request: Request) -> HTMLResponse:
        happenings = self.demonstration.happenings
        return await self.pages.show(
            request,
            "demonstration-home.html",
            speeds=list(SPEEDS.values()),
            leaps=list(LEAPS.values()),
            counts=happenings.counts(),
            lines=[line(one) for one in happenings.latest(_LINES)],
            roles=_ROLES,
        )


def line(one: Happening) -> dict[str, Any]:
    times = f" ({one.times} children)" if one.times > 1 else ""
    return {
        "number": one.number,
        "when": _short(one.at),
        "kind": one.kind,
        "colour": _COLOURS.get(one.kind, "grey"),
        "words": f"{one.words}{times}",
        "why": f"/demonstration/why/{one.receipt}" if one.receipt else None,
    }


def _short(moment: Any) -> str:
    return f"{moment.astimezone(LONDON):%A} {clock_time(moment)}"


def add_to(front: Front, demonstration: Demonstration, mailbox: Mailbox) -> None:
    """None of it is there where no demonstration is."""
    stage = Stage(demonstration, front, mailbox)
    front.pages.banner = stage.banner
    front.pages.home = stage.home
    front.app.include_router(_clock(stage))
    front.app.include_router(_mail(stage))
    front.app.include_router(_why(stage))
    front.app.include_router(recording.router(demonstration, front.pages))
    front.app.mount("/demonstration/static", StaticFiles(directory=HERE / "static"))


def _clock(stage: Stage) -> APIRouter:
    routes = APIRouter(prefix="/demonstration", include_in_schema=False)

    @routes.get("/now.json", dependencies=[Depends(public)])
    async def now(after: int = 0) -> JSONResponse:
        happenings = stage.demonstration.happenings
        newer = [one for one in happenings.latest(_LINES) if one.number > after]
        lines = [line(one) for one in newer]
        return JSONResponse({**stage.now(), "counts": happenings.counts(), "lines": lines})

    @routes.post("/clock", dependencies=[Depends(public), Depends(own_form)])
    async def change(
        do: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/"
    ) -> Response:
        """Only ever forward: there is no way to set the clock back."""
        await _obey(stage.demonstration, do)
        # our own page again, never another site's
        here = back if back.startswith("/") and not urlsplit(back).netloc else "/"
        return RedirectResponse(here, 303)

    @routes.post("/be", dependencies=[Depends(public), Depends(own_form)])
    async def be() -> Response:
        """On to the sign-in that everybody has, with a clock that waits for the reader."""
        await _obey(stage.demonstration, "pause")
        return RedirectResponse("/sign-in", 307)  # the form goes along

    return routes


async def _obey(demonstration: Demonstration, do: str) -> None:
    """What is no word of the clock changes nothing."""
    pace, kept = demonstration.pace, demonstration.kept
    verb, _, name = do.partition(":")
    match verb:
        case "pause":
            pace.pause()
        case "resume":
            pace.resume()
        case "speed" if name in SPEEDS:
            pace.go(name)
        case "leap" if name in {*LEAPS, NEXT}:
            pace.leap(name, demonstration.parts.house.clock.now())
        case "big":
            kept.change(big=name == "on")
    kept.change(pace=pace.speed.name, running=pace.running)
    demonstration.director.ring()


def _mail(stage: Stage) -> APIRouter:
    routes = APIRouter(prefix=_MAILBOX, include_in_schema=False)

    @routes.get("", dependencies=[Depends(public)])
    async def mailbox(request: Request) -> HTMLResponse:
        newest = list(reversed(stage.mailbox.received))
        return await stage.show(
            request,
            "demonstration-mailbox.html",
            links=[one for one in newest if one.subject == SUBJECT][:5],
            nudges=[one for one in newest if one.subject != SUBJECT][:_NUDGES],
        )

    @routes.get("/{number}", dependencies=[Depends(public)])
    async def mail(request: Request, number: int) -> Response:
        found = next((one for one in stage.mailbox.received if one.number == number), None)
        if found is None:
            return RedirectResponse(_MAILBOX, 303)
        return await stage.show(
            request, "demonstration-mail.html", mail=found, paragraphs=_paragraphs(found)
        )

    return routes


def _paragraphs(mail: Received) -> list[dict[str, str]]:
    """An address alone on its line can be followed, at whatever name this host was called by."""
    found = []
    for text in filter(None, (each.strip() for each in mail.body.splitlines())):
        word = text.rpartition(" ")[2]
        where = urlsplit(word)
        is_link = where.scheme in ("http", "https")
        found.append(
            {
                "text": text.removesuffix(word) if is_link else text,
                "link": where.path if is_link else "",
            }
        )
    return found


def _why(stage: Stage) -> APIRouter:
    routes = APIRouter(prefix="/demonstration", include_in_schema=False)

    @routes.get("/why/{receipt}", dependencies=[Depends(public)])
    async def why(request: Request, receipt: UUID) -> Response:
        """The real page for whoever may see it; for others, who that is."""
        visitor = await stage.entrance.visitor(request)
        if visitor is not None and visitor.has("operations"):
            return RedirectResponse(f"/events/{receipt}", 303)
        return await stage.show(request, "demonstration-why.html", role=_ROLES[0], receipt=receipt)

    return routes
