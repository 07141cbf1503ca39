"""Whom does a form mean? A name with date of birth and postcode together, or a number."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request

Json = dict[str, Any]
FIELDS = ("given_name", "family_name", "date_of_birth", "postcode", "nhs_number", "upn")
LONGEST = 4000
_MOST = 6000  # boxes that one form may tick


class NotAsked(Exception):
    """The form says too little; the text says what to do about it."""

    def __init__(self, at: str, says: str) -> None:
        super().__init__(says)
        self.problem = {"at": at, "says": says}


async def typed_in(request: Request, *names: str) -> dict[str, str]:
    sent = await request.form(max_fields=_MOST)
    return {name: str(sent.get(name) or "").strip()[:LONGEST] for name in names}


async def ticked(request: Request, name: str) -> list[str]:
    sent = await request.form(max_fields=_MOST)
    return [str(one) for one in sent.getlist(name)]


def person_of(typed: Mapping[str, str], otherwise: str) -> Json:
    """As the services ask for it. Raises NotAsked with `otherwise` where nobody is meant."""
    numbers = {name: typed[name] for name in ("nhs_number", "upn") if typed[name]}
    whole = all(typed[name] for name in FIELDS[:4])
    if not whole and not numbers:
        raise NotAsked("given_name", otherwise)
    # a number alone finds: the names beside it are asked for by the form of a person only
    person: Json = {name: typed[name] or "-" for name in FIELDS[:2]}
    person |= {"identifiers": numbers} if numbers else {}
    if whole:
        person |= {"date_of_birth": typed["date_of_birth"], "postcodes": [typed["postcode"]]}
    return person
