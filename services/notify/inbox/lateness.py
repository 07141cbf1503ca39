"""What may a reader know of a hold that was lifted? That it was, and what it cost; not its grounds.

A covert investigation or honour-based abuse is a ground to hold and no field of any profile.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from contracts.messages import Reason
from services.notify.streams.decision import DecisionRecorded

_RELEASED = "a-person-released-it"


def for_a_reader(because: Iterable[Reason]) -> list[Reason]:
    reasons = list(because)
    lifted = [reason for reason in reasons if reason.rule == _RELEASED]
    return lifted or reasons


def late(due: datetime, decided: DecisionRecorded) -> dict[str, Any] | None:
    """None where it was not the hold that made it late."""
    lifted = any(reason.rule == _RELEASED for reason in decided.because)
    if not lifted or decided.decided_at <= due:
        return None
    return {
        "due": due.isoformat(),
        "released_at": decided.decided_at.isoformat(),
        "minutes": int((decided.decided_at - due).total_seconds() // 60),
        "says": "It was held for a person to decide, and released after it was due.",
    }
