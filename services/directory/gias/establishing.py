"""What does a row of the register ask of the organisation that we know, or do not know yet?"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from services.directory.domain.establishments import Establishment, Status
from services.directory.streams.organisation_commands import Close, Reopen, SetProfile, Wish

NOT_RELEVANT = "not a school, college or nursery for children"
NO_OPENING_DAY = "proposed to open, without a date"


def id_of(urn: str) -> str:
    """What an establishment is called that only the register has told us of."""
    return f"urn-{urn}"


def left_out(establishment: Establishment) -> str | None:
    """Why this row is nobody to tell, in words that can be counted."""
    if establishment.kind is None:
        return NOT_RELEVANT
    if establishment.status is Status.PROPOSED and establishment.opened is None:
        return NO_OPENING_DAY
    return None


def wishes_for(
    establishment: Establishment, known: Row[Any] | None, today: date
) -> tuple[Sequence[Wish], str]:
    """What has to change, nothing when all is so already; and a remark for a person.

    What the register does not say clears nothing, and a kind given by hand stays.
    """
    changes = _profile(establishment)
    if known is not None and known.id != id_of(establishment.urn):
        del changes["kind"]
    wishes: list[Wish] = []
    if known is None or _differs(changes, known):
        wishes.append(SetProfile(changes=changes))
    closed_on = known.closed_on if known is not None else None
    if establishment.status is Status.CLOSED:
        on = establishment.closed or closed_on or today
        if on != closed_on:
            wishes.append(Close(on=on, by_register=True))
    elif closed_on is not None and known is not None:
        if not known.closed_by_register:
            return wishes, "is open in the register and was closed here by hand"
        wishes.append(Reopen())
    return wishes, ""


def _profile(establishment: Establishment) -> dict[str, Any]:
    proposed = establishment.status is Status.PROPOSED
    changes: dict[str, Any] = {
        "kind": establishment.kind,
        "name": establishment.name,
        "urn": establishment.urn,
        "open_from": establishment.opened if proposed else None,
    }
    low, high = establishment.low_age, establishment.high_age
    if low is not None and high is not None and low <= high:
        changes["ages"] = (low, high)
    if establishment.local_authority is not None:
        changes["local_authority"] = establishment.local_authority
    return changes


def _differs(changes: dict[str, Any], known: Row[Any]) -> bool:
    have = {**known._mapping, "ages": (known.low_age, known.high_age)}
    return any(have[name] != wanted for name, wanted in changes.items())
