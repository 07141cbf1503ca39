"""Who has signed which agreement, from when until when, and who has said so?"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from contracts.agreements import Agreement
from contracts.signatures import Signature
from services.chassis.clock import Clock
from services.chassis.commands import Commands, Decider
from services.chassis.principals import Principal, guard, speaks_for_self
from services.chassis.problems import Problem
from services.chassis.store import EventStore
from services.consent.domain.days import london_day
from services.consent.settling.http import context
from services.consent.streams.events import SettingEvent, SignatoriesSet

Governor = Annotated[Principal, Depends(guard("information-governance", "service"))]
Reader = Annotated[Principal, Depends(guard("information-governance", "reviewer", "service"))]


def _is_same(wanted: SettingEvent, settled: SettingEvent | None) -> bool:
    """Whoever says the same again changes nothing."""
    return (
        isinstance(wanted, SignatoriesSet)
        and isinstance(settled, SignatoriesSet)
        and (wanted.organisations, wanted.signatures) == (settled.organisations, settled.signatures)
    )


_SIGNED: Decider[SettingEvent, SettingEvent | None, SettingEvent] = Decider(
    initial=None,
    decide=lambda wanted, settled: () if _is_same(wanted, settled) else (wanted,),
    evolve=lambda _, event: event,
)


class SignatureIn(BaseModel):
    """Both days are inside, in London; left out: from ever, for ever."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    organisation: Annotated[str, Field(min_length=1, max_length=100)]
    since: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("the signature ends before it begins")
        return self


def _by_name(told: Any) -> Any:
    """An organisation alone has signed from ever, for ever."""
    return {"organisation": told} if isinstance(told, str) else told


def _or_all(told: Any) -> Any:
    """`all`, and nothing else, says that every organisation has signed."""
    if told is None:
        raise ValueError('a list, or "all"')
    return None if told == "all" else told


class SignatoriesIn(BaseModel):
    """`by` is the person who answers for it; who has signed in answers for nobody else."""

    model_config = ConfigDict(extra="forbid")

    signatories: Annotated[
        list[Annotated[SignatureIn, BeforeValidator(_by_name)]] | None, BeforeValidator(_or_all)
    ]
    by: Annotated[str, Field(max_length=200)] = ""


def routes(store: EventStore, agreements: Sequence[Agreement], clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/consent/v1/agreements", tags=["settings"])
    commands = Commands(store, _SIGNED)
    known = {agreement.id for agreement in agreements}

    @router.put("/{agreement}/signatories", status_code=status.HTTP_204_NO_CONTENT)
    async def set_signatories(principal: Governor, agreement: str, told: SignatoriesIn) -> None:
        """All of them: who is not listed has not signed. What was set before is kept."""
        if agreement not in known:
            raise Problem(404, "No such agreement")
        if told.by:
            speaks_for_self(principal, told.by)
        event = _event(agreement, told, told.by or principal.person)
        await commands.handle(_stream_of(agreement), event, context(principal))

    @router.get("/{agreement}/signatories")
    async def list_signatories(_: Reader, agreement: str) -> dict[str, Any]:
        """Who has signed, and every earlier word on it with who set it; the last word counts."""
        if agreement not in known:
            raise Problem(404, "No such agreement")
        history = [
            {
                "set_at": recorded.recorded_at.isoformat(),
                "agency": recorded.context.actor,
                "by": recorded.event.by,
                "signatories": _shown(recorded.event, london_day(clock.now())),
            }
            for recorded in await store.read_stream(_stream_of(agreement))
            if isinstance(recorded.event, SignatoriesSet)
        ]
        now = history[-1]["signatories"] if history else "all"
        return {"agreement": agreement, "signatories": now, "history": history}

    return router


def _event(agreement: str, told: SignatoriesIn, by: str) -> SignatoriesSet:
    if told.signatories is None:
        return SignatoriesSet(agreement=agreement, organisations=None, by=by)
    signed = {
        Signature(organisation=one.organisation, since=one.since, until=one.until)
        for one in told.signatories
    }
    in_order = tuple(sorted(signed, key=lambda one: (one.organisation, str(one.since))))
    return SignatoriesSet(
        agreement=agreement,
        organisations=tuple(sorted({one.organisation for one in signed})),
        signatures=in_order,
        by=by,
    )


def _shown(told: SignatoriesSet, today: date) -> Any:
    if told.organisations is None:
        return "all"
    signed = told.signatures or tuple(Signature(organisation=one) for one in told.organisations)
    return [
        {
            "organisation": one.organisation,
            "from": one.since and one.since.isoformat(),
            "until": one.until and one.until.isoformat(),
            "in_force": one.on(today),
        }
        for one in signed
    ]


def _stream_of(agreement: str) -> str:
    return f"signatories-{agreement}"
