"""What does a police force tell? An incident, its correction, its retraction."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, model_validator

from contracts.people import Person, born_later, repeated_refs
from contracts.problems import Finding, refuse
from contracts.scalars import (
    Audience,
    Flag,
    GssCode,
    Instant,
    Intent,
    OrganisationId,
    Postcode,
    Ref,
    Reference,
    Shape,
    Text,
    Word,
)

Category = Literal["domestic-abuse", "other"]
Grading = Literal["standard", "medium", "high"]
Presence = Literal["present", "elsewhere-in-home", "not-present", "unknown"]
ReasonNotSpokenTo = Literal[
    "asleep",
    "absent",
    "unsafe",
    "refused",
    "language",
    "too-distressed",
    "too-young",
    "other",
]
CircumstanceKind = Literal[
    "verbal",
    "physical",
    "sexual",
    "threats",
    "damage",
    "coercive-control",
    "economic",
    "stalking",
    "breach-of-order",
    "other",
]


class Dash(Shape):
    """The score and the judgement; the answers stay with the force. An unticked box is false."""

    score: Annotated[StrictInt, Field(ge=0, le=100)]
    professional_judgement: Flag = False


class Parties(Shape):
    harmed: Ref
    other: tuple[Ref, ...] = ()
    counter_allegation: Flag | None = None


class SpokenTo(Shape):
    outcome: Literal["spoken-to", "not-spoken-to"]
    alone: Flag | None = None
    words: Text | None = None
    demeanour: Text | None = None
    reason_not: ReasonNotSpokenTo | None = None


class IncidentChild(Shape):
    ref: Ref
    presence: Presence
    spoken_to: SpokenTo | None = None
    welfare_check: Flag | None = None


class Location(Shape):
    kind: Literal["home", "refuge", "public", "other"]
    local_authority: GssCode | None = None
    police_area: GssCode | None = None
    postcode: Postcode | None = None


class Circumstances(Shape):
    kinds: tuple[CircumstanceKind, ...] = ()
    summary: Text | None = None


class Hold(Shape):
    """A senior officer asks that somebody be not told for a while; education, if none is named."""

    until: Instant
    authorised_by: Word
    rank: Word
    reason: Text
    audiences: tuple[Audience, ...] = ()


class NotReader(Shape):
    """A person at a recipient who must not see that the notification exists."""

    given_name: Word
    family_name: Word
    reason: Text


class Handling(Shape):
    sexual_offence: Flag | None = None
    honour_based: Flag | None = None
    covert: Flag | None = None
    hold: Hold | None = None
    never_tell: tuple[OrganisationId, ...] = ()
    not_readers: tuple[NotReader, ...] = ()


class IncidentRecorded(Shape):
    """`believed_at` starts the clock of the duty, not `occurred_at` (DAA 2021 s.49A)."""

    reference: Reference
    occurred_at: Instant
    occurred_until: Instant | None = None
    believed_at: Instant
    category: Category
    grading: Grading
    dash: Dash | None = None
    intent: Intent
    intent_reason: Text | None = None
    parties: Parties
    people: tuple[Person, ...]
    children: tuple[IncidentChild, ...] = ()
    location: Location | None = None
    circumstances: Circumstances = Circumstances()
    childrens_services_informed: Flag
    handling: Handling | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        placed = [(("people", n), person) for n, person in enumerate(self.people)]
        latest = max(filter(None, (self.occurred_at, self.occurred_until, self.believed_at)))
        refuse(
            [
                *self._out_of_order(),
                *repeated_refs(placed),
                *self._dangling({person.ref for person in self.people}),
                *self._twice_named(),
                *born_later(placed, latest.date()),
            ]
        )
        return self

    def _out_of_order(self) -> Iterator[Finding]:
        if self.occurred_until is not None and self.occurred_until < self.occurred_at:
            yield Finding(at=("occurred_until",), detail="Ends before it begins")

    def _dangling(self, known: set[str]) -> Iterator[Finding]:
        named: list[tuple[tuple[str | int, ...], str]] = [
            (("parties", "harmed"), self.parties.harmed),
            *((("parties", "other", n), ref) for n, ref in enumerate(self.parties.other)),
            *((("children", n, "ref"), child.ref) for n, child in enumerate(self.children)),
            *(
                (("people", n, "relationships", m, "to"), link.to)
                for n, person in enumerate(self.people)
                for m, link in enumerate(person.relationships)
            ),
        ]
        for at, ref in named:
            if ref not in known:
                yield Finding(at=at, detail="Nobody in `people` has this ref")

    def _twice_named(self) -> Iterator[Finding]:
        seen = {self.parties.harmed}
        for n, ref in enumerate(self.parties.other):
            if ref in seen:
                yield Finding(at=("parties", "other", n), detail="Named as a party already")
            seen.add(ref)
        children: set[str] = set()
        for n, child in enumerate(self.children):
            if child.ref in children:
                yield Finding(at=("children", n, "ref"), detail="Listed as a child already")
            children.add(child.ref)
        for n, person in enumerate(self.people):
            for m, link in enumerate(person.relationships):
                if link.to == person.ref:
                    at = ("people", n, "relationships", m, "to")
                    yield Finding(at=at, detail="Nobody is related to themselves")


class Correction(Shape):
    reason: Text


class IncidentCorrected(IncidentRecorded):
    """The same `reference`: replaces the former whole."""

    correction: Correction


class IncidentRetracted(Shape):
    reference: Reference
    reason: Text
    retracted_at: Instant
