"""Is a direct route guarded, refused, measured and described like every other?"""

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request, Response

from services.chassis.clock import SystemClock
from services.chassis.direct import Direct
from services.chassis.errors import Unavailable
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.chassis.web import application
from tests.chassis.web_sample import authenticate, client

PATH = "/straight/v1/thing"
Publisher = Annotated[Principal, Depends(guard("publisher"))]


def composed(router: APIRouter) -> FastAPI:
    return application(
        "straight", [router], authenticate=authenticate, checks={}, clock=SystemClock()
    )


def direct() -> FastAPI:
    router = APIRouter(route_class=Direct)

    @router.post(PATH)
    async def endpoint(request: Request, principal: Publisher) -> Response:
        said = (await request.body()).decode()
        if said == "refuse":
            raise Problem(409, "Not that")
        if said == "away":
            raise Unavailable("the log")
        if said == "fault":
            raise RuntimeError("a name")
        return Response(f"{principal.agency} {said}")

    return composed(router)


async def test_it_answers_whom_its_guard_lets_in() -> None:
    async with client(direct()) as http:
        answer = await http.post(PATH, content="good morning")
    assert (answer.status_code, answer.text) == (200, "alder good morning")
    assert answer.headers["traceparent"]


@pytest.mark.parametrize(("key", "status"), [(None, 401), ("wrong", 401), ("other", 403)])
async def test_it_refuses_everybody_else(key: str | None, status: int) -> None:
    async with client(direct(), key) as http:
        assert (await http.post(PATH)).status_code == status


@pytest.mark.parametrize(("said", "status"), [("refuse", 409), ("away", 503), ("fault", 500)])
async def test_what_it_raises_is_told_as_everywhere(said: str, status: int) -> None:
    async with client(direct()) as http:
        answer = await http.post(PATH, content=said)
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "application/problem+json",
    )


async def test_another_method_is_refused_as_everywhere() -> None:
    async with client(direct()) as http:
        answer = await http.get(PATH)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_it_is_measured_under_its_path_and_described_once() -> None:
    async with client(direct()) as http:
        await http.post(PATH)
        numbers = (await http.get("/metrics")).text
        described = (await http.get("/straight/openapi.json")).json()
    assert f'route="{PATH}"' in numbers
    assert list(described["paths"]) == [PATH]


def test_a_route_that_asks_for_more_is_not_composed() -> None:
    router = APIRouter(route_class=Direct)

    @router.post("/straight/v1/things/{number}")
    async def endpoint(number: int, request: Request, principal: Publisher) -> None: ...

    with pytest.raises(ValueError, match="number"):
        composed(router)


def test_a_route_without_a_guard_is_not_composed() -> None:
    router = APIRouter(route_class=Direct)

    @router.post(PATH)
    async def endpoint(request: Request) -> None: ...

    with pytest.raises(ValueError, match="principal"):
        composed(router)
