"""May this agency look for a child of this task? A word that one service signs and another reads.

Routing knows whose task it is and no names; the directory knows names and no tasks. Signed with the
pepper that the services of one deployment share; good for a quarter of an hour, by their clock.
"""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

LIFE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """`until`: with its time zone."""

    task: UUID
    agency: str
    until: datetime


def signed(pepper: bytes, leave: Leave) -> str:
    said = json.dumps([str(leave.task), leave.agency, leave.until.isoformat()]).encode()
    return f"{_text(said)}.{_text(_sign(pepper, said))}"


def read(pepper: bytes, word: str, now: datetime) -> Leave | None:
    """None for what none of our services has signed, and for what is over."""
    said, _, sign = word.partition(".")
    try:
        content, given = _bytes(said), _bytes(sign)
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(_sign(pepper, content), given):
        return None
    task, agency, until = json.loads(content)
    leave = Leave(task=UUID(task), agency=agency, until=datetime.fromisoformat(until))
    return leave if now < leave.until else None


def _sign(pepper: bytes, said: bytes) -> bytes:
    return hmac.digest(pepper, b"leave\x1f" + said, "sha256")


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
