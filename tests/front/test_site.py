"""Does one origin answer pages and services, each by its own application?"""

import asyncio

import httpx
from fastapi import FastAPI

from services.chassis.clock import SystemClock
from services.chassis.origin import one_origin
from services.chassis.workers import Supervisor
from services.front.site import front
from tests.chassis.web_sample import sample


class Failing:
    name = "failing"

    async def run_once(self) -> int:
        raise OSError


def at(app: object) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x")  # type: ignore[arg-type]


def site() -> FastAPI:
    return front(clock=SystemClock())


async def test_the_first_page_loads_nothing_from_elsewhere_and_runs_no_script() -> None:
    async with at(site()) as http:
        page = await http.get("/")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "://" not in page.text


async def test_the_stylesheet_has_neither_the_typeface_nor_the_crest_of_gov_uk() -> None:
    async with at(site()) as http:
        styles = await http.get("/static/vendor/pages.css")
    assert styles.status_code == 200
    assert "GDS Transport" not in styles.text
    assert "url(" not in styles.text


async def test_each_path_goes_to_the_application_of_its_first_part() -> None:
    origin = one_origin({"sample": sample()}, front=site())
    async with at(origin) as http:
        assert (await http.post("/sample/v1/raw")).status_code == 401
        assert (await http.get("/sample/v1/nowhere")).status_code == 404
        assert (await http.get("/samples")).json()["status"] == 404
        assert (await http.get("/health/live")).status_code == 200
        assert "Daybreak" in (await http.get("/")).text


async def test_a_worker_that_fails_makes_the_whole_unready() -> None:
    supervisor = Supervisor([Failing()], backoff=(60, 60))
    async with at(front(clock=SystemClock(), supervisor=supervisor)) as http:
        assert (await http.get("/health/ready")).status_code == 200
        await supervisor.start()
        try:
            for _ in range(100):  # turns of the loop: the worker fails in its first
                await asyncio.sleep(0)
            assert (await http.get("/health/ready")).status_code == 503
        finally:
            await supervisor.stop()
