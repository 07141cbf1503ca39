"""Which queues does the deployment need? Asked of the services themselves.

`python -m services.commands.topology` writes deploy/rabbitmq/definitions.json; a test compares.
"""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from services.all_in_one import open_embedded
from services.assembly import assemble, load_agreements
from services.chassis.bus_embedded import EmbeddedBus
from services.chassis.bus_topology import definitions
from services.chassis.clock import SystemClock
from services.chassis.mail import SmtpSender
from services.chassis.outbound import AiohttpWebhookSender
from services.chassis.settings import ephemeral_settings

FILE = Path(__file__).resolve().parents[2] / "deploy" / "rabbitmq" / "definitions.json"
VHOST = "daybreak"


async def deployed() -> dict[str, list[dict[str, Any]]]:
    """What all services subscribe to, in the virtual host of the deployment."""
    settings, clock = ephemeral_settings(), SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        storage = await open_embedded(Path(folder), settings=settings, clock=clock)
        house = assemble(
            storage,
            settings=settings,
            clock=clock,
            agreements=load_agreements(),
            mail=SmtpSender("localhost", 25, "nobody@daybreak.example"),
            webhooks=AiohttpWebhookSender(),
        )
        assert isinstance(storage.bus, EmbeddedBus)
        found = definitions(storage.bus.subscriptions)
        await house.close()
        await storage.close()
    inside = {
        kind: [{"vhost": VHOST, **each} for each in members] for kind, members in found.items()
    }
    return {"vhosts": [{"name": VHOST}], **inside}


def rendered(wanted: dict[str, list[dict[str, Any]]]) -> str:
    return json.dumps(wanted, indent=2) + "\n"


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(rendered(asyncio.run(deployed())))
