"""Does the broker that we deploy have what the services ask of it?"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from services.chassis.bus import BusUnavailable
from services.chassis.bus_rabbit import open_rabbit_bus
from services.commands.topology import FILE, deployed, rendered
from tests.chassis.brokers import private_broker
from tests.chassis.buses import CLOCK, KEY, Seen, message
from tests.servers.rabbitmq import control

# The private broker's programs outlive the objects that started them, as they should.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def broker() -> Iterator[dict[str, Any]]:
    with private_broker() as state:
        yield state


async def test_the_definitions_are_those_of_the_services() -> None:
    """Otherwise: `python -m services.commands.topology` writes them anew."""
    assert FILE.read_text() == rendered(await deployed())


async def test_every_group_has_a_queue_that_keeps_and_one_for_its_dead_letters() -> None:
    made = json.loads(FILE.read_text())
    queues = {queue["name"]: queue["arguments"] for queue in made["queues"]}
    groups = {name for name in queues if not name.endswith(".dead") and name != "unrouted"}
    assert groups >= {"consent.events", "notify.disclosures", "notify.agencies"}
    for group in groups:
        assert queues[group]["x-dead-letter-strategy"] == "at-least-once"
        assert queues[group]["x-overflow"] == "reject-publish"
        assert queues[group]["x-delivery-limit"] > 0
        assert f"{group}.dead" in queues
    assert {arguments["x-queue-type"] for arguments in queues.values()} == {"quorum"}
    assert queues["consent.events"]["x-single-active-consumer"]


@pytest.mark.distributed
async def test_a_broker_that_was_given_the_definitions_agrees_with_the_services(
    broker: dict[str, Any],
) -> None:
    control(broker, "import_definitions", str(FILE))
    made = json.loads(FILE.read_text())
    bus = await open_rabbit_bus(broker["url"], namespace="", clock=CLOCK, key=KEY)
    ordered = {
        queue["name"]: "x-single-active-consumer" in queue["arguments"] for queue in made["queues"]
    }
    exchanges = {exchange["name"] for exchange in made["exchanges"]}
    for binding in made["bindings"]:
        if binding["source"] in exchanges - {"dead", "unrouted"}:
            group = binding["destination"]
            bus.subscribe(
                group,
                binding["source"],
                frozenset({binding["routing_key"]}),
                Seen(),
                ordered=ordered[group],
            )
    await bus.declare()  # what is there with other arguments would be an error
    await bus.publish([message(exchange="directory", type="organisation.state")])
    with pytest.raises(BusUnavailable):
        await bus.publish([message(exchange="directory", type="no.such.thing")])
    await bus.close()
