"""What have the areas settled?"""

from collections.abc import Sequence
from typing import Annotated, Literal, Self
from uuid import uuid4

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.agreements import Agreement
from contracts.events.police import CircumstanceKind
from services.chassis.commands import Commands, Decider
from services.chassis.principals import Principal, guard
from services.chassis.problems import Problem
from services.chassis.store import Context, EventStore
from services.chassis.tracing import current_traceparent
from services.consent.domain.facts import SETTLED_ONCE
from services.consent.streams.events import PoliciesSet, SettingEvent

Governor = Annotated[Principal, Depends(guard("information-governance", "service"))]

# What opens an agreement that is a local choice. A word that would open nothing is a mistake.
_LOCAL_CHOICES = {"open", "alert_types", "general_practice", "school_nursing_from"}
_WHOSE = {"local_authority", "police_area"}

_SETTLED: Decider[SettingEvent, SettingEvent | None, SettingEvent] = Decider(
    initial=None,
    decide=lambda wanted, settled: () if wanted == settled else (wanted,),
    evolve=lambda _, event: event,
)


class MaracRepeat(BaseModel):
    model_config = ConfigDict(extra="forbid")

    anchor: Literal["referral", "meeting"] = "referral"
    months: Annotated[int, Field(ge=1, le=60)] = 12


class PolicyIn(BaseModel):
    """One area's word on one agreement; the area is that of the home, never of the incident.

    Without an agreement it is its word on all: on `marac_threshold` and `escalation_count` alone.
    """

    model_config = ConfigDict(extra="forbid")

    agreement: str | None = None
    local_authority: str | None = None
    police_area: str | None = None
    profile: str | None = None
    age_from: Annotated[int | None, Field(ge=0, le=18)] = None
    lead_minutes: Annotated[int | None, Field(ge=0, le=240)] = None
    contact_parents: bool | str | None = None
    marac_repeat: MaracRepeat | None = None
    marac_threshold: Annotated[int | None, Field(ge=1)] = None
    escalation_count: Annotated[int | None, Field(ge=1)] = None
    open: bool | None = None
    alert_types: list[CircumstanceKind] | None = None
    general_practice: bool | None = None
    school_nursing_from: Annotated[int | None, Field(ge=0, le=18)] = None
    release: Literal["one-person", "two-person"] | None = None
    escalate_to: Annotated[str | None, Field(min_length=1, max_length=200)] = None

    @model_validator(mode="after")
    def _of_one_area(self) -> Self:
        if (self.local_authority is None) == (self.police_area is None):
            raise ValueError("a policy is of a local authority or of a police area")
        return self


class PoliciesIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    policies: list[PolicyIn]


def routes(store: EventStore, agreements: Sequence[Agreement]) -> APIRouter:
    router = APIRouter(prefix="/consent/v1", tags=["settings"])
    commands = Commands(store, _SETTLED)
    known = {agreement.id for agreement in agreements}

    @router.put("/policies", status_code=status.HTTP_204_NO_CONTENT)
    async def set_policies(principal: Governor, told: PoliciesIn) -> None:
        errors = [
            problem for n, policy in enumerate(told.policies) for problem in _wrong(n, policy)
        ]
        if errors:
            raise Problem(422, "The policies cannot be applied", errors)
        items = tuple(policy.model_dump(mode="json", exclude_none=True) for policy in told.policies)
        await commands.handle("policies", PoliciesSet(policies=items), context(principal))

    def _wrong(number: int, policy: PolicyIn) -> list[dict[str, str]]:
        if policy.agreement is None:
            settled = set(policy.model_dump(exclude=_WHOSE, exclude_none=True))
            alone = bool(settled) and settled <= SETTLED_ONCE
            return [] if alone else [_problem(number, "agreement", "Of which agreement is this?")]
        profiles = {p for a in agreements if a.id == policy.agreement for p in a.profiles}
        if policy.agreement not in known:
            return [_problem(number, "agreement", "No such agreement")]
        if policy.profile is not None and policy.profile not in profiles:
            return [_problem(number, "profile", "The agreement has no such profile")]
        settable = {name for a in agreements if a.id == policy.agreement for name in a.area}
        chosen = policy.model_dump(include=_LOCAL_CHOICES, exclude_none=True)
        return [
            _problem(number, name, "The agreement leaves no such choice to an area")
            for name in sorted(set(chosen) - settable)
        ]

    return router


def _problem(number: int, name: str, detail: str) -> dict[str, str]:
    return {"pointer": f"/policies/{number}/{name}", "detail": detail}


def context(principal: Principal) -> Context:
    return Context(
        correlation_id=uuid4(), traceparent=current_traceparent(), actor=principal.agency
    )
