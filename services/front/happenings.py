"""What happened, when, and by whom? The items of a timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.school_days import NOBODY
from services.front.vocabulary import ENDED, NOT_OURS, REACTIONS, WAYS, word
from services.front.words import day_and_time, number_of

Json = dict[str, Any]
_PLAIN = {
    "scheduled": "Notification made",
    "in-inbox": "Put in the inbox",
    "consent-not-confirmed": "Consent could not be confirmed: not sent, asked again",
    "read-again": "Read again",
    "superseded": "Replaced by a correction",
    "taken-back": "Told that the sender took it back altogether",
    "unchanged-by-correction": "Corrected in nothing that this recipient was shown",
    "overdue": "Not read in time",
    "telephone-asked": "A telephone call was asked for",
    "opened": "First read",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    title: str
    at: str
    by: str = ""


def happening(step: Json, people: Mapping[str, str]) -> Happening:
    """One step as the services tell it. `people`: names by id, where the visitor may know them."""
    by = step.get("by")
    return Happening(title=_title(step), at=step["at"], by=people.get(by, by) if by else "")


def newest_first(found: Sequence[Happening]) -> list[Happening]:
    """Also of what happened in the same moment, which comes in the order in which it happened."""
    in_order = sorted(found, key=lambda one: datetime.fromisoformat(one.at))
    return in_order[::-1]


def _title(step: Json) -> str:
    what = str(step["what"])
    if what == "scheduled" and step.get("calendar") == NOBODY:
        return f"{_PLAIN[what]}; no calendar is known for this school, so Monday to Friday counts"
    if what in _PLAIN:
        return _PLAIN[what]
    if what == "nudged":
        contacts = step.get("contacts")
        to = f" to {number_of(len(contacts), 'person', 'people')}" if contacts else ""
        return f"{'Reminder' if step.get('again') else 'Nudge'} sent{to}"
    if what == "announced":
        again = "Reminded" if step.get("again") else "Told"
        return f"{again} {WAYS.get(str(step.get('way')), '')}".strip()
    if what == "acknowledged":
        reaction = step.get("outcome")
        return f"Recorded: {word(REACTIONS)(reaction).lower()}" if reaction else "Recorded"
    if what == "not-ours":
        why = NOT_OURS.get(str(step.get("reason")), "")
        return f"Said not to be theirs: {why}" if why else "Said not to be theirs"
    if what == "due-moved":
        return f"Now due {day_and_time(step['due'])}"
    if what in ("cancelled", "withdrawn"):
        why = ENDED.get(str(step.get("reason")), "")
        return f"{what.capitalize()}: {why}" if why else what.capitalize()
    return word({})(what)
