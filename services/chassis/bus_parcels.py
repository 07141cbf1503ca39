"""How does a message look as AMQP, and how is it read back, also from among the dead letters?"""

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import orjson
from aiormq import spec
from aiormq.abc import DeliveredMessage

from services.chassis.bus import Message
from services.chassis.bus_topology import scoped
from services.chassis.clock import Clock
from services.chassis.message_encoding import (
    OUTSIDE,
    REPLIES,
    SEALED,
    Seal,
    Unreadable,
    from_outside,
)

REASON = "x-reason"
MARK = "application/vnd.daybreak.mark"

Properties: TypeAlias = spec.Basic.Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """By default straight into the queue that the routing key names."""

    routing_key: str
    body: bytes
    properties: Properties
    exchange: str = ""
    mandatory: bool = True


class Parcels:
    def __init__(self, namespace: str, clock: Clock, seal: Seal) -> None:
        self._namespace = namespace
        self._clock = clock
        self._seal = seal

    def pack(self, message: Message) -> Parcel:
        properties = Properties(
            delivery_mode=2,  # quorum queues keep it anyway; the flag goes with a dead letter
            message_id=str(message.id),
            correlation_id=str(message.correlation_id),
            message_type=message.type,
            content_type=SEALED,
        )
        if message.exchange == REPLIES:
            properties.content_type = "application/json"
            body = orjson.dumps(message.body)
            return Parcel(
                routing_key=message.type, body=body, properties=properties, mandatory=False
            )
        if message.sent_at is None:
            message = replace(message, sent_at=self._clock.now())
        return Parcel(
            exchange=scoped(self._namespace, message.exchange),
            routing_key=message.type,
            body=self._seal.close(message),
            properties=properties,
        )

    def read(self, delivered: DeliveredMessage) -> Message | None:
        """None when it cannot be read. What the broker itself buried says where it came from."""
        exchange, key = delivered.exchange, delivered.routing_key
        for death in _deaths(delivered):
            exchange, key = death["exchange"], death["routing-keys"][0]
        if exchange == scoped(self._namespace, OUTSIDE):
            properties = delivered.header.properties
            return from_outside(
                delivered.body,
                type=key or "",
                user_id=properties.user_id,
                reply_to=properties.reply_to,
                message_id=properties.message_id,
            )
        try:
            return self._seal.open(delivered.body)
        except Unreadable:
            return None


def tag_of(delivered: DeliveredMessage) -> int:
    assert delivered.delivery_tag is not None
    return delivered.delivery_tag


def reason_of(delivered: DeliveredMessage) -> str:
    for death in _deaths(delivered):
        return f"broker: {death['reason']}"
    return str((delivered.header.properties.headers or {}).get(REASON, ""))


def _deaths(delivered: DeliveredMessage) -> list[Any]:
    """The broker's own account, last first; whoever published could not write it."""
    account = (delivered.header.properties.headers or {}).get("x-death")
    return account[:1] if isinstance(account, list) else []
