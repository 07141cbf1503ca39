"""What does one notification say, and in which order does a reader need it?

First what happened, then whether the child was there, then whether anybody is told already, then
what may be done; who it is comes after that, and the law last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.front import labels, values
from services.front.agreements import Ground
from services.front.happenings import Happening, newest_first
from services.front.vocabulary import REACTIONS, word
from services.front.words import day_and_time, listed, near, number_of, until_due

Json = dict[str, Any]
_ABUSE_ONLY = ("education", "home-education-officer", "children-missing-education", "marac")
_FOUND = {
    "register": "Your register of pupils has this child.",
    "person": "A person looked up the school.",
    "sender": "The police named your school.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    label: str
    shown: values.Shown


def name_of(content: Mapping[str, Any]) -> str:
    """What people call the one whom it is about: for the heading."""
    known = content.get("child.known_as"), content.get("child.name")
    others = content.get("harmed.name"), content.get("client.name")
    return next((str(one) for one in (*known[1:], *others) if one), "Somebody not named")


def short_name(content: Mapping[str, Any]) -> str:
    """For a sentence: the name the child is known by, else the first of the full name."""
    return str(content.get("child.known_as") or name_of(content).split()[0])


def is_domestic_abuse(content: Mapping[str, Any], audience: str) -> bool:
    if "incident.occurred_at" not in content:
        return False
    category = content.get("incident.category")
    return category == "domestic-abuse" or (category is None and audience in _ABUSE_ONLY)


def lead(content: Mapping[str, Any], audience: str) -> str:
    """What happened, in one sentence."""
    if "incident.occurred_at" in content:
        return _incident(content, audience)
    who, provider = content.get("client.name", "the client"), content.get("treatment.provider", "")
    if content.get("treatment.ended_at"):
        why = values.CODES.get(str(content.get("treatment.reason")), "")
        ended = f"{provider or 'The provider'} ended the treatment of {who}"
        return f"{ended} on {day_and_time(content['treatment.ended_at'])}{_reason(why)}."
    if content.get("appointment.starts_at"):
        kind = str(content.get("appointment.kind", "appointment"))
        outcome = values.CODES.get(str(content.get("appointment.outcome")), "Missed")
        starts = day_and_time(content["appointment.starts_at"])
        noun = kind if kind in ("assessment", "review") else "appointment"
        return f"{outcome}: {noun} of {who} on {starts}{f' with {provider}' if provider else ''}."
    return "Somebody you may need to know about was named to us."


def _reason(why: str) -> str:
    return f": {why[:1].lower()}{why[1:]}" if why else ""


def _incident(content: Mapping[str, Any], audience: str) -> str:
    abuse = "a domestic abuse incident" if is_domestic_abuse(content, audience) else "an incident"
    when = day_and_time(content["incident.occurred_at"])
    name = short_name(content)
    if values.in_home(content):
        return f"Police went to {abuse} at {name}’s home on {when}."
    place = content.get("incident.location_kind") or (content.get("incident.location") or {}).get(
        "kind"
    )
    where = " in a public place" if place == "public" else ""
    return f"Police went to {abuse}{where} on {when}. It concerns {name}."


def sections(content: Mapping[str, Any], ground: Ground | None) -> dict[str, list[Row]]:
    """Rows by section. What the profile could show and nobody knows is said to be not known."""
    possible = {path for path in (ground.paths if ground else ()) if not path.endswith(".*")}
    found: dict[str, list[Row]] = {name: [] for name in labels.SECTIONS}
    for path in labels.in_order(possible | set(content)):
        row = Row(label=labels.label(path), shown=values.shown(path, content.get(path), content))
        found[labels.section_of(path)].append(row)
    return found


def found_by(detail: Json) -> str | None:
    return _FOUND.get(detail.get("found_by") or "") if detail["audience"] == "education" else None


def correction(detail: Json) -> Json | None:
    """What a correction changes, in the labels of the page, and the sender's words for it."""
    told = detail.get("corrected")
    if not told:
        return None
    changed = [labels.label(path) for path in labels.in_order(set(told["changed"] or ()))]
    return {"changed": changed, "reason": told["reason"]}


def reading(detail: Json, me: str, people: Mapping[str, str], now: datetime) -> str:
    """Read by 8:10am. You read it at 7:50am."""
    due, opened = detail["due"], detail.get("opened_at")
    if opened is None:
        return f"Read by {near(due, now)}."
    first = (
        f"Was to be read by {near(due, now)}."
        if detail["overdue"]
        else f"Read by {near(due, now)}."
    )
    reader = _person(detail.get("opened_by"), me, people)
    late = until_due(due, datetime.fromisoformat(opened)) if detail["overdue"] else ""
    ending = f", {late}" if late.endswith("late") else ""
    return f"{first} {reader} read it at {near(opened, now)}{ending}."


def late(detail: Json) -> str:
    """That it was not the reader who was late; empty where nothing was."""
    told = detail.get("late")
    if not told:
        return ""
    return f"{told['says']} It came {_span(told['minutes'])} after that moment."


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [number_of(hours, "hour")] if hours else []
    return listed([*parts, *([number_of(rest, "minute")] if rest or not hours else [])])


def notes(detail: Json, me: str, people: Mapping[str, str]) -> list[Json]:
    """What was written beside the answers, oldest first."""
    return [
        {"by": _by(one["by"], me, people), "at": one["at"], "note": one["note"]}
        for one in detail.get("notes", ())
    ]


def _person(contact: str | None, me: str, people: Mapping[str, str]) -> str:
    if contact == me:
        return "You"
    return people.get(contact or "", "") or "Your organisation’s system"


def _by(contact: str | None, me: str, people: Mapping[str, str]) -> str:
    name = _person(contact, me, people)
    return (
        "you" if contact == me else name[:1].lower() + name[1:] if contact not in people else name
    )


def happenings(detail: Json, me: str, people: Mapping[str, str]) -> Sequence[Happening]:
    """The newest first."""
    reaction = word(REACTIONS)(detail["outcome"]) if detail.get("outcome") else ""
    steps = [
        ("Put in your inbox", detail.get("received_at"), ""),
        ("You were told that it is there", detail.get("told_at"), ""),
        *(
            ("A telephone call was asked for", at, "")
            for at in detail.get("telephone_asked_at", ())
        ),
        ("Not read in time", detail["due"] if detail["overdue"] else None, ""),
        ("First read", detail.get("opened_at"), _by(detail.get("opened_by"), me, people)),
        (
            f"Recorded: {reaction[:1].lower()}{reaction[1:]}" if reaction else "Recorded",
            detail.get("acknowledged_at"),
            _by(detail.get("acknowledged_by"), me, people),
        ),
    ]
    kept = [Happening(title=title, at=at, by=by) for title, at, by in steps if at]
    return newest_first(kept)
