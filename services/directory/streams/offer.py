"""What may the log say of one service of an agency? Its offer, when it was checked, its end."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import TypeAlias, assert_never

from services.chassis.sealing import Sealed
from services.directory.domain.offer import Location, Offer, Private


def stream_of(offer: str) -> str:
    return f"service-{offer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSet:
    """`private`: who is reached and where it is, sealed under a key of this service's own."""

    offer: str
    said: Offer
    private: Sealed
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferVerified:
    """Somebody who answers for it has read it through and found it right."""

    offer: str
    on: date
    verified_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWithdrawn:
    """It is listed no longer; what was said of it stays in the log."""

    offer: str
    withdrawn_at: datetime


OfferEvent: TypeAlias = OfferSet | OfferVerified | OfferWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOffer:
    """Without `said` it was never listed, or is listed no longer."""

    said: Offer | None = None
    private: Private = field(default_factory=Private)
    verified_on: date | None = None
    changed_at: datetime | None = None
    version: int = 0


UNOFFERED = KnownOffer()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOffer:
    """`read`: the versions that whoever asks had seen, one of which it must still be."""

    offer: str
    said: Offer
    private: Private
    at: datetime
    read: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOffer:
    offer: str
    on: date
    at: datetime
    read: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOffer:
    offer: str
    at: datetime
    read: frozenset[int] | None = None


OfferCommand: TypeAlias = SetOffer | VerifyOffer | WithdrawOffer


class OfferUnknown(Exception):
    """No such service is listed."""


class Overtaken(Exception):
    """Somebody else was first."""


def decide(command: OfferCommand, known: KnownOffer) -> Sequence[OfferEvent]:
    if command.read is not None and known.version not in command.read:
        raise Overtaken
    if isinstance(command, SetOffer):
        if (known.said, known.private) == (command.said, command.private):
            return ()
        return (
            OfferSet(
                offer=command.offer,
                said=command.said,
                private=_sealed(command.offer, command.private),
                set_at=command.at,
            ),
        )
    if known.said is None:
        raise OfferUnknown
    match command:
        case VerifyOffer():
            if known.verified_on == command.on:
                return ()
            return (OfferVerified(offer=command.offer, on=command.on, verified_at=command.at),)
        case WithdrawOffer():
            return (OfferWithdrawn(offer=command.offer, withdrawn_at=command.at),)
        case _:
            assert_never(command)


def evolve(known: KnownOffer, event: OfferEvent) -> KnownOffer:
    version = known.version + 1
    match event:
        case OfferSet():
            return replace(
                known,
                said=event.said,
                private=_opened(event.private),
                changed_at=event.set_at,
                version=version,
            )
        case OfferVerified():
            return replace(
                known, verified_on=event.on, changed_at=event.verified_at, version=version
            )
        case OfferWithdrawn():
            return KnownOffer(changed_at=event.withdrawn_at, version=version)


def _sealed(offer: str, private: Private) -> Sealed:
    return Sealed(f"service-{offer}", asdict(private))


def _opened(sealed: Sealed) -> Private:
    """Nothing, once the key is destroyed."""
    told = dict(sealed.value or {})
    address = told.pop("address", None)
    return Private(**told, address=Location(**address) if address else None)
