"""The open data as anybody sees it: no key, every call of it, and every string of an answer."""

from collections.abc import Iterator
from typing import Any

import httpx

from services.directory.readmodels.open_ids import OpenIds
from tests.directory.house import House

CALLS = ("services", "service_at_locations", "taxonomies", "taxonomy_terms")


async def ask(house: House, path: str = "", **kwargs: Any) -> httpx.Response:
    """`path` below the beginning of the feed; any method by `method`."""
    transport = httpx.ASGITransport(house.service.app)
    method = kwargs.pop("method", "GET")
    async with httpx.AsyncClient(transport=transport, base_url="http://directory") as client:
        return await client.request(method, f"/directory/open-referral/{path}", **kwargs)


async def told(house: House, path: str = "", **kwargs: Any) -> Any:
    answer = await ask(house, path, **kwargs)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def everything(
    house: House, offers: tuple[str, ...], calls: tuple[str, ...] = CALLS
) -> dict[str, httpx.Response]:
    """Every call, each page and each thing listed; and by its id whatever these services are."""
    ids = OpenIds(house.directory.pepper)
    paths = ["", "openapi.json", "nothing", "services/nothing", "services?day=nothing"]
    paths += [f"services/{ids.service(each)}" for each in offers]
    paths += [f"service_at_locations/{ids.service_at_location(each)}" for each in offers]
    for call in calls:
        first = (await ask(house, f"{call}?per_page=100")).json()
        paths += [call, f"{call}?per_page=1&page=2"]
        paths += [f"{call}/{each['id']}" for each in first["contents"][:3]]
    return {path: await ask(house, path) for path in paths}


def strings(tree: Any) -> Iterator[str]:
    match tree:
        case str():
            yield tree
        case dict():
            for name, value in tree.items():
                yield name
                yield from strings(value)
        case list():
            for each in tree:
                yield from strings(each)


def nothings(tree: Any, at: str = "") -> Iterator[str]:
    """Where something empty stands: null, an empty text, an empty part."""
    if tree is None or tree == "" or tree == {}:
        yield at
    if isinstance(tree, dict):
        for name, value in tree.items():
            if value == [] and name != "contents":
                yield f"{at}/{name}"
            yield from nothings(value, f"{at}/{name}")
    if isinstance(tree, list):
        for place, value in enumerate(tree):
            yield from nothings(value, f"{at}/{place}")
