"""What is this event about? One event read for deciding: its people, its subjects, its moments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from contracts.events.marac import MaracReferralMade
from contracts.events.police import IncidentChild, IncidentRecorded
from contracts.events.referral import ReferralMade
from contracts.events.treatment import AppointmentMissed, EpisodeEnded
from contracts.people import Person
from contracts.scalars import Shape
from services.consent.domain.days import london_day, utc

T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True)
class Matter:
    """`now` is the moment of deciding, `accepted_at` of acceptance, `sent_at` the sender's."""

    type: str
    agency: str
    content: Shape
    accepted_at: datetime
    now: datetime
    sent_at: datetime | None = None
    worked_out: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def incident(self) -> IncidentRecorded | None:
        return self.content if isinstance(self.content, IncidentRecorded) else None

    @property
    def episode(self) -> EpisodeEnded | None:
        return self.content if isinstance(self.content, EpisodeEnded) else None

    @property
    def appointment(self) -> AppointmentMissed | None:
        return self.content if isinstance(self.content, AppointmentMissed) else None

    @property
    def conference(self) -> MaracReferralMade | None:
        return self.content if isinstance(self.content, MaracReferralMade) else None

    @property
    def referral(self) -> ReferralMade | None:
        return self.content if isinstance(self.content, ReferralMade) else None

    @cached_property
    def people(self) -> Mapping[str, Person]:
        return {person.ref: person for person in people_of(self.content)}

    @cached_property
    def children(self) -> tuple[Person, ...]:
        match self.content:
            case IncidentRecorded():
                return tuple(self.people[child.ref] for child in self.content.children)
            case EpisodeEnded() | AppointmentMissed() | MaracReferralMade():
                return self.content.children
            case ReferralMade():
                return (self.content.child,)
            case _:
                return ()

    @cached_property
    def believed_at(self) -> datetime:
        """When the duty's clock starts; for what is not an incident, when it was accepted."""
        return utc(self.incident.believed_at) if self.incident else utc(self.accepted_at)

    @cached_property
    def day_of_belief(self) -> date:
        return london_day(self.believed_at)

    @property
    def happened_at(self) -> datetime:
        match self.content:
            case IncidentRecorded():
                return utc(self.content.occurred_at)
            case EpisodeEnded():
                return utc(self.content.ended_at)
            case AppointmentMissed():
                return utc(self.content.appointment.starts_at)
            case _:
                return utc(self.accepted_at)


def once(
    work: Callable[Concatenate[Matter, P], T],
) -> Callable[Concatenate[Matter, P], T]:
    """For what each condition and each audience asks of a matter again: it never changes.

    Nobody changes what it answers either. Arguments beside the matter are hashable.
    """

    @wraps(work)
    def answer(matter: Matter, *args: P.args, **kwargs: P.kwargs) -> T:
        asked = (work, args)
        if asked not in matter.worked_out:
            matter.worked_out[asked] = work(matter, *args, **kwargs)
        found: T = matter.worked_out[asked]
        return found

    return cast(Callable[Concatenate[Matter, P], T], answer)


def people_of(content: Shape) -> tuple[Person, ...]:
    """Everybody whom the event describes, in the order in which they stand."""
    found: list[Person] = []
    for name in type(content).model_fields:
        value = getattr(content, name)
        members = value if isinstance(value, tuple) else (value,)
        found += [member for member in members if isinstance(member, Person)]
    return tuple(found)


def by_ref(matter: Matter) -> Mapping[str, Person]:
    return matter.people


def children_of(matter: Matter) -> tuple[Person, ...]:
    return matter.children


def parties_of(incident: IncidentRecorded) -> tuple[str, ...]:
    return (incident.parties.harmed, *incident.parties.other)


def child_entry(incident: IncidentRecorded, ref: str) -> IncidentChild | None:
    return next((child for child in incident.children if child.ref == ref), None)


def subjects_of(matter: Matter, about: str) -> tuple[Person, ...]:
    """Whom an agreement decides about: a disclosure for a child's sake is about the child."""
    children = children_of(matter)
    match matter.content:
        case IncidentRecorded() if about == "harmed":
            return (by_ref(matter)[matter.content.parties.harmed],)
        case MaracReferralMade() if about == "harmed":
            return (matter.content.harmed,)
        case EpisodeEnded() | AppointmentMissed() if about == "client" or not children:
            return (matter.content.client,)
        case _:
            return children
