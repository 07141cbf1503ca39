"""Who has signed one agreement? As consent told it last; an older word changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.signatures import Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatoriesTold:
    """`signatures` None: every organisation has signed. `version` grows with every telling."""

    agreement: str
    version: int
    signatures: tuple[Signature, ...] | None
    at: datetime


def decide(command: SignatoriesTold, version: int) -> Sequence[SignatoriesTold]:
    return (command,) if command.version > version else ()


def evolve(version: int, event: Any) -> int:
    return event.version if isinstance(event, SignatoriesTold) else version


def stream_of(agreement: str) -> str:
    return f"agreement-{agreement}"
