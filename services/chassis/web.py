"""What surrounds every route? Limits, trace, log, metrics, health and one form of refusal.

Plain ASGI, no BaseHTTPMiddleware: that runs the route in a task of its own and hides a disconnect.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from fastapi import APIRouter, Depends, FastAPI, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis import metrics, problems
from services.chassis.clock import Clock
from services.chassis.direct import shorten
from services.chassis.principals import Authenticate, public
from services.chassis.tracing import continue_trace, trace_id

BODY_LIMIT = 256 * 1024
UNMATCHED = "unmatched"

_log = structlog.get_logger()

Check = Callable[[], Awaitable[object]]  # raises when what it asks after does not answer


def application(
    name: str,
    routers: Sequence[APIRouter],
    *,
    authenticate: Authenticate,
    checks: Mapping[str, Check],
    clock: Clock,
    body_limits: Mapping[str, int] | None = None,
) -> FastAPI:
    """The application of one service. `body_limits`: by template of route, where other."""
    app = FastAPI(
        title=f"Daybreak {name}",
        openapi_url=f"/{name}/openapi.json",
        docs_url=None,  # its page loads scripts from other people's servers
        redoc_url=None,
        # Ours is below (Observed); another one would write down paths, which carry identifiers.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.authenticate = authenticate
    app.state.clock = clock
    problems.install(app)
    app.include_router(_health(checks))
    for router in routers:
        app.include_router(router)
    shorten(app, routers)
    app.add_middleware(BodyLimit, limits=body_limits or {})
    app.add_middleware(Observed, service=name)
    return app


def _health(checks: Mapping[str, Check]) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live", dependencies=[Depends(public)])
    async def live() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/health/ready", dependencies=[Depends(public)])
    async def ready() -> dict[str, str]:
        failing = [name for name, check in checks.items() if not await _passes(check)]
        if failing:
            errors = [{"pointer": f"/{name}", "detail": "does not answer"} for name in failing]
            raise problems.Problem(503, "Not ready", errors, {"Retry-After": "5"})
        return {"status": "ready"}

    @router.get("/metrics", dependencies=[Depends(public)])
    async def exposition() -> Response:
        return metrics.exposition()

    return router


async def _passes(check: Check) -> bool:
    try:
        await check()
    except Exception as fault:  # noqa: BLE001 - whatever is wrong with it, it is not ready
        structlog.get_logger().warning("check failed", error=type(fault).__name__)
        return False
    return True


class BodyLimit:
    """Refuses a body by its declared length or by counting, and only once somebody reads it.

    A request that its guard refuses is therefore refused as such, however long its body.
    """

    def __init__(self, app: ASGIApp, limits: Mapping[str, int]) -> None:
        self._app = app
        self._limits = [(compile_path(path)[0], limit) for path, limit in limits.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        raised = (limit for path, limit in self._limits if path.match(scope["path"]))
        limit = next(raised, BODY_LIMIT)
        declared = Headers(scope=scope).get("content-length", "")
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            if declared.isdecimal() and int(declared) > limit:
                raise _too_long(limit)
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _too_long(limit)
            return message

        await self._app(scope, limited, send)


def _too_long(limit: int) -> problems.Problem:
    detail = {"pointer": "", "detail": f"at most {limit} bytes"}
    # The rest of the body is not read, so the connection cannot be used again.
    return problems.Problem(413, "The body is too long", [detail], {"Connection": "close"})


class Observed:
    """Trace, access log and metrics; an answer for what nobody expected."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        traceparent = continue_trace(Headers(scope=scope).get("traceparent"))
        began, status = time.perf_counter(), 0

        async def traced(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["traceparent"] = traceparent
                headers.setdefault("cache-control", "no-store")
                headers["x-content-type-options"] = "nosniff"
            await send(message)

        try:
            await self._app(scope, receive, traced)
        except Exception as fault:  # whatever it is, the caller gets an answer
            refusal = problems.answer(problems.unexpected(fault))
            if status:
                raise  # half an answer is out: the server has to break the connection
            await refusal(scope, receive, traced)
        finally:
            self._record(scope, status, traceparent, time.perf_counter() - began)

    def _record(self, scope: Scope, status: int, traceparent: str, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", UNMATCHED)
        metrics.count_request(self._service, route, scope["method"], status or 499, seconds)
        _log.info(
            "request",
            service=self._service,
            route=route,
            method=scope["method"],
            status=status,
            agency=scope.get("state", {}).get("agency", ""),
            duration_ms=round(seconds * 1000, 1),
            trace_id=trace_id(traceparent),
        )
