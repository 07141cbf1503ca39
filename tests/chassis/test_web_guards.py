"""Who gets through a guard? Whoever holds a key with one of its roles, and nobody else."""

import pytest
from fastapi import APIRouter

from services.chassis.clock import SystemClock
from services.chassis.principals import guard
from services.chassis.web import application
from tests.chassis.web_sample import authenticate, client, sample

THING = {"count": 1}


async def test_a_key_with_the_role_is_let_in_as_its_agency() -> None:
    async with client(sample()) as http:
        answer = await http.post("/sample/v1/things/1", json=THING)
    assert (answer.status_code, answer.json()) == (200, {"agency": "alder"})


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer wrong", "Basic good", "good"])
async def test_without_a_valid_key_nobody_is_let_in(given: str | None) -> None:
    headers = {} if given is None else {"authorization": given}
    async with client(sample(), key=None) as http:
        answer = await http.post("/sample/v1/things/1", json=THING, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_key_with_another_role_is_refused() -> None:
    async with client(sample(), key="other") as http:
        answer = await http.post("/sample/v1/things/1", json=THING)
    assert answer.status_code == 403


async def test_who_has_no_key_learns_nothing_about_the_form() -> None:
    async with client(sample(), key=None) as http:
        answer = await http.post("/sample/v1/things/1", json={"wrong": True})
    assert answer.status_code == 401
    assert answer.json()["errors"] == []


def test_a_guard_without_a_role_is_refused() -> None:
    with pytest.raises(ValueError, match="public"):
        guard()


async def test_the_description_of_the_interface_loads_nothing_from_elsewhere() -> None:
    app = application(
        "bare", [APIRouter()], authenticate=authenticate, checks={}, clock=SystemClock()
    )
    async with client(app, key=None) as http:
        assert (await http.get("/docs")).status_code == 404
        assert (await http.get("/bare/openapi.json")).status_code == 200
