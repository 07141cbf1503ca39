"""The embedded deployment's own applications over its own files, with the workers held back.

What is accepted stays in the bus, where it can be counted: `GET /counts`, `POST /empty`.
"""

import gc
import sys
from pathlib import Path
from typing import Any

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.chassis.logs import configure_logs
from services.chassis.origin import one_origin
from services.chassis.settings import Settings
from services.commands.opening import Opened, opened


async def serve(folder: Path, port: int) -> None:
    configure_logs(Settings().log_level)
    async with opened(folder, serving=True) as house:
        gc.freeze()
        applications = {name: service.app for name, service in house.house.services.items()}
        origin = one_origin(applications, front=_counting(house))
        config = uvicorn.Config(
            origin, port=port, log_config=None, access_log=False, lifespan="off"
        )
        await uvicorn.Server(config).serve()


def _counting(house: Opened) -> Starlette:
    bus: Any = house.storage.bus

    async def counts(_: Request) -> JSONResponse:
        stored = await house.storage.stores["notify"].head()
        return JSONResponse({"stored": stored, "delivered": bus.waiting})

    async def empty(_: Request) -> JSONResponse:
        await bus.transact(lambda file: file.execute("DELETE FROM copies"))
        bus.waiting = 0
        return JSONResponse({})

    return Starlette(
        routes=[Route("/counts", counts), Route("/empty", empty, methods=["POST"])],
    )


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
