"""What does a row of the register ask of the organisation that we know, or do not know yet?"""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import Any

from services.directory.domain.establishments import Establishment, Status
from services.directory.readmodels.schools import LISTING
from services.directory.streams.listing import Listing, Numbered, after
from services.directory.streams.organisation_commands import Close, Reopen, SetProfile, Wish

NOT_RELEVANT = "not a school, college or nursery for children"
NO_OPENING_DAY = "proposed to open, without a date"
_GROUP = "group-"
_OF_WALES = frozenset({"kind", "name", "ages"})  # its own list says these of a Welsh school


def id_of(urn: str) -> str:
    """What an establishment is called that only the register has told us of."""
    return f"urn-{urn}"


def group_id(uid: int) -> str:
    """What a trust or federation is called, by its number in the register of groups."""
    return f"{_GROUP}{uid}"


def left_out(establishment: Establishment) -> str | None:
    """Why this row is nobody to tell, in words that can be counted."""
    if establishment.kind is None:
        return NOT_RELEVANT
    if establishment.status is Status.PROPOSED and establishment.opened is None:
        return NO_OPENING_DAY
    return None


def wishes_for(
    establishment: Establishment,
    known: Mapping[str, Any] | None,
    today: date,
    groups: Container[str] = frozenset(),
) -> tuple[Sequence[Wish], str]:
    """What has to change, nothing when all is so already; and a remark for a person.

    What the register does not say clears nothing, and a kind given by hand stays. `groups` are
    the ids of the trusts and federations that are known.
    """
    changes = _profile(establishment)
    said = _listing(establishment)
    if known is not None:
        have = LISTING.validate_python(known["listing"]) if known["listing"] else None
        if have is not None and have.register == "wales":
            changes = {name: each for name, each in changes.items() if name not in _OF_WALES}
            said = have
        elif known["id"] != id_of(establishment.urn):
            del changes["kind"]
        said = after(have, said, today)
    changes["listing"] = said
    changes |= _trust(establishment, known, groups)
    wishes: list[Wish] = []
    if known is None or differs(changes, known):
        wishes.append(SetProfile(changes=changes))
    closed_on = known["closed_on"] if known is not None else None
    if establishment.status is Status.CLOSED:
        on = establishment.closed or closed_on or today
        if on != closed_on:
            wishes.append(Close(on=on, by_register=True))
    elif closed_on is not None and known is not None:
        if not known["closed_by_register"]:
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


def _listing(establishment: Establishment) -> Listing:
    number, former = establishment.number, establishment.former_number
    numbers = [Numbered(number=former)] if former and number and former != number else []
    if number:
        numbers.append(Numbered(number=number, since=establishment.opened))
    return Listing(
        register="gias",
        type=establishment.type,
        numbers=tuple(numbers),
        town=establishment.town,
        postcode=establishment.postcode,
        groups=establishment.groups,
    )


def _trust(
    establishment: Establishment, known: Mapping[str, Any] | None, groups: Container[str]
) -> dict[str, str | None]:
    """The first group that is known. One set by a person stays where the register has none."""
    ids = [group_id(uid) for uid in establishment.groups]
    found = next((each for each in ids if each in groups), None)
    if found is not None:
        return {"trust": found}
    had = known["trust"] if known is not None else None
    has_left = had is not None and had in groups and had.startswith(_GROUP)
    return {"trust": None} if has_left and had not in ids else {}


def differs(changes: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Would these changes of a profile change what is known?"""
    ages = None if known["low_age"] is None else (known["low_age"], known["high_age"])
    have = {**known, "ages": ages}
    said = dict(changes)
    if said.get("listing") is not None:
        said["listing"] = LISTING.dump_python(said["listing"], mode="json")
    return any(have[name] != wanted for name, wanted in said.items())
