"""Who is called at a school that became an academy overnight? The same people, until they confirm.

The number of the school changes, its safeguarding lead and mailbox do not (ADR 0038). Carried over
is only where one school became one school, where nobody is listed at the new one yet, and once:
what the school changes afterwards is its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from contracts.contacts import Confirmation, Contact
from services.directory.handles import Directory, acting
from services.directory.streams import succession
from services.directory.streams.calendar_wishes import SetCalendar
from services.directory.streams.organisation import Known
from services.directory.streams.organisation_commands import (
    SetContacts,
    SetProfile,
    Wish,
)
from services.directory.streams.succession import NoteCarried


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Ids of organisations. `closed_on` is the first day of the new one."""

    old: str
    new: str
    closed_on: date


async def carry_over(directory: Directory, conversion: Conversion, *, actor: str) -> bool:
    """Contacts, calendar and gate time, as far as the new school has none. False: nothing was."""
    old = await directory.organisation(conversion.old)
    new = await directory.organisation(conversion.new)
    people = [
        each for each in old.contacts if each.until is None or each.until >= conversion.closed_on
    ]
    if not people or new.contacts or await _was_carried(directory, conversion.old):
        return False
    wishes = _wishes(old, new, [_to_confirm(each, directory) for each in people])
    await directory.change(conversion.new, *wishes, actor=actor)
    note = NoteCarried(
        organisation=conversion.old,
        successor=conversion.new,
        contacts=tuple(each.id for each in people),
        at=directory.clock.now(),
    )
    stream = succession.stream_of(conversion.old)
    await directory.successions.handle(stream, note, acting(actor))
    return True


def _wishes(old: Known, new: Known, people: Sequence[Contact]) -> list[Wish]:
    """Everything that a contact says goes with it, the keyed hashes for conflicts of interest too;
    it is sealed again, under a key of the new school's own."""
    wishes: list[Wish] = [SetContacts(contacts=tuple(people))]
    if new.calendar is None and old.calendar is not None:
        wishes.append(SetCalendar(calendar=old.calendar))
    if old.profile is not None and new.profile is not None and new.profile.opens is None:
        day = {"opens": old.profile.opens, "lead_minutes": old.profile.lead_minutes}
        wishes.append(SetProfile(changes=day))
    return wishes


def _to_confirm(contact: Contact, directory: Directory) -> Contact:
    asked = Confirmation(state="to-confirm", at=directory.clock.now(), why="carried-over")
    return contact.model_copy(update={"confirmation": asked})


async def _was_carried(directory: Directory, old: str) -> bool:
    history = await directory.store.read_stream(succession.stream_of(old))
    return reduce(succession.evolve, (each.event for each in history), succession.PLAIN).carried
