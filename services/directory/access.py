"""Who may change what? The administrator anything, an organisation what is its own."""

from typing import Annotated, TypeAlias

from fastapi import Depends

from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem

_ANY = frozenset({"administrator", "service"})  # the house itself sets up areas and stories
_OWN = frozenset({"publisher", "recipient"})
_READERS = ("operations", "information-governance", "reviewer")

Administrator: TypeAlias = Annotated[Principal, Depends(guard(*sorted(_ANY)))]
Caller: TypeAlias = Annotated[Principal, Depends(guard(*sorted(_ANY | _OWN)))]
Reader: TypeAlias = Annotated[Principal, Depends(guard(*sorted(_ANY | _OWN), *_READERS))]
# Who looks after schools: what is whose, is asked of the organisation behind the key.
Watcher: TypeAlias = Annotated[Principal, Depends(guard(*sorted(_ANY | _OWN), "operations"))]
House: TypeAlias = Annotated[Principal, Depends(guard("service"))]


def is_own(principal: Principal, organisation: str) -> bool:
    mine = principal.agency == organisation and bool(principal.roles & _OWN)
    return mine or bool(principal.roles & _ANY)


def require_own(principal: Principal, organisation: str) -> None:
    """Asked before anything is looked up, so that a refusal tells nothing of what is there."""
    if not is_own(principal, organisation):
        raise Problem(403, "This key may not do this for that organisation")


def sees_contacts(principal: Principal, organisation: str) -> bool:
    """Operations keep the order of call in order; others know only their own people."""
    return is_own(principal, organisation) or "operations" in principal.roles


def who(principal: Principal) -> str:
    """For the log: the agency and, where somebody of it has signed in, a stroke and that person."""
    return f"{principal.agency}/{principal.person}" if principal.person else principal.agency
