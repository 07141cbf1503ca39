"""What is different between two versions of an agreement? The fields that are shown come first."""

from dataclasses import dataclass
from typing import Any

from services.front.governing.reading_aloud import Line, fields_of, read_aloud

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One statement as it was and as it is; empty where there is none."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChange:
    profile: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


def profile_changes(before: Json, after: Json) -> list[ProfileChange]:
    old, new = fields_of(before), fields_of(after)
    found = []
    for name in dict.fromkeys((*new, *old)):
        was, now = old.get(name, ()), new.get(name, ())
        change = ProfileChange(
            profile=name,
            added=tuple(one for one in now if one not in was),
            removed=tuple(one for one in was if one not in now),
        )
        if change.added or change.removed:
            found.append(change)
    return found


def changes(before: Json, after: Json) -> list[Change]:
    """Everything else that reads otherwise, in the order of the newer version."""
    old, new = _said(before), _said(after)
    return [
        Change(label=label, before=old.get(label, ()), after=new.get(label, ()))
        for label in dict.fromkeys((*new, *old))
        if old.get(label) != new.get(label)
    ]


def _said(agreement: Json) -> dict[str, tuple[str, ...]]:
    told: dict[str, tuple[str, ...]] = {}
    for part in read_aloud(agreement):
        if part.heading != "What is shown":
            for line in part.lines:
                told[line.label] = (*told.get(line.label, ()), *_whole(line))
    return told


def _whole(line: Line) -> tuple[str, ...]:
    return (*line.says, *(f"{one.title}: {one.status}" for one in line.sources))
