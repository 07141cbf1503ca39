"""Which request for erasure was refused, and why? Kept as a fact, with nobody's name in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from services.chassis.commands import Decider
from services.chassis.sealing import Sealed


@dataclass(frozen=True, kw_only=True)
class ErasureRefused:
    """`keys` are keyed hashes of the person; `told` is who asked and what was answered, sealed."""

    request: UUID
    keys: tuple[str, ...]
    received_on: date
    cases: int
    because: str
    told: Sealed
    by: str
    at: datetime


RequestEvent: TypeAlias = ErasureRefused


def _decide(command: RequestEvent, said: bool) -> Sequence[RequestEvent]:
    return () if said else (command,)


REQUEST: Decider[RequestEvent, bool, RequestEvent] = Decider(
    initial=False, decide=_decide, evolve=lambda *_: True
)


def request_stream(request: UUID | str) -> str:
    return f"erasure-request-{request}"
