"""Who has asked children's social care to act, and what was answered?"""

from typing import Self

from pydantic import model_validator

from contracts.people import Person
from contracts.problems import Finding, refuse
from contracts.scalars import Flag, Instant, Intent, Reference, Shape, Text, Word


class ReferralMade(Shape):
    """The same reference comes again with `written_at` once a telephone referral is written up."""

    reference: Reference
    child: Person
    made_by_phone: Flag
    made_at: Instant
    written_at: Instant | None = None
    intent: Intent
    intent_reason: Text | None = None  # why it informs or refers: the sender's own threshold

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.made_by_phone and self.written_at and self.written_at < self.made_at:
            refuse([Finding(at=("written_at",), detail="Written up before it was made")])
        return self


class ReferralAnswered(Shape):
    reference: Reference
    decision: Word
    decided_at: Instant
