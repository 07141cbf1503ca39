"""For which organisation does this caller speak?"""

from typing import Annotated, TypeAlias

from fastapi import Path
from pydantic import Field

from services.chassis.principals import Principal
from services.chassis.problems import Problem

_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
OrganisationId: TypeAlias = Annotated[str, Field(pattern=_ID)]
ThingId: TypeAlias = Annotated[str, Path(pattern=_ID)]
_FOR_ALL = frozenset({"administrator", "service"})


def spoken_for(principal: Principal, organisation: str | None) -> str:
    """Its own, unless an administrator names another. The services' own token has none."""
    if organisation is None and "service" not in principal.roles:
        return principal.agency
    if organisation is None:
        errors = [{"pointer": "/organisation", "detail": "says for whom"}]
        raise Problem(422, "The organisation is needed", errors)
    if organisation != principal.agency and not principal.roles & _FOR_ALL:
        raise Problem(403, "A key speaks for its own organisation")
    return organisation
