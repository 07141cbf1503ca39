"""`daybreak front`: the pages at `/`, where a gateway sends the rest to the services."""

from typing import Annotated

import typer
import uvicorn

from services.chassis.clock import SystemClock
from services.chassis.logs import configure_logs
from services.chassis.settings import Settings
from services.front.site import front as pages


def front(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "0.0.0.0",  # noqa: S104
) -> None:
    """Answer the pages of the distributed deployment."""
    configure_logs(Settings().log_level)
    uvicorn.run(pages(clock=SystemClock()), host=host, port=port, log_config=None, access_log=False)
