"""What does the risk conference need to know of a pair: referred, heard, moved to another area?"""

from typing import Literal, Self

from pydantic import model_validator

from contracts.people import Person, born_later, repeated_refs
from contracts.problems import refuse
from contracts.scalars import Flag, Instant, OrganisationId, Reference, Shape, Text

ReferralReason = Literal[
    "visible-high-risk", "professional-judgement", "escalation", "repeat", "honour-based"
]


class VictimAware(Shape):
    aware: Flag
    why_not: Text | None = None


class MaracReferralMade(Shape):
    """`area` is the id of the MARAC organisation."""

    reference: Reference
    harmed: Person
    other: tuple[Person, ...] = ()
    children: tuple[Person, ...] = ()
    referred_at: Instant
    area: OrganisationId
    reasons: tuple[ReferralReason, ...] = ()
    victim_aware: VictimAware | None = None
    consent: Literal["given", "refused", "not-sought"] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        placed = [
            (("harmed",), self.harmed),
            *((("other", n), person) for n, person in enumerate(self.other)),
            *((("children", n), child) for n, child in enumerate(self.children)),
        ]
        refuse([*repeated_refs(placed), *born_later(placed, self.referred_at.date())])
        return self


class MaracCaseHeard(Shape):
    reference: Reference
    heard_at: Instant
    area: OrganisationId


class MaracCaseTransferred(Shape):
    """By area, never by address: after a move the address itself is the secret."""

    reference: Reference
    from_area: OrganisationId
    to_area: OrganisationId
    transferred_at: Instant
    reason: Text
