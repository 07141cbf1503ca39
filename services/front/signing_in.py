"""How does a person sign in? By a link that is sent to the address the directory lists."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.chassis.principals import public
from services.front.link_mail import LinkMail
from services.front.pages import Pages
from services.front.visitor import Entrance, own_form

_HOME = "/start"


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
    async def want(request: Request, email: Annotated[str, Form(max_length=320)] = "") -> Response:
        """The same answer whoever asks: nobody learns here whose address is listed."""
        if "@" not in email.strip().strip("@"):
            problem = "Enter an email address, like name@school.example"
            return await pages.show(
                request, "sign-in.html", status=422, email=email, problem=problem
            )
        identities = await entrance.people.with_address(email)
        if identities:
            await entrance.sessions.want_link(identities)
            mail.ring()
        return await pages.show(request, "sign-in-sent.html")

    return routes


def _links(routes: APIRouter, entrance: Entrance, pages: Pages) -> None:
    @routes.get("/sign-in/{token}", dependencies=[Depends(public)])
    async def confirm(request: Request, token: str) -> HTMLResponse:
        """A button, not the sign-in itself: mail scanners follow links, and a link works once."""
        return await pages.show(request, "sign-in-confirm.html")

    @routes.post("/sign-in/{token}", dependencies=_FORM)
    async def sign_in(request: Request, token: str) -> Response:
        secret = await entrance.sessions.begin(token)
        if secret is None:
            return await pages.show(request, "sign-in-spent.html", status=410)
        response = RedirectResponse(_HOME, 303)
        entrance.cookies.write(response, secret)
        return response


def _places(routes: APIRouter, entrance: Entrance, pages: Pages) -> None:
    @routes.get("/sign-in/choose", dependencies=[Depends(public)])
    async def choices(request: Request) -> Response:
        session = await entrance.session(request)
        if session is None:
            return RedirectResponse("/sign-in", 303)
        names = await entrance.people.names(session.identities)
        return await pages.show(
            request, "sign-in-choose.html", places=list(enumerate(names)), problem=None
        )

    @routes.post("/sign-in/choose", dependencies=_FORM)
    async def choose(request: Request, place: Annotated[int, Form(ge=0)] = 0) -> Response:
        session = await entrance.session(request)
        if session is None or place >= len(session.identities):
            return RedirectResponse("/sign-in", 303)
        await entrance.sessions.choose(entrance.cookies.read(request), session.identities[place])
        return RedirectResponse(_HOME, 303)

    @routes.post("/sign-out", dependencies=_FORM)
    async def sign_out(request: Request) -> Response:
        await entrance.sessions.end(entrance.cookies.read(request))
        response = RedirectResponse("/", 303)
        entrance.cookies.clear(response)
        return response
