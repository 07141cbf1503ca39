"""What does a person allow? Consent given, refused, withdrawn."""

from typing import Literal, Self

from pydantic import model_validator

from contracts.people import Person
from contracts.problems import Finding, refuse
from contracts.scalars import Audience, Day, Instant, Shape, Text, Word

Purpose = Literal["early-help", "treatment-plan", "referral", "support"]
DataCategory = Literal["attendance", "treatment-engagement", "treatment", "health", "family"]
Method = Literal["written", "verbal", "electronic"]
Competence = Literal["adult", "gillick", "parent", "doubtful"]
# Who has put their name to it, where that was not the person themselves. Left out: not told.
SignedBy = Literal["self", "parent", "other-adult", "representative"]
# Mental capacity for this decision; left out, it is assumed (Mental Capacity Act 2005 s.1).
Capacity = Literal["has", "in-doubt", "lacks"]


class Scope(Shape):
    """Data categories x recipients x purposes; what is not named is not allowed."""

    purposes: tuple[Purpose, ...] = ()
    audiences: tuple[Audience, ...] = ()
    categories: tuple[DataCategory, ...] = ()


class ConsentGiven(Shape):
    person: Person
    scope: Scope = Scope()
    method: Method
    taken_by: Word  # a role in words, never a name
    in_presence_of: Word | None = None
    competence: Competence
    signed_by: SignedBy | None = None
    capacity: Capacity | None = None
    given_at: Instant
    expires_on: Day | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.expires_on is not None and self.expires_on < self.given_at.date():
            refuse([Finding(at=("expires_on",), detail="Expires before it is given")])
        return self


class ConsentRefused(Shape):
    """Nothing to refuse for longer than until asked again: `expires_on` is what was asked for."""

    person: Person
    scope: Scope = Scope()
    method: Method | None = None
    taken_by: Word | None = None
    in_presence_of: Word | None = None
    competence: Competence | None = None
    signed_by: SignedBy | None = None
    capacity: Capacity | None = None
    refused_at: Instant
    expires_on: Day | None = None
    reason: Text | None = None


class ConsentWithdrawn(Shape):
    """An empty scope withdraws everything that the person has allowed."""

    person: Person
    scope: Scope = Scope()
    method: Method | None = None
    taken_by: Word | None = None
    in_presence_of: Word | None = None
    competence: Competence | None = None
    signed_by: SignedBy | None = None
    capacity: Capacity | None = None
    withdrawn_at: Instant
    expires_on: Day | None = None
    reason: Text | None = None
