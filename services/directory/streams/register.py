"""Who is on the roll of one organisation? Each pupil is sealed under a key of their own.

One stream for each register, so that an upload is one append: all of it or nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from services.chassis.sealing import Sealed

_ENROLMENTS = UUID("5b0e4a52-8a54-5a0f-9d3e-6f0f1c2f7a11")


def stream_of(organisation: str) -> str:
    return f"register-{organisation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilRegistered:
    """`upn` and `person` are keyed hashes; what can be read is sealed."""

    enrolment: UUID
    organisation: str
    upn: str | None
    person: str | None
    starts: date | None
    until: date | None
    details: Sealed
    registered_at: datetime
    nhs: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilChanged:
    enrolment: UUID
    organisation: str
    upn: str | None
    person: str | None
    starts: date | None
    until: date | None
    details: Sealed
    changed_at: datetime
    nhs: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilLeft:
    """`until` is the last day on roll. The rest is repeated: a message tells the whole state."""

    enrolment: UUID
    organisation: str
    upn: str | None
    person: str | None
    starts: date | None
    until: date
    left_at: datetime
    nhs: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilRemoved:
    """Should never have been on this roll."""

    enrolment: UUID
    organisation: str
    removed_at: datetime


RegisterEvent: TypeAlias = PupilRegistered | PupilChanged | PupilLeft | PupilRemoved


@dataclass(frozen=True, slots=True, kw_only=True)
class Pupil:
    """One pupil to register. At least one of `upn`, `nhs` and `person` is known."""

    upn: str | None
    person: str | None
    starts: date | None = None
    until: date | None = None
    nhs: str | None = None
    also: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(repr=False)

    def enrolment(self, organisation: str) -> UUID:
        return uuid5(_ENROLMENTS, f"{organisation}|{self.upn or self.person or self.nhs}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    upn: str | None
    person: str | None
    starts: date | None
    until: date | None
    details: Any
    nhs: str | None = None
    also: tuple[str, ...] = ()


Register: TypeAlias = Mapping[UUID, Entry]
EMPTY: Register = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPupils:
    """`whole`: this is everybody, and who is not named has left the day before `today`."""

    organisation: str
    pupils: tuple[Pupil, ...]
    last_day_of_others: date | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkLeft:
    organisation: str
    enrolment: UUID
    until: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePupil:
    organisation: str
    enrolment: UUID
    at: datetime


RegisterCommand: TypeAlias = RegisterPupils | MarkLeft | RemovePupil


class PupilUnknown(Exception):
    """No such enrolment on this roll."""


def evolve(register: Register, event: RegisterEvent) -> Register:
    match event:
        case PupilRegistered() | PupilChanged():
            entry = Entry(
                upn=event.upn,
                person=event.person,
                starts=event.starts,
                until=event.until,
                details=event.details.value,
                nhs=event.nhs,
                also=event.also,
            )
            return {**register, event.enrolment: entry}
        case PupilLeft():
            entry = replace(register[event.enrolment], until=event.until)
            return {**register, event.enrolment: entry}
        case PupilRemoved():
            return {key: entry for key, entry in register.items() if key != event.enrolment}


def decide(command: RegisterCommand, register: Register) -> tuple[RegisterEvent, ...]:
    match command:
        case RegisterPupils():
            return tuple(_register(command, register))
        case MarkLeft():
            if command.enrolment not in register:
                raise PupilUnknown
            return tuple(_left(command, [command.enrolment], command.until, register))
        case RemovePupil():
            if command.enrolment not in register:
                return ()
            return (
                PupilRemoved(
                    enrolment=command.enrolment,
                    organisation=command.organisation,
                    removed_at=command.at,
                ),
            )


def match_pupils(
    organisation: str, pupils: Iterable[Pupil], register: Register
) -> list[tuple[UUID, Pupil]]:
    """Which enrolment is each pupil's? The numbers first, then the person; else a new one."""
    by_upn = {entry.upn: key for key, entry in register.items() if entry.upn}
    by_nhs = {entry.nhs: key for key, entry in register.items() if entry.nhs}
    by_person = {entry.person: key for key, entry in register.items() if entry.person}
    return [
        (
            (by_upn.get(pupil.upn) if pupil.upn else None)
            or (by_nhs.get(pupil.nhs) if pupil.nhs else None)
            or (by_person.get(pupil.person) if pupil.person else None)
            or pupil.enrolment(organisation),
            pupil,
        )
        for pupil in pupils
    ]


def _register(command: RegisterPupils, register: Register) -> Iterable[RegisterEvent]:
    named = set()
    for enrolment, pupil in match_pupils(command.organisation, command.pupils, register):
        named.add(enrolment)
        before = register.get(enrolment)
        if before is None:
            yield PupilRegistered(registered_at=command.at, **_facts(command, enrolment, pupil))
        elif before != _entry(pupil):
            yield PupilChanged(changed_at=command.at, **_facts(command, enrolment, pupil))
    if command.last_day_of_others is not None:
        others = [key for key in register if key not in named]
        yield from _left(command, others, command.last_day_of_others, register)


def _left(
    command: RegisterPupils | MarkLeft, gone: Sequence[UUID], until: date, register: Register
) -> Iterable[PupilLeft]:
    for enrolment in gone:
        entry = register[enrolment]
        left_before = entry.until is not None and entry.until <= until
        if entry.until == until or (left_before and isinstance(command, RegisterPupils)):
            continue
        yield PupilLeft(
            enrolment=enrolment,
            organisation=command.organisation,
            upn=entry.upn,
            person=entry.person,
            starts=entry.starts,
            until=until,
            left_at=command.at,
            nhs=entry.nhs,
            also=entry.also,
        )


def _entry(pupil: Pupil) -> Entry:
    return Entry(
        upn=pupil.upn,
        person=pupil.person,
        starts=pupil.starts,
        until=pupil.until,
        details=dict(pupil.details),
        nhs=pupil.nhs,
        also=pupil.also,
    )


def _facts(command: RegisterPupils, enrolment: UUID, pupil: Pupil) -> dict[str, Any]:
    return {
        "enrolment": enrolment,
        "organisation": command.organisation,
        "upn": pupil.upn,
        "person": pupil.person,
        "starts": pupil.starts,
        "until": pupil.until,
        "nhs": pupil.nhs,
        "also": pupil.also,
        "details": Sealed(f"pupil-{enrolment}", dict(pupil.details)),
    }
