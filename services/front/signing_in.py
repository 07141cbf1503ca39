"""How does a person sign in? By a link that is sent to the address the directory lists."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.chassis.principals import public
from services.front.link_mail import LinkMail
from services.front.pages import Pages
from services.front.visitor import Entrance, own_form

_HOME = "/start"
_LONGEST = 320  # RFC 3696: 64 before the sign, 255 behind it
_FORM = [Depends(public), Depends(own_form)]


def router(entrance: Entrance, pages: Pages, mail: LinkMail) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    # before the links, whose path would take theirs
    _places(routes, entrance, pages)
    _links(routes, entrance, pages)

    @routes.get("/sign-in", dependencies=[Depends(public)])
    async def ask(request: Request) -> HTMLResponse:
        return await pages.show(request, "sign-in.html", email="", problem=None)

    @routes.post("/sign-in", dependencies=_FORM)
    async def want(request: Request, email: Annotated[str, Form()] = "") -> Response:
        """The same answer and the same work for every address: nobody learns whose is listed."""
        email = email.strip()
        problem = _problem(email)
        if problem:
            again = email[:_LONGEST] if email.isprintable() else ""
            return await pages.show(
                request, "sign-in.html", status=422, email=again, problem=problem
            )
        await entrance.links.want(email)
        mail.ring()
        return await pages.show(request, "sign-in-sent.html")

    return routes


def _problem(email: str) -> str | None:
    name, _, domain = email.rpartition("@")
    if not name or not domain or not email.isprintable() or " " in email:
        return "Enter an email address, like name@school.example"
    if len(email) > _LONGEST:
        return f"Email address must be {_LONGEST} characters or less"
    return None


def _links(routes: APIRouter, entrance: Entrance, pages: Pages) -> None:
    @routes.get("/sign-in/{token}", dependencies=[Depends(public)])
    async def confirm(request: Request, token: str) -> HTMLResponse:
        """A button, not the sign-in itself: mail scanners follow links, and a link works once."""
        page = await pages.show(request, "sign-in-confirm.html")
        # Without the path, in which the token stands; `no-referrer` would empty Origin as well.
        page.headers["Referrer-Policy"] = "strict-origin"
        return page

    @routes.post("/sign-in/{token}", dependencies=_FORM)
    async def sign_in(request: Request, token: str) -> Response:
        identities = await entrance.links.use(token)
        if not identities:
            return await pages.show(request, "sign-in-spent.html", status=410)
        if before := entrance.cookies.read(request):
            await entrance.sessions.end(before)
        response = RedirectResponse(_HOME, 303)
        entrance.cookies.write(response, await entrance.sessions.begin(identities))
        return response


def _places(routes: APIRouter, entrance: Entrance, pages: Pages) -> None:
    @routes.get("/sign-in/choose", dependencies=[Depends(public)])
    async def choices(request: Request) -> Response:
        session = await entrance.session(request)
        if session is None:
            return RedirectResponse("/sign-in", 303)
        places = await entrance.people.places(session.identities)
        now = session.identities.index(session.chosen) if session.chosen else None
        return await pages.show(request, "sign-in-choose.html", places=places, chosen=now)

    @routes.post("/sign-in/choose", dependencies=_FORM)
    async def choose(request: Request, place: Annotated[int | None, Form(ge=0)] = None) -> Response:
        session = await entrance.session(request)
        if session is None:
            return RedirectResponse("/sign-in", 303)
        if place is None or place >= len(session.identities):
            return RedirectResponse("/sign-in/choose", 303)
        await entrance.sessions.choose(entrance.cookies.read(request), session.identities[place])
        return RedirectResponse(_HOME, 303)

    @routes.post("/sign-out", dependencies=_FORM)
    async def sign_out(request: Request) -> Response:
        await entrance.sessions.end(entrance.cookies.read(request))
        response = RedirectResponse("/", 303)
        entrance.cookies.clear(response)
        return response
