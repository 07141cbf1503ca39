"""Is every refusal a problem that points at what is wrong, and repeats nothing that was sent?"""

from typing import Any

import pytest

from tests.chassis.web_sample import client, sample

SENT = "Cat Test, ZZ99 3CZ"

REFUSALS: list[tuple[str, str, dict[str, Any], int, list[str]]] = [
    ("POST", "/things/1", {"json": {"count": SENT}}, 422, ["/count"]),
    ("POST", "/things/1", {"json": {}}, 422, ["/count"]),
    ("POST", "/things/1", {"json": {"count": 1, "name": SENT}}, 422, ["/name"]),
    ("POST", "/things/1", {"json": {"count": 1, "word": SENT}}, 422, ["/word"]),
    (
        "POST",
        "/things/1",
        {"json": {"count": 1, "inner": [{"when": SENT, "kind": SENT}]}},
        422,
        ["/inner/0/kind"],
    ),
    ("POST", f"/things/{SENT}", {"json": {"count": 1}}, 422, [""]),
    ("POST", "/things/1", {"content": f'{{"count": "{SENT}'}, 400, [""]),
    ("POST", "/things/1", {"content": f"[{SENT}]"}, 400, [""]),
    ("GET", "/fault", {"params": {"text": SENT}}, 500, []),
    ("GET", "/teapot", {"params": {"text": SENT}}, 418, []),
    ("GET", "/away", {}, 503, []),
    ("GET", "/overtaken", {}, 409, []),
    ("GET", f"/{SENT}", {}, 404, []),
    ("PUT", "/fault", {"params": {"text": SENT}}, 405, []),
]


@pytest.mark.parametrize(("method", "path", "sent", "status", "pointers"), REFUSALS)
async def test_every_refusal_is_a_problem_that_repeats_no_value(
    method: str, path: str, sent: dict[str, Any], status: int, pointers: list[str]
) -> None:
    if "content" in sent:
        sent = {**sent, "headers": {"content-type": "application/json"}}
    async with client(sample()) as http:
        answer = await http.request(method, f"/sample/v1{path}", **sent)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert [error["pointer"] for error in problem["errors"]] == pointers
    assert all(error["detail"] for error in problem["errors"])
    for part in ("Cat", "Test", "ZZ99"):
        assert part not in answer.text


async def test_what_is_unavailable_says_when_to_try_again() -> None:
    async with client(sample()) as http:
        answer = await http.get("/sample/v1/away")
    assert int(answer.headers["retry-after"]) > 0


async def test_a_method_that_is_not_allowed_says_which_are() -> None:
    async with client(sample()) as http:
        answer = await http.put("/sample/v1/fault")
    assert answer.headers["allow"] == "GET"


async def test_a_pointer_escapes_what_rfc_6901_says() -> None:
    async with client(sample()) as http:
        answer = await http.post("/sample/v1/things/1", json={"count": 1, "a/b~c": 1})
    assert answer.json()["errors"][0]["pointer"] == "/a~1b~0c"
