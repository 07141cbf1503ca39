"""How does a process call its own three services? By HTTP, under a key, without a socket."""

from typing import Any

import httpx

from services.assembly import House
from services.chassis.settings import Settings


def inside(house: House) -> dict[str, httpx.AsyncBaseTransport]:
    """A way to each service of the process, by name."""
    return {
        name: httpx.ASGITransport(app=service.app, raise_app_exceptions=False)
        for name, service in house.services.items()
    }


class _ByPrefix(httpx.AsyncBaseTransport):
    """One origin: each path to the service that owns its first part."""

    def __init__(self, house: House) -> None:
        self._transports = inside(house)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        first = request.url.path.split("/")[1]
        return await self._transports[first].handle_async_request(request)


class Doors:
    """Requests to the house as any agency, each under the key that the directory issued to it."""

    def __init__(self, house: House, settings: Settings) -> None:
        self._house = house
        self._settings = settings
        self.keys: dict[str, str] = {}
        self._http = httpx.AsyncClient(transport=_ByPrefix(house), base_url="http://daybreak")

    async def request(
        self, method: str, path: str, *, agency: str | None = None, **kwargs: Any
    ) -> httpx.Response:
        """A request as an agency, under its own key; without one as the house itself."""
        token = await self.key(agency) if agency else self._settings.service_token
        headers = {"authorization": f"Bearer {token}", **kwargs.pop("headers", {})}
        return await self._http.request(method, path, headers=headers, **kwargs)

    async def bare(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """A request without any key."""
        return await self._http.request(method, path, **kwargs)

    async def key(self, agency: str) -> str:
        """The agency's key, issued when it is first needed and known to every service."""
        if agency not in self.keys:
            await self.issue(agency)
            await self._house.settle()
        return self.keys[agency]

    async def issue(self, agency: str) -> None:
        """A key that the other services know once the house has settled."""
        answer = await self.request(
            "POST",
            "/directory/v1/keys",
            json={"agency": agency, "roles": ["publisher", "recipient"]},
        )
        answer.raise_for_status()
        self.keys[agency] = str(answer.json()["key"])

    async def close(self) -> None:
        await self._http.aclose()
