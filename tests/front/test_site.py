"""Does one origin answer pages and services, each by its own application?"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.chassis.origin import one_origin
from services.chassis.workers import Supervisor
from services.commands.opening import opened, pages_of
from services.front.site import Front
from tests.chassis.web_sample import sample


class Failing:
    name = "failing"

    async def run_once(self) -> int:
        raise OSError


def at(app: object) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x")  # type: ignore[arg-type]


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Front]:
    async with opened(tmp_path) as house, pages_of(house, tmp_path) as built:
        yield built


async def test_the_first_page_loads_nothing_from_elsewhere_and_runs_no_script(pages: Front) -> None:
    async with at(pages.app) as http:
        page = await http.get("/")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "://" not in page.text


async def test_the_stylesheet_has_neither_the_typeface_nor_the_crest_of_gov_uk(
    pages: Front,
) -> None:
    async with at(pages.app) as http:
        styles = await http.get("/static/vendor/pages.css")
    assert styles.status_code == 200
    assert "GDS Transport" not in styles.text
    assert "url(" not in styles.text


async def test_each_path_goes_to_the_application_of_its_first_part(pages: Front) -> None:
    origin = one_origin({"sample": sample()}, front=pages.app)
    async with at(origin) as http:
        assert (await http.post("/sample/v1/raw")).status_code == 401
        assert (await http.get("/sample/v1/nowhere")).status_code == 404
        assert "Page not found" in (await http.get("/samples")).text
        assert (await http.get("/health/live")).status_code == 200
        assert "Daybreak" in (await http.get("/")).text


async def test_a_worker_that_fails_makes_the_whole_unready(pages: Front) -> None:
    supervisor = Supervisor([Failing()], backoff=(60, 60))
    pages.watch(supervisor)
    async with at(pages.app) as http:
        assert (await http.get("/health/ready")).status_code == 200
        await supervisor.start()
        try:
            for _ in range(100):  # turns of the loop: the worker fails in its first
                await asyncio.sleep(0)
            assert (await http.get("/health/ready")).status_code == 503
        finally:
            await supervisor.stop()
