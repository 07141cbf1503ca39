"""How is one disclosed value said? Words for codes, sentences for answers, lines for people."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.front.labels import part
from services.front.words import day_and_time, short_day

NOT_KNOWN = "Not known"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Lines of text, or one block of labelled lines for each person."""

    lines: tuple[str, ...] = ()
    blocks: tuple[Pairs, ...] = ()


CODES = {
    "spoken-to": "Yes",
    "not-spoken-to": "No",
    "asleep": "asleep",
    "absent": "not there",
    "unsafe": "it was not safe",
    "refused": "did not want to",
    "language": "no shared language",
    "too-distressed": "too distressed",
    "too-young": "too young",
    "home": "Home",
    "refuge": "Refuge: the address is never shown",
    "temporary": "Temporary address",
    "public": "Public place",
    "other": "Other",
    "domestic-abuse": "Domestic abuse",
    "standard": "Standard",
    "medium": "Medium",
    "high": "High",
    "inform": "For information",
    "refer": "This is a referral: they ask you to act",
    "verbal": "Verbal abuse",
    "physical": "Physical violence",
    "sexual": "Sexual violence",
    "threats": "Threats",
    "damage": "Damage to property",
    "coercive-control": "Controlling or coercive behaviour",
    "economic": "Economic abuse",
    "stalking": "Stalking or harassment",
    "breach-of-order": "Breach of a court order",
    "completed": "Completed",
    "transferred": "Transferred to another provider",
    "dropped-out": "Dropped out",
    "withdrawn-by-provider": "Ended by the provider",
    "declined": "Declined treatment",
    "custody": "In custody",
    "died": "Died",
    "assessment": "Assessment",
    "review": "Review",
    "prescribing": "Prescribing",
    "group": "Group",
    "did-not-attend": "Did not attend",
    "cancelled-by-client": "Cancelled by the client",
    "not-brought": "The child was not brought",
    "no-access": "Nobody answered the door",
    "visible-high-risk": "Visible high risk",
    "professional-judgement": "Professional judgement",
    "escalation": "Escalation",
    "repeat": "Repeat",
    "honour-based": "Honour-based abuse",
    "female": "Female",
    "male": "Male",
    "registered": "At a school",
    "further-education": "In further education",
    "home-educated": "Educated at home",
    "missing-education": "Without a school place",
    "unknown": NOT_KNOWN,
}
_RELATED = {  # how somebody is to another; what is not listed reads "step parent of ..."
    "parental-responsibility": "has parental responsibility for",
    "unrelated": "not related to",
    "unknown": "it is not known how related to",
}
_WORK = "works_or_volunteers_at"
_PRESENCE = {
    "present": ("Was in the home", "Was there"),
    "elsewhere-in-home": ("Was elsewhere in the home", "Was elsewhere in the home"),
    "not-present": ("Was not in the home", "Was not there"),
}


def shown(path: str, value: Any, content: Mapping[str, Any]) -> Shown:
    """`content`: the whole, for what a value means beside others."""
    if path in _SPECIAL:
        return Shown(lines=_SPECIAL[path](value, content))
    if value is None:
        return Shown(lines=(NOT_KNOWN,))
    if isinstance(value, Mapping):
        return Shown(blocks=(_pairs(value, _names(content)),))
    if isinstance(value, Sequence) and not isinstance(value, str):
        if value and all(isinstance(one, Mapping) for one in value):
            return Shown(blocks=tuple(_pairs(one, _names(content)) for one in value))
        return Shown(lines=tuple(said(one) for one in value) or (NOT_KNOWN,))
    return Shown(lines=(said(value),))


def said(value: Any) -> str:
    """One plain value."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    text = str(value)
    if _MOMENT.match(text):
        return day_and_time(text)
    if _DAY.fullmatch(text):
        return short_day(text)
    return CODES.get(text, text)


def _pairs(one: Mapping[str, Any], names: Mapping[str, str]) -> Pairs:
    """The references of persons are the sender's own: nothing to a reader, who gets the names."""
    return tuple(
        (part(name), _inner(name, value, names)) for name, value in one.items() if name != "ref"
    )


def _inner(name: str, value: Any, names: Mapping[str, str]) -> str:
    if name == "lines":
        return ", ".join(value)
    if name == "relationships":
        return "; ".join(
            f"{_related(one['kind'])} {names.get(one['to'], 'somebody else')}" for one in value
        )
    if isinstance(value, Mapping):
        return "; ".join(
            f"{part(key).lower()}: {_inner(key, inner, names)}" for key, inner in value.items()
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(_one_line(each, names) for each in value)
    return said(value)


def _related(kind: str) -> str:
    return _RELATED.get(kind) or f"{kind.replace('-', ' ')} of"


def workplaces(content: Mapping[str, Any]) -> set[str]:
    """The ids of organisations at which anybody in it works or volunteers."""
    return {work["organisation"] for work in _work_of(content) if work.get("organisation")}


def with_workplaces(content: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The same with those called by name; one that nobody knows keeps its id."""
    return {path: _renamed(value, names) for path, value in content.items()}


def _work_of(value: Any) -> list[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        own = list(value.get(_WORK) or ())
        return own + [one for inner in value.values() for one in _work_of(inner)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [one for inner in value for one in _work_of(inner)]
    return []


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {
            key: [_called(work, names) for work in inner or ()]
            if key == _WORK
            else _renamed(inner, names)
            for key, inner in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_renamed(one, names) for one in value]
    return value


def _called(work: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A name that the event gives stands beside it; the same twice is said once."""
    if not work.get("organisation"):
        return dict(work)
    name = names.get(work["organisation"], work["organisation"])
    rest = {key: one for key, one in work.items() if key not in ("organisation", "name")}
    given = {"name": work["name"]} if work.get("name") not in (None, name) else {}
    return {"organisation": name, **given, **rest}


def _one_line(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        return ", ".join(_inner(key, inner, names) for key, inner in value.items())
    return said(value)


def _names(content: Mapping[str, Any]) -> dict[str, str]:
    listed = [
        *(content.get("people") or ()),
        *(content.get("children") or ()),
        *(content.get("others") or ()),
    ]
    return {one["ref"]: one["name"] for one in listed if "ref" in one and "name" in one}


def in_home(content: Mapping[str, Any]) -> bool:
    place = content.get("incident.location_kind") or (content.get("incident.location") or {}).get(
        "kind"
    )
    return place == "home"


def _presence(value: Any, content: Mapping[str, Any]) -> tuple[str, ...]:
    at_home, elsewhere = _PRESENCE.get(value, (NOT_KNOWN, NOT_KNOWN))
    return (at_home if in_home(content) else elsewhere,)


def _spoken_to(value: Any, content: Mapping[str, Any]) -> tuple[str, ...]:
    if not value:
        return (NOT_KNOWN,)
    if value.get("outcome") == "spoken-to":
        alone = {True: ", alone", False: ", with another adult in the room"}.get(
            value.get("alone"), ""
        )
        return (f"Yes{alone}",)
    why = value.get("reason_not")
    return (f"No: {CODES.get(why, why)}" if why and why != "other" else "No",)


def _words(value: Any, content: Mapping[str, Any]) -> tuple[str, ...]:
    return (f"“{value}”",) if value else ("Nothing recorded",)


def _checked(value: Any, content: Mapping[str, Any]) -> tuple[str, ...]:
    return ({True: "Yes", False: "No"}.get(value, NOT_KNOWN),)


ELSEWHERE = "Whether this service told them is decided apart, and cannot be said here"


def _informed(value: Any, content: Mapping[str, Any]) -> tuple[str, ...]:
    said = {True: ("Yes",), False: ("Not by the officer", ELSEWHERE)}
    return said.get(value, (NOT_KNOWN,))


def _contact_parents(value: Any, content: Mapping[str, Any]) -> tuple[str, ...]:
    if value is True:
        return ("You may contact the person harmed because of this, when it is safe for them.",)
    if isinstance(value, str):
        return (value,)
    return ("Do not contact a parent or carer because of this notification.",)


def _dates(value: Any, content: Mapping[str, Any]) -> tuple[str, ...]:
    if value:
        return tuple(short_day(one) for one in value)
    return ("None",) if content.get("history.count_12_months") == 0 else (NOT_KNOWN,)


def _consent(value: Any, content: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        {"given": "Given", "refused": "Refused", "not-sought": "Not sought"}.get(value, NOT_KNOWN),
    )


def _hide(value: Any, content: Mapping[str, Any]) -> tuple[str, ...]:
    if value is True:
        return ("Keep this out of what can be read online, and off what is printed.",)
    return (NOT_KNOWN,)


def _desk(value: Any, content: Mapping[str, Any]) -> tuple[str, ...]:
    lines = []
    for one in value or ():
        ways = [str(one[way]) for way in ("phone", "email", "organisation") if one.get(way)]
        lines.append(" or ".join(ways))
    return tuple(lines) or (NOT_KNOWN,)


_SPECIAL: dict[str, Callable[[Any, Mapping[str, Any]], tuple[str, ...]]] = {
    "child.presence": _presence,
    "child.spoken_to": _spoken_to,
    "child.words": _words,
    "child.welfare_check": _checked,
    "social_care.informed": _informed,
    "instructions.contact_parents": _contact_parents,
    "marac.consent": _consent,
    "instructions.hide_from_online_access": _hide,
    "history.dates_12_months": _dates,
    "incident.desk": _desk,
}
