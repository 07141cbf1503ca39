"""Which exchanges, queues and bindings does the broker need? The one place where they are named.

The same data becomes the broker's definitions file and, by `declare`, a namespace of its own for
each test. Services declare nothing at run time: other arguments would close their channel.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from aio_pika.abc import AbstractChannel

from services.chassis.bus_subscriptions import Subscription
from services.chassis.message_encoding import OUTSIDE

# What the broker counts is what never came back: a process that died, or was away too long, with
# the message in hand. What a handler raises is counted by us (bus_groups).
BROKER_LIMIT = 100
CAPACITY = 1_000_000
DEAD = "dead"
UNROUTED = "unrouted"

Definitions = dict[str, list[dict[str, Any]]]


def scoped(namespace: str, name: str) -> str:
    return f"{namespace}.{name}" if namespace else name


def dead_queue(queue: str) -> str:
    return f"{queue}.{DEAD}"


def definitions(
    subscriptions: Mapping[str, Sequence[Subscription]], *, namespace: str = ""
) -> Definitions:
    """In the form of a RabbitMQ definitions file, sorted."""
    dead, unrouted = scoped(namespace, DEAD), scoped(namespace, UNROUTED)
    exchanges = {dead: _exchange(dead, "direct"), unrouted: _exchange(unrouted, "fanout")}
    queues = {unrouted: _queue(unrouted, {})}
    bindings = [_binding(unrouted, unrouted, "")]
    for group, own in sorted(subscriptions.items()):
        queue = scoped(namespace, group)
        grave = dead_queue(queue)
        queues[queue] = _queue(queue, _work(dead, ordered=any(each.ordered for each in own)))
        queues[grave] = _queue(grave, {})
        bindings.append(_binding(dead, grave, queue))
        for each in own:
            name = scoped(namespace, each.exchange)
            # Others' publishers cannot be made to ask for a return: what they misroute is caught.
            caught = {"alternate-exchange": unrouted} if each.exchange == OUTSIDE else {}
            exchanges[name] = _exchange(name, "topic", caught)
            bindings += [_binding(name, queue, key) for key in sorted(each.types)]
    return {
        "exchanges": [exchanges[name] for name in sorted(exchanges)],
        "queues": [queues[name] for name in sorted(queues)],
        "bindings": sorted(
            bindings, key=lambda b: (b["source"], b["destination"], b["routing_key"])
        ),
    }


async def declare(channel: AbstractChannel, wanted: Definitions) -> None:
    """Make what is missing. What is there with other arguments is an error, never changed."""
    for exchange in wanted["exchanges"]:
        await channel.declare_exchange(
            exchange["name"], exchange["type"], durable=True, arguments=exchange["arguments"]
        )
    queues = {
        queue["name"]: await channel.declare_queue(
            queue["name"], durable=True, arguments=queue["arguments"]
        )
        for queue in wanted["queues"]
    }
    for binding in wanted["bindings"]:
        await queues[binding["destination"]].bind(binding["source"], binding["routing_key"])


async def remove(channel: AbstractChannel, wanted: Definitions) -> None:
    """Take a test's namespace away again."""
    for queue in wanted["queues"]:
        await channel.queue_delete(queue["name"])
    for exchange in wanted["exchanges"]:
        await channel.exchange_delete(exchange["name"])


def _work(dead: str, *, ordered: bool) -> dict[str, Any]:
    """At-least-once dead-lettering needs all of: its strategy, reject-publish and an exchange."""
    arguments: dict[str, Any] = {
        "x-delivery-limit": BROKER_LIMIT,
        "x-max-length": CAPACITY,
        "x-overflow": "reject-publish",
        "x-dead-letter-exchange": dead,
        "x-dead-letter-strategy": "at-least-once",
    }
    return {**arguments, "x-single-active-consumer": True} if ordered else arguments


def _exchange(name: str, kind: str, arguments: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": dict(arguments or {}),
    }


def _queue(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    kept = {"x-queue-type": "quorum", **arguments}
    if "x-dead-letter-exchange" in arguments:
        kept["x-dead-letter-routing-key"] = name
    else:
        # A queue that people look into: 4.x would otherwise drop what was looked at twenty times.
        kept["x-delivery-limit"] = CAPACITY
    return {"name": name, "durable": True, "auto_delete": False, "arguments": kept}


def _binding(source: str, queue: str, key: str) -> dict[str, Any]:
    return {
        "source": source,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": key,
        "arguments": {},
    }
