"""How long may a body be? 256 KiB, by its declared length and by counting, after the guard."""

from collections.abc import AsyncIterator

from services.chassis.web import BODY_LIMIT
from tests.chassis.web_sample import client, sample

LONG = b"x" * (BODY_LIMIT + 1)


async def pieces(body: bytes) -> AsyncIterator[bytes]:
    """Without a declared length: httpx sends it in chunks."""
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


async def test_a_body_of_exactly_the_limit_is_read() -> None:
    async with client(sample()) as http:
        answer = await http.post("/sample/v1/raw", content=LONG[:-1])
    assert answer.json() == {"length": BODY_LIMIT}


async def test_a_declared_length_over_the_limit_is_refused() -> None:
    async with client(sample()) as http:
        answer = await http.post("/sample/v1/raw", content=LONG)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"


async def test_a_streamed_body_over_the_limit_is_refused() -> None:
    async with client(sample()) as http:
        answer = await http.post("/sample/v1/raw", content=pieces(LONG))
    assert answer.status_code == 413


async def test_a_body_that_lies_about_its_length_is_refused_by_counting() -> None:
    async with client(sample()) as http:
        answer = await http.post(
            "/sample/v1/raw", content=pieces(LONG), headers={"content-length": "3"}
        )
    assert answer.status_code == 413


async def test_a_long_body_with_a_model_is_refused_too() -> None:
    async with client(sample()) as http:
        answer = await http.post("/sample/v1/things/1", content=LONG)
    assert answer.status_code == 413


async def test_a_route_may_have_a_limit_of_its_own() -> None:
    async with client(sample()) as http:
        answer = await http.post("/sample/v1/any/long", content=LONG)
        assert answer.json() == {"length": len(LONG)}
        assert (await http.post("/sample/v1/any/long", content=LONG * 4)).status_code == 413


async def test_who_has_no_key_is_told_that_first() -> None:
    async with client(sample(), key=None) as http:
        answer = await http.post("/sample/v1/raw", content=LONG)
    assert answer.status_code == 401
