"""How does a route that is called all the time do without what it does not use?

A framework that solves parameters and dependencies afresh for every request spends longer on that
than an accepted event takes. A route of the class `Direct` is matched first and called straight:
its guard, its endpoint, its answer.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from services.chassis.principals import Guard


class Direct(APIRoute):
    """Declared like any route, with an endpoint `(request, principal) -> Response` under a guard;
    its path has no parameters."""


class _Straight(BaseRoute):
    def __init__(self, route: Direct) -> None:
        """Raises ValueError where the framework would have to do more."""
        asked = route.dependant
        guards = [each.call for each in asked.dependencies if isinstance(each.call, Guard)]
        others = asked.path_params + asked.query_params + asked.header_params + asked.body_params
        if len(guards) != len(asked.dependencies) or len(guards) != 1 or others:
            raise ValueError(f"{route.path} asks for more than a request and a principal")
        self._route = route
        self._methods = route.methods or set()
        self._guard = guards[0]
        self._endpoint: Callable[..., Awaitable[Any]] = route.endpoint

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or scope["path"] != self._route.path:
            return Match.NONE, {}
        if scope["method"] not in self._methods:
            return Match.NONE, {}  # whoever comes later says so
        return Match.FULL, {"route": self._route, "endpoint": self._endpoint}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        principal = await self._guard(request)
        response = await self._endpoint(request, principal)
        await response(scope, receive, send)


def shorten(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Put the direct routes of these routers before all others."""
    direct = [route for router in routers for route in router.routes if isinstance(route, Direct)]
    app.router.routes[:0] = map(_Straight, direct)
