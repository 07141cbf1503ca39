"""What do the tests of the web part ask? A small application that has every kind of route."""

from typing import Annotated
from uuid import UUID

import httpx
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel, ConfigDict, field_validator

from services.chassis.clock import SystemClock
from services.chassis.errors import Unavailable
from services.chassis.principals import Principal, guard, public
from services.chassis.store import VersionConflict
from services.chassis.web import Check, application

KEYS = {
    "good": Principal(agency="alder", roles=frozenset({"publisher"}), key_id="k1"),
    "other": Principal(agency="birch", roles=frozenset({"recipient"}), key_id="k2"),
}


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    when: str
    kind: UUID


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    count: int
    inner: list[Inner] = []
    word: str = ""

    @field_validator("word")
    @classmethod
    def refuse(cls, value: str) -> str:
        if value:
            raise ValueError(f"{value} is not a word")
        return value


async def authenticate(bearer: str) -> Principal | None:
    return KEYS.get(bearer)


def sample(checks: dict[str, Check] | None = None) -> FastAPI:
    router = APIRouter(prefix="/sample/v1")

    @router.post("/things/{number}")
    async def things(
        number: int, body: Thing, principal: Annotated[Principal, Depends(guard("publisher"))]
    ) -> dict[str, str]:
        return {"agency": principal.agency}

    @router.post("/raw", dependencies=[Depends(guard("publisher"))])
    async def raw(request: Request) -> dict[str, int]:
        return {"length": len(await request.body())}

    @router.post("/{name}/long", dependencies=[Depends(guard("publisher"))])
    async def long(name: str, request: Request) -> dict[str, int]:
        return {"length": len(await request.body())}

    @router.get("/fault", dependencies=[Depends(public)])
    async def fault(text: str = "") -> None:
        raise RuntimeError(text)

    @router.get("/teapot", dependencies=[Depends(public)])
    async def teapot(text: str = "") -> None:
        raise HTTPException(418, detail=text)

    @router.get("/away", dependencies=[Depends(public)])
    async def away() -> None:
        raise Unavailable("the database of Cat Test")

    @router.get("/overtaken", dependencies=[Depends(public)])
    async def overtaken() -> None:
        raise VersionConflict("the stream of Cat Test")

    return application(
        "sample",
        [router],
        authenticate=authenticate,
        checks=checks or {},
        clock=SystemClock(),
        body_limits={"/sample/v1/{name}/long": 1_000_000},
    )


def client(app: FastAPI, key: str | None = "good") -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://sample", headers=headers
    )
