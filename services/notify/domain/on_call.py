"""Who of an organisation answers now? Cover, hours, training and dead mailboxes; never nobody.

Each of the four passes somebody over as long as somebody else is left, and no longer: a
notification is told late to the wrong person of a school rather than to nobody (ADR 0041).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from contracts.contacts import Away, Contact, Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Local day and time; without a time nobody's hours are asked. `unreachable`: contacts whose
    mailbox has refused mail."""

    day: date
    at: time | None = None
    unreachable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What counts against somebody, from the strictest way to the one in which nothing does."""

    hours: bool = False
    training: bool = False
    mailbox: bool = False
    absence: bool = False


IN_ORDER = (
    Way(hours=True, training=True, mailbox=True, absence=True),
    Way(training=True, mailbox=True, absence=True),  # a mail waits until its reader is back
)
FOR_WANT_OF_BETTER = (
    Way(mailbox=True, absence=True),  # told untrained rather than not at all
    Way(absence=True),
    Way(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """`able`: who may be told at all, in order of call. Whoever stands in is one of them."""

    able: Sequence[Contact]
    moment: Moment
    _by_id: Mapping[str, Contact] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {one.id: one for one in self.able})

    def of(self, circle: Iterable[Contact], way: Way) -> list[Contact]:
        """Who answers for this circle, each once, in the order of whom they answer for."""
        found: dict[str, Contact] = {}
        for one in circle:
            there = self._in_place_of(one) if way.absence else one
            if there is not None and self._answers(there, way):
                found.setdefault(there.id, there)
        return list(found.values())

    def _in_place_of(self, contact: Contact) -> Contact | None:
        """Along the chain of cover, which may be a ring."""
        asked: set[str] = set()
        one: Contact | None = contact
        while one is not None and (away := absence(one, self.moment.day)) is not None:
            if one.id in asked:
                return None
            asked.add(one.id)
            one = self._by_id.get(away.cover or "")
        return one

    def _answers(self, contact: Contact, way: Way) -> bool:
        moment = self.moment
        if way.hours and moment.at is not None and not at_work(contact, moment.day, moment.at):
            return False
        if way.training and training_lapsed(contact, moment.day):
            return False
        return not (way.mailbox and contact.id in moment.unreachable)


def absence(contact: Contact, day: date) -> Away | None:
    return next((away for away in contact.away if away.start <= day <= away.end), None)


def training_lapsed(contact: Contact, day: date) -> bool:
    """Where nobody has said until when it counts, it is not held against anybody."""
    return contact.trained_until is not None and contact.trained_until < day


def at_work(contact: Contact, day: date, at: time) -> bool:
    return not contact.hours or any(_within(hours, day, at) for hours in contact.hours)


def _within(hours: Hours, day: date, at: time) -> bool:
    today, yesterday = day.isoweekday(), (day.isoweekday() - 2) % 7 + 1
    if hours.start < hours.end:
        return today in hours.days and hours.start <= at < hours.end
    return (today in hours.days and at >= hours.start) or (
        yesterday in hours.days and at < hours.end
    )
