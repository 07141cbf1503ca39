"""What does a treatment provider tell? That an episode ended, that an appointment was missed."""

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import model_validator

from contracts.people import Person, Placed, born_later, repeated_refs
from contracts.problems import Finding, refuse
from contracts.scalars import Count, Flag, Instant, OrganisationId, Shape, Text, Word

EndReason = Literal[
    "completed",
    "transferred",
    "dropped-out",
    "withdrawn-by-provider",
    "declined",
    "custody",
    "died",
]
AppointmentKind = Literal["assessment", "review", "prescribing", "group", "other"]
MissedOutcome = Literal["did-not-attend", "cancelled-by-client", "not-brought", "no-access"]


class ClientTold(Shape):
    """Was the client told of the sharing, and if not, why not?"""

    told: Flag
    when: Instant | None = None
    why_not: Text | None = None


class EpisodeEnded(Shape):
    client: Person
    episode: Word
    ended_at: Instant
    reason: EndReason
    reason_code: Word | None = None
    children: tuple[Person, ...] = ()
    client_told: ClientTold | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        placed = _everybody(self.client, self.children)
        refuse(
            [
                *repeated_refs(placed),
                *born_later(placed, self.ended_at.date()),
                *self._untold(),
            ]
        )
        return self

    def _untold(self) -> Iterator[Finding]:
        """The dead cannot be told; of everybody else it is recorded, with the reason if not."""
        if self.client_told is None and self.reason != "died":
            yield Finding(at=("client_told",), detail="Field required")


class Appointment(Shape):
    id: Word
    kind: AppointmentKind
    starts_at: Instant
    referred_by: OrganisationId | None = None


class AppointmentMissed(Shape):
    client: Person
    appointment: Appointment
    outcome: MissedOutcome
    contact_attempts: Count
    recorded_at: Instant
    children: tuple[Person, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        placed = _everybody(self.client, self.children)
        day = max(self.appointment.starts_at, self.recorded_at).date()
        refuse([*repeated_refs(placed), *born_later(placed, day)])
        return self


def _everybody(client: Person, children: tuple[Person, ...]) -> list[Placed]:
    return [
        (("client",), client),
        *((("children", n), child) for n, child in enumerate(children)),
    ]
