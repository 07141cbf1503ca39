"""What does children's social care tell of a child? The safeguarding status and who leads."""

from typing import Literal

from contracts.people import Person
from contracts.scalars import Day, OrganisationId, Shape, Word

Status = Literal["none", "child-in-need", "section-47", "protection-plan", "looked-after"]


class Lead(Shape):
    organisation: OrganisationId
    role: Word  # in words, never a name


class StatusChanged(Shape):
    child: Person
    status: Status
    since: Day
    lead: Lead | None = None
