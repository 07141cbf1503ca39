"""Does every route of the three services, as they are really composed, say who may call it?"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Mount

from services.chassis.principals import Guard, public
from services.commands.opening import Opened, opened, pages_of
from services.front.site import Front
from services.front.visitor import SignedIn

# What anybody may ask for: health, numbers, and what is published as open data or open to a
# signature instead of a key. A new entry here is a decision about the outside.
PUBLIC = {
    ("GET", "/"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/help"),
    ("GET", "/metrics"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/sign-in/choose"),
    ("POST", "/sign-in/choose"),
    ("GET", "/sign-in/{token}"),
    ("POST", "/sign-in/{token}"),
    ("POST", "/sign-out"),
    ("POST", "/notify/v1/hooks/{hook}"),
}
# Services that their agencies publish, as Open Referral UK asks: without keys (ADR 0042).
OPEN_DATA = {
    ("GET", f"/directory/open-referral/{call}")
    for call in (
        "",
        "openapi.json",
        "services",
        "services/{id}",
        "service_at_locations",
        "service_at_locations/{id}",
        "taxonomies",
        "taxonomies/{id}",
        "taxonomy_terms",
        "taxonomy_terms/{id}",
    )
}
ROLES = {
    "publisher",
    "recipient",
    "operations",
    "information-governance",
    "reviewer",
    "administrator",
    "service",
}


@dataclass(frozen=True)
class Composed:
    house: Opened
    pages: Front


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Composed]:
    async with opened(tmp_path) as whole, pages_of(whole, tmp_path) as pages:
        yield Composed(whole, pages)


def applications(composed: Composed) -> dict[str, FastAPI]:
    built = {name: service.app for name, service in composed.house.house.services.items()}
    return {**built, "front": composed.pages.app}


def routes(app: FastAPI) -> Iterator[tuple[str, str, list[object]]]:
    """Method, path and every dependency of each route, however deep its router was included."""
    for context in iter_route_contexts(app.routes):
        route: BaseRoute = context.original_route
        if isinstance(route, APIRoute):
            asked = list(_calls(route.dependant))
            for method in route.methods or ():
                yield method, route.path, asked


def _calls(dependant: Dependant) -> Iterator[object]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)


async def test_every_route_declares_a_guard_or_says_that_it_is_public(house: Composed) -> None:
    undeclared, declared = [], 0
    for name, app in applications(house).items():
        for method, path, asked in routes(app):
            guards = [call for call in asked if isinstance(call, Guard | SignedIn)]
            if len(guards) + (public in asked) == 1:
                declared += 1
            else:
                undeclared.append(f"{name}: {method} {path}")
    assert undeclared == []
    assert declared > 30


async def test_what_is_public_is_on_the_list(house: Composed) -> None:
    open_to_all = {
        (method, path)
        for app in applications(house).values()
        for method, path, asked in routes(app)
        if public in asked
    }
    assert open_to_all <= PUBLIC | OPEN_DATA
    assert open_to_all >= OPEN_DATA


async def test_guards_name_roles_that_exist(house: Composed) -> None:
    named = {
        role
        for app in applications(house).values()
        for _, _, asked in routes(app)
        for call in asked
        if isinstance(call, Guard | SignedIn)
        for role in call.roles
    }
    assert named <= ROLES


async def test_every_path_begins_with_the_name_of_its_service(house: Composed) -> None:
    common = {"/health/live", "/health/ready", "/metrics"}
    astray = [
        f"{name}: {path}"
        for name, service in house.house.house.services.items()
        for _, path, _ in routes(service.app)
        if path not in common and not path.startswith(f"/{name}/")
    ]
    assert astray == []


async def test_nothing_is_mounted_but_files_of_the_pages(house: Composed) -> None:
    mounted = {
        route.path
        for app in applications(house).values()
        for route in app.routes
        if isinstance(route, Mount)
    }
    assert mounted == {"/static"}


async def test_without_a_key_every_guarded_route_answers_401(house: Composed) -> None:
    """Asked of the running applications: a guard that is declared is also in force."""
    wrong = {}
    for app in applications(house).values():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            for method, path, asked in routes(app):
                if public in asked:
                    continue
                answer = await http.request(method, path.replace("{", "").replace("}", ""))
                # a person is shown where to sign in
                refused = answer.status_code == 401 or answer.headers.get("location") == "/sign-in"
                if not refused:
                    wrong[f"{method} {path}"] = answer.status_code
    assert wrong == {}
