"""Who is calling, and may they? Every route declares a guard, or says that it is public."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request

from services.chassis.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The agency behind a request. `key_id` says which of its keys; it is no secret.

    `person` is who of that agency has signed in; empty where a machine calls under a key.
    """

    agency: str
    roles: frozenset[str]
    key_id: str
    person: str = ""


Authenticate = Callable[[str], Awaitable[Principal | None]]  # the bearer token, without its scheme


@dataclass(frozen=True, slots=True)
class Guard:
    """A dependency: it answers the principal, or refuses before the route's own code runs."""

    roles: frozenset[str]

    async def __call__(self, request: Request) -> Principal:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        authenticate: Authenticate = request.app.state.authenticate
        principal = (
            await authenticate(token.strip()) if scheme.lower() == "bearer" and token else None
        )
        if principal is None:
            raise Problem(401, "A valid key is needed", headers={"WWW-Authenticate": "Bearer"})
        request.state.agency = principal.agency
        if not self.roles & principal.roles:
            raise Problem(403, "This key may not do this")
        return principal


def guard(*roles: str) -> Guard:
    """Any one of the roles is enough."""
    if not roles:
        raise ValueError("a guard names at least one role; a route for everybody is `public`")
    return Guard(frozenset(roles))


def speaks_for_self(principal: Principal, by: str) -> None:
    """A key names whom of its agency it speaks for; who has signed in is nobody else."""
    if principal.person and by != principal.person:
        raise Problem(403, "Who has signed in answers for nobody else")


async def public() -> None:
    """For everybody, with no key: said aloud, so that it is never merely forgotten."""
