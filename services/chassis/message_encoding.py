"""How does a message look on the wire and on disk? Sealed with the bus key, or plain from outside.

Queues and dead letters are files of the broker, so what services tell each other is encrypted
whole (ADR 0005). Nothing in a sealed message can be forged by who may merely publish.
"""

import base64
import os
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.chassis.bus import Message

OUTSIDE = "agencies"  # the one exchange that others publish on, in plain structured CloudEvents
REPLIES = ""  # a message on the nameless exchange answers an outside publisher, in plain JSON
SEALED = "application/vnd.daybreak.sealed"

_FORMAT = b"daybreak/message/1"
_NONCE_BYTES = 12
_OUTSIDE_IDS = UUID("5f3c4f0e-6f0b-5a0e-9b0e-3f6d3a1c7d52")


class Unreadable(Exception):
    """These bytes are no message under this key."""


class Seal:
    """AES-256-GCM over the JSON of the whole message."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("the bus key must be 32 bytes")
        self._cipher = AESGCM(key)

    def close(self, message: Message) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, orjson.dumps(message), _FORMAT)

    def open(self, sealed: bytes) -> Message:
        try:
            nonce, box = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return _message(orjson.loads(self._cipher.decrypt(nonce, box, _FORMAT)))
        except (InvalidTag, ValueError, KeyError, TypeError) as fault:
            raise Unreadable(type(fault).__name__) from None


def from_outside(
    body: bytes, *, type: str, user_id: str | None, reply_to: str | None, message_id: str | None
) -> Message:
    """What an agency put on the exchange, byte for byte: its consumer reads it.

    The same bytes from the same user under the same message id are the same message. A reply goes
    only to a queue of that user or to one that the broker named, never into one of our own.
    """
    digest = sha256(body).hexdigest()
    identity = uuid5(_OUTSIDE_IDS, f"{user_id}/{type}/{message_id or ''}/{digest}")
    theirs = reply_to is not None and reply_to.startswith(
        (f"{user_id}.", "amq.gen", "amq.rabbitmq.")
    )
    return Message(
        id=identity,
        exchange=OUTSIDE,
        type=type,
        body={"raw": base64.b64encode(body).decode("ascii")},
        correlation_id=identity,
        user_id=user_id,
        reply_to=reply_to if theirs else None,
    )


def raw_body(message: Message) -> bytes:
    """The bytes that the outside publisher sent."""
    return base64.b64decode(message.body["raw"])


def _message(fields: Mapping[str, Any]) -> Message:
    causation, sent_at = fields["causation_id"], fields["sent_at"]
    return Message(
        id=UUID(fields["id"]),
        exchange=fields["exchange"],
        type=fields["type"],
        body=fields["body"],
        correlation_id=UUID(fields["correlation_id"]),
        causation_id=UUID(causation) if causation else None,
        traceparent=fields["traceparent"],
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        user_id=fields["user_id"],
        reply_to=fields["reply_to"],
    )
