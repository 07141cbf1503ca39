"""Who looks at this page? The guard of every page that is not for everybody."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request, Response

from services.chassis.principals import Principal
from services.front.links import Links
from services.front.people import Identity, People
from services.front.sessions import Session, Sessions

_NAME = "daybreak_session"


class SignInNeeded(Exception):
    """Nobody has signed in, or too long ago, or has not said yet for which organisation."""


class NotForYou(Exception):
    """The page is not for this role; the visitor is told no more than that it is not there."""


class FromElsewhere(Exception):
    """A form that another site sent in the visitor's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    identity: Identity
    places: int  # how many the person may choose among

    @property
    def principal(self) -> Principal:
        return self.identity.principal

    def has(self, role: str) -> bool:
        return role in self.principal.roles


class Cookies:
    """The session's cookie: never for scripts, never in another site's request."""

    def __init__(self, public_url: str) -> None:
        self._secure = urlsplit(public_url).scheme == "https"
        # the prefix binds it to this host; browsers refuse it without TLS
        self._name = f"__Host-{_NAME}" if self._secure else _NAME

    def read(self, request: Request) -> str:
        return request.cookies.get(self._name, "")

    def write(self, response: Response, secret: str) -> None:
        response.set_cookie(
            self._name, secret, path="/", httponly=True, secure=self._secure, samesite="lax"
        )

    def clear(self, response: Response) -> None:
        response.delete_cookie(
            self._name, path="/", httponly=True, secure=self._secure, samesite="lax"
        )


@dataclass(frozen=True, slots=True)
class Entrance:
    """What every guard asks: kept in the application's state by who composes it."""

    links: Links
    sessions: Sessions
    people: People
    cookies: Cookies
    public_url: str

    async def session(self, request: Request) -> Session | None:
        secret = self.cookies.read(request)
        return await self.sessions.look(secret) if secret else None

    async def visitor(self, request: Request) -> Visitor | None:
        """Who has left the organisation since is signed out: the directory is asked each time."""
        session = await self.session(request)
        if session is None or session.chosen is None:
            return None
        if not await self.people.still(session.chosen):
            await self.sessions.leave(self.cookies.read(request), session, session.chosen)
            return None
        return Visitor(identity=session.chosen, places=len(session.identities))

    def is_own(self, origin: str, host: str) -> bool:
        """Does a form from `origin` come from one of our own pages?"""
        try:
            theirs = urlsplit(origin)
        except ValueError:
            return False
        ours = urlsplit(self.public_url)
        return theirs.netloc == host or (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A dependency: answers the visitor, or refuses before the route's own code runs."""

    roles: frozenset[str]

    async def __call__(self, request: Request) -> Visitor:
        entrance: Entrance = request.app.state.entrance
        visitor = await entrance.visitor(request)
        if visitor is None:
            raise SignInNeeded
        request.state.visitor = visitor
        request.state.agency = visitor.identity.organisation
        if self.roles and not self.roles & visitor.principal.roles:
            raise NotForYou
        return visitor


def signed_in(*roles: str) -> SignedIn:
    """Any one of the roles is enough; none named: whoever has signed in."""
    return SignedIn(frozenset(roles))


async def own_form(request: Request) -> None:
    """A form is taken from our own pages only. Browsers say where a request comes from in
    Sec-Fetch-Site and Origin, which no script of another site can set; the cookie's SameSite
    holds where neither is sent. Raises FromElsewhere."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise FromElsewhere
        return
    entrance: Entrance = request.app.state.entrance
    if origin is not None and not entrance.is_own(origin, request.headers.get("host", "")):
        raise FromElsewhere
