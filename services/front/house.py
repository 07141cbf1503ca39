"""How do the pages ask the services? By HTTP, as the person who has signed in."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from services.chassis.apikeys import SERVICE
from services.chassis.assertions import Assertions
from services.chassis.errors import Unavailable
from services.chassis.principals import Principal
from services.chassis.problems import MEDIA_TYPE
from services.chassis.tracing import current_traceparent

Json = dict[str, Any]
PAGES = Principal(agency=SERVICE, roles=frozenset({SERVICE}), key_id="pages")


class ServiceUnavailable(Unavailable):
    """A service behind the pages does not answer now."""


class Refused(Exception):
    """A service refused. `status` is its own; `title` and `errors` are its words, which name no
    person: where something is wrong, and what."""

    def __init__(self, status: int, title: str, errors: Sequence[Json] = ()) -> None:
        super().__init__(status)
        self.status = status
        self.title = title
        self.errors = list(errors)


class House:
    """`clients`: by the first part of the path. Raises Refused and ServiceUnavailable."""

    def __init__(self, clients: Mapping[str, httpx.AsyncClient], assertions: Assertions) -> None:
        self._clients = clients
        self._assertions = assertions

    async def get(self, who: Principal, path: str, **params: str | Sequence[str]) -> Json:
        return _json(await self._ask(who, "GET", path, params=params))

    async def every(
        self, who: Principal, path: str, name: str, **params: str | Sequence[str]
    ) -> list[Json]:
        """The whole of a list, page by page. `name`: under which key its items stand."""
        page = await self.get(who, path, **params)
        found = list(page[name])
        while page.get("next"):
            page = await self.get(who, path, **params, after=page["next"])
            found += page[name]
        return found

    async def look(self, who: Principal, path: str, **params: str) -> Json:
        """What is recorded as seen by the person who has signed in."""
        headers = {"x-daybreak-contact": who.person}
        return _json(await self._ask(who, "GET", path, params=params, also=headers))

    async def put(self, who: Principal, path: str, body: Json) -> Json:
        return _json(await self._ask(who, "PUT", path, json=body))

    async def delete(self, who: Principal, path: str, body: Json) -> Json:
        return _json(await self._ask(who, "DELETE", path, json=body))

    async def post(self, who: Principal, path: str, body: Json) -> Json:
        return _json(await self._ask(who, "POST", path, json=body))

    async def edition(self, who: Principal, path: str) -> tuple[Json, str]:
        """What is there now, and which edition of it, to be given back with a change."""
        answer = await self._ask(who, "GET", path)
        return _json(answer), answer.headers.get("etag", "")

    async def edit(
        self, who: Principal, method: str, path: str, edition: str | int, **more: Any
    ) -> Json:
        """Refused with 412 where somebody else has changed it since that edition."""
        given = edition if isinstance(edition, str) else f'"{edition}"'
        return _json(await self._ask(who, method, path, also={"if-match": given}, **more))

    async def upload(
        self, who: Principal, path: str, data: bytes, media_type: str, **params: str
    ) -> Json:
        """A file as it is: `media_type` says in which form."""
        also = {"content-type": media_type}
        answer = await self._ask(who, "POST", path, content=data, params=params, also=also)
        return _json(answer)

    async def file(self, who: Principal, path: str) -> bytes:
        """What is handed on as it is."""
        return (await self._ask(who, "GET", path)).content

    async def _ask(
        self,
        who: Principal,
        method: str,
        path: str,
        *,
        also: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {self._assertions.of(who)}", **(also or {})}
        if traceparent := current_traceparent():
            headers["traceparent"] = traceparent
        client = self._clients[path.split("/")[1]]
        try:
            answer = await client.request(method, path, headers=headers, **more)
        except httpx.HTTPError as fault:
            raise ServiceUnavailable(type(fault).__name__) from None
        if answer.is_success:
            return answer
        # 401 is no word to the visitor: the services do not believe us, and that is our fault
        if answer.is_client_error and answer.status_code != 401:
            raise Refused(answer.status_code, _title(answer), _errors(answer))
        raise ServiceUnavailable(str(answer.status_code))


def _json(answer: httpx.Response) -> Json:
    return dict(answer.json()) if answer.content else {}


def _title(answer: httpx.Response) -> str:
    """The words of the service; nothing where something else on the way has answered."""
    if answer.headers.get("content-type") != MEDIA_TYPE:
        return ""
    return str(answer.json().get("title", ""))


def _errors(answer: httpx.Response) -> list[Json]:
    if answer.headers.get("content-type") != MEDIA_TYPE:
        return []
    return list(answer.json().get("errors") or ())
