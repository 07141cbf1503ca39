"""Who has confirmed that what was taken back is deleted? As far as the visitor may know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.front.vocabulary import AUDIENCES, ROLES, word
from services.front.words import day_and_time, near, until_due

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    called: str
    confirmed: str
    state: str
    overdue: bool


def deletions(found: Sequence[Json], names: Mapping[str, str], now: datetime) -> list[Deletion]:
    """The sender of an event reads audiences; who runs the service, organisations and roles."""
    return [
        Deletion(
            called=_called(one, names),
            confirmed=_confirmed(one, names, now),
            state=_state(one),
            overdue=one["overdue"] and one["state"] == "open",
        )
        for one in found
    ]


def _called(one: Json, names: Mapping[str, str]) -> str:
    organisation = one.get("organisation")
    return (
        names.get(organisation, organisation) if organisation else word(AUDIENCES)(one["audience"])
    )


def _confirmed(one: Json, names: Mapping[str, str], now: datetime) -> str:
    if one["confirmed_at"] is None:
        asked = f"by {near(one['due'], now)}, {until_due(one['due'], now)}"
        return f"Nobody yet: due {asked}" if one["state"] == "open" else "Nobody"
    moment = day_and_time(one["confirmed_at"])
    if one.get("organisation") is None:
        return f"The recipient, {moment}"
    role = one.get("role")
    who = (
        ROLES.get(role, f"{role}".replace("-", " "))
        if role
        else "its own system, or somebody not listed"
    )
    return f"{who[:1].upper()}{who[1:]}, {moment}"


def _state(one: Json) -> str:
    if one["state"] == "open":
        return "Overdue" if one["overdue"] else "Open"
    return "Confirmed" if one["confirmed_at"] else "Not needed any more"
