"""Whose contacts are stale, and why? For the organisation, its authority, and operations."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from contracts.messages import Organisation
from services.chassis.principals import Principal, guard
from services.notify.contacts.looking import Looking
from services.notify.domain.placement import SCHOOLS
from services.notify.ledger import Ledger

_SEES_ALL = frozenset({"operations", "service", "administrator"})
Caller = Annotated[Principal, Depends(guard("recipient", "publisher", *sorted(_SEES_ALL)))]
_ESTABLISHMENTS = SCHOOLS | {"nursery"}


def router(ledger: Ledger, looking: Looking) -> APIRouter:
    routes = APIRouter(prefix="/notify/v1/contacts", tags=["contacts"])

    @routes.get("/stale")
    async def stale(principal: Caller, organisation: str | None = None) -> dict[str, Any]:
        """Ids only: names are the directory's. What somebody may not see is not there for them."""
        caller = await ledger.look.organisation(principal.agency)
        found = [
            one
            for one in await looking.found()
            if one.needs
            and organisation in (None, one.organisation.id)
            and _sees(principal, caller, one.organisation)
        ]
        return {
            "organisations": [
                {
                    "organisation": one.organisation.id,
                    "needs": [
                        {
                            "cause": need.cause.value,
                            "contacts": list(need.contacts),
                            "since": need.since,
                        }
                        for need in one.needs
                    ],
                }
                for one in found
            ]
        }

    return routes


def _sees(principal: Principal, caller: Organisation | None, one: Organisation) -> bool:
    if principal.roles & _SEES_ALL or one.id == principal.agency:
        return True
    return (
        caller is not None
        and caller.kind == "local-authority"
        and caller.local_authority is not None
        and caller.local_authority == one.local_authority
        and one.kind in _ESTABLISHMENTS
    )
