"""How is an agreement read aloud? Its parts as headings and plain lines, in one order."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.front import labels
from services.front.vocabulary import AUDIENCES, EVENTS, word
from services.front.words import listed, number_of, short_day

Json = dict[str, Any]
_EFFECTS = {
    "covers": "It is only about cases where this is so",
    "require": "This must be so",
    "forbid": "Nothing is shared where this is so",
    "hold": "A person decides first where this is so",
    "permit": "This allows the sharing",
    "note": "Said where it is so; it decides nothing",
}
_CONSENT = {
    "irrelevant": "Consent is not asked for: the sharing rests on the ground above.",
    "needed": "Nothing is shared without consent.",
    "sought": "Consent is asked for; the sharing does not rest on it.",
}
_ABOUT = {
    "child": "each child",
    "harmed": "the person harmed",
    "client": "the client",
    "child-or-client": "each child, or the client where there is none",
}
_STARTS = {
    "believed-at": "the police first believe it",
    "accepted": "the event is accepted",
    "appointment-start": "the appointment was to start",
}
_BASIS = {
    "article_6": "UK GDPR article 6",
    "article_9": "UK GDPR article 9",
    "condition": "Condition",
    "part_3": "Where the sender processes under DPA 2018 Part 3",
    "gateway": "Gateway",
    "consent": "Consent",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    title: str
    url: str
    status: str

    @property
    def colour(self) -> str:
        return "green" if self.status == "verified" else "yellow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One statement: what it is called, what it says, and where that comes from."""

    label: str
    says: tuple[str, ...]
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    heading: str
    lines: tuple[Line, ...]


def read_aloud(agreement: Json) -> tuple[Part, ...]:
    parts = (
        Part(heading="Who shares, and what for", lines=tuple(_parties(agreement))),
        Part(heading="Who is told, about whom, and by when", lines=tuple(_audiences(agreement))),
        Part(heading="On what ground", lines=tuple(_ground(agreement))),
        Part(heading="Conditions", lines=tuple(_conditions(agreement))),
        Part(heading="What is shown", lines=tuple(_profiles(agreement))),
        Part(heading="What each area may set", lines=tuple(_parameters(agreement))),
        Part(heading="Keeping and answering for it", lines=tuple(_keeping(agreement))),
    )
    return tuple(part for part in parts if part.lines)


def plain(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def fields_of(agreement: Json) -> dict[str, tuple[str, ...]]:
    """The labels of the fields that each profile shows, in the order of the pages."""
    return {
        name: tuple(labels.label(path) for path in labels.in_order(set(paths)))
        for name, paths in agreement["profiles"].items()
    }


def _sources(agreement: Json, cites: Iterable[str]) -> tuple[Source, ...]:
    known = agreement["citations"]
    return tuple(Source(**known[name]) for name in dict.fromkeys(cites) if name in known)


def _parties(agreement: Json) -> Iterator[Line]:
    parties = agreement["parties"]
    yield Line(label="Purpose", says=(" ".join(agreement["purpose"].split()),))
    for label, names in (("Who sends", "senders"), ("Who receives", "recipients")):
        yield Line(label=label, says=(_kinds(parties[names]),))
    yield Line(label="About what", says=tuple(word(EVENTS)(one) for one in agreement["events"]))


def _kinds(kinds: Iterable[str]) -> str:
    said = ["any organisation" if one == "any" else plain(one) for one in kinds]
    return listed(said)[:1].upper() + listed(said)[1:]


def _audiences(agreement: Json) -> Iterator[Line]:
    for audience, told in agreement["audiences"].items():
        about = f"About {_ABOUT.get(told['about'], plain(told['about']))}."
        shows = f"Shows “{told['default_profile']}”, unless the area chooses otherwise."
        cites = [name for rule in told["due"] for name in rule.get("cites") or ()]
        yield Line(
            label=word(AUDIENCES)(audience),
            says=(about, shows, *(_due(rule) for rule in told["due"])),
            sources=_sources(agreement, cites),
        )


def _due(rule: Json) -> str:
    starts = _STARTS.get(rule["starts"], plain(rule["starts"]))
    clock = {
        "school-day": f"Due before the gate opens on the first school day after {starts}",
        "clock-hours": f"Due {number_of(rule['hours'], 'hour')} after {starts}",
        "working-day": f"Due at {str(rule['at'])[:5]} on working day {rule['days']} after {starts}",
        "at-once": f"Due at once when {starts}",
    }[rule["kind"]]
    when = f", where {plain(rule['when'])}" if rule.get("when") else ""
    holidays = f" Over holidays: {rule['holidays']}." if rule.get("holidays") else ""
    return f"{clock}{when}.{holidays}"


def _ground(agreement: Json) -> Iterator[Line]:
    basis = agreement["basis"]
    sources: Mapping[str, Any] = basis.get("sources") or {}
    named = {name for cites in sources.values() for name in cites}
    for name, label in _BASIS.items():
        says = basis.get(name) if name != "consent" else _CONSENT.get(agreement["consent"])
        if says:
            yield Line(
                label=label, says=(says,), sources=_sources(agreement, sources.get(name, ()))
            )
    if basis.get("excluded_categories"):
        kinds = listed([plain(one) for one in basis["excluded_categories"]])
        yield Line(label="Never under this gateway", says=(kinds[:1].upper() + kinds[1:],))
    rest = _sources(agreement, (name for name in basis["cites"] if name not in named))
    if rest:
        yield Line(label="It also rests on", says=(), sources=rest)
    told = agreement["tell_subject"]
    must = "The person concerned must be told." if told["required"] else "No telling is asked for."
    unless = (f"Unless: {told['unless']}",) if told.get("unless") else ()
    yield Line(
        label="Telling the person",
        says=(must, *unless),
        sources=_sources(agreement, told.get("cites") or ()),
    )


def _conditions(agreement: Json) -> Iterator[Line]:
    for one in agreement["conditions"]:
        only = [word(AUDIENCES)(name) for name in one.get("audiences") or ()]
        only += [word(EVENTS)(name) for name in one.get("events") or ()]
        where = (f"Only for: {listed(only)}.",) if only else ()
        yield Line(
            label=f"{_EFFECTS[one['effect']]} ({one['rule']})",
            says=(" ".join(one["says"].split()), *where),
            sources=_sources(agreement, one.get("cites") or ()),
        )


def _profiles(agreement: Json) -> Iterator[Line]:
    for name, fields in fields_of(agreement).items():
        yield Line(label=f"Profile “{name}”", says=fields)


def _parameters(agreement: Json) -> Iterator[Line]:
    opens = agreement.get("opened_by")
    for name, one in (agreement.get("area") or {}).items():
        closed = ("Nothing is shared in an area that has not set this.",) if name == opens else ()
        yield Line(
            label=plain(name).capitalize(),
            says=(
                " ".join(one["says"].split()),
                f"Where it sets nothing: {_value(one['default'])}.",
                *closed,
            ),
            sources=_sources(agreement, one.get("cites") or ()),
        )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{plain(str(key))} {_value(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    return str(value)


def _keeping(agreement: Json) -> Iterator[Line]:
    kept = agreement["retention"]
    yield Line(
        label="Kept for",
        says=(number_of(kept["months"], "month"), " ".join(kept["says"].split())),
        sources=_sources(agreement, kept.get("cites") or ()),
    )
    if agreement.get("records"):
        yield Line(label="On record beside the decision", says=tuple(agreement["records"]))
    yield Line(label="To be reviewed on", says=(short_day(agreement["review_on"]),))
    yield Line(label="Breaches are told to", says=(agreement["breaches_to"],))
