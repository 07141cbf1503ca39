"""Hypothesis strategies for deciding: events as agencies may send them, facts, areas, agreements.

Everything is well formed and synthetic; the values are few and lie on the edges (a birthday, an
anniversary, a border), so that coincidences happen.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from contracts.agreements import Agreement
from contracts.envelope import parse
from contracts.field_paths import FIELDS, never_shown, of_kinds
from contracts.messages import Outcome
from services.consent.domain.deciding import decide
from services.consent.domain.decision import Verdict
from services.consent.domain.facts import Area, ConsentEntry, Facts, MaracEntry, Policy, Status
from services.consent.domain.matter import Matter
from tests.consent.story import (
    AGREEMENTS,
    EAST,
    ENDED,
    FORCE_X,
    FORCE_Y,
    MISSED,
    NORTH,
    NOW,
    ORGANISATIONS,
    PEPPER,
    RECORDED,
    SOUTH,
    Json,
    child,
    client,
    ended,
    event,
    harmed,
    incident,
    missed,
    other,
    person,
)

CHILDREN = ("c1", "c2")
AUTHORITIES = st.sampled_from([NORTH, SOUTH, EAST])
FORCES = st.sampled_from([FORCE_X, FORCE_Y])
FLAGS = st.sampled_from([True, False, None])
# Sixteen, eighteen and four on the day of belief, each with the day before; and not known.
BIRTHS = st.sampled_from(
    [
        None,
        "2018-05-01",
        "2008-02-13",
        "2008-02-14",
        "2010-02-13",
        "2010-02-14",
        "2022-02-13",
        "2022-02-14",
        "2004-02-29",
    ]
)
MOMENTS = st.sampled_from(
    [
        datetime(2024, 2, 29, 12, tzinfo=UTC),
        datetime(2025, 2, 12, 12, tzinfo=UTC),
        datetime(2025, 2, 13, 23, 30, tzinfo=UTC),
        datetime(2026, 1, 31, 12, tzinfo=UTC),
        datetime(2026, 2, 13, 22, 40, tzinfo=UTC),
        datetime(2026, 2, 20, 12, tzinfo=UTC),
    ]
)
SUMMARIES = st.sampled_from(
    [None, "Shouting was heard.", "She drank.", "They live at 12 Larch Road.", "As bad as ever."]
)
AGENCIES = st.sampled_from(["north-police", "haven", "surgery", "north-csc", "stranger"])


def present(options: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Json]:
    """Any of these, each absent where it is drawn as None: a field is left out, never null."""
    drawn = st.fixed_dictionaries({}, optional=options)
    return drawn.map(lambda told: {k: v for k, v in told.items() if v is not None})


ADDRESSES = st.lists(
    st.builds(
        lambda kind, more: {"kind": kind, **more},
        st.sampled_from(["home", "refuge", "temporary", "other"]),
        present(
            {
                "local_authority": AUTHORITIES,
                "police_area": FORCES,
                "postcode": st.sampled_from(["ZZ99 3CZ", "ZZ99 9RF"]),
                "since": st.sampled_from(["2020-01-01", "2026-02-13", "2026-02-14"]),
                "until": st.sampled_from(["2026-02-14", "2026-03-01"]),
            }
        ),
    ),
    max_size=2,
)
EDUCATION = st.lists(
    st.builds(
        lambda status, more: {"status": status, **more},
        st.sampled_from(
            ["registered", "further-education", "home-educated", "missing-education", "unknown"]
        ),
        present({"urn": st.sampled_from(["900001", "900002"])}),
    ),
    max_size=2,
)
KINDS = st.sampled_from(["parent", "step-parent", "child", "relative", "unrelated", "partner"])
HANDLING = present(
    {
        "sexual_offence": FLAGS,
        "honour_based": FLAGS,
        "covert": FLAGS,
        "hold": st.sampled_from(
            [
                {
                    "until": until,
                    "authorised_by": "Chief Inspector Test",
                    "rank": "chief-inspector",
                    "reason": "An arrest is planned.",
                    "audiences": audiences,
                }
                for until in ("2026-02-14T09:00:00Z", "2026-02-13T23:06:00Z")
                for audiences in ([], ["childrens-social-care"])
            ]
        ),
        "never_tell": st.sampled_from([["alder"], ["birch"], ["north-csc"], ["unknown-one"]]),
        "not_readers": st.just([{"given_name": "Di", "family_name": "Test", "reason": "A party."}]),
    }
)


@st.composite
def _person(draw: st.DrawFn, made: Json, *, about: tuple[str, ...] = ()) -> Json:
    """The same person with other particulars; `about` are those to whom they may be related."""
    told = {name: value for name, value in made.items() if name != "relationships"}
    told["addresses"] = draw(ADDRESSES)
    link = st.builds(
        lambda to, kind: {"to": to, "kind": kind}, st.sampled_from(about or ("?",)), KINDS
    )
    told["relationships"] = draw(st.lists(link, max_size=2)) if about else []
    return told


@st.composite
def _children(draw: st.DrawFn, *, least: int, about: tuple[str, ...]) -> list[Json]:
    found = []
    for ref in CHILDREN[: draw(st.integers(least, len(CHILDREN)))]:
        kid = child(ref, "Cat" if ref == "c1" else "Dan", draw(BIRTHS), education=draw(EDUCATION))
        found.append(draw(_person(kid, about=about)))
    return found


@st.composite
def incidents(draw: st.DrawFn) -> Json:
    """What the police may record: up to two children, who may be parties, and two more adults."""
    children = draw(_children(least=0, about=("h", "o", "x", "y")))
    refs = tuple(kid["ref"] for kid in children)
    adults = [
        draw(_person(harmed(born=draw(BIRTHS)), about=("o", "x"))),
        draw(_person(other(born=draw(BIRTHS)), about=("h", "x"))),
        draw(_person(person("x", "Xan", "1960-01-01"), about=("h", "o", *refs))),
        draw(_person(person("y", "Yan", "1962-01-01"), about=refs or ("x",))),
    ]
    if draw(st.booleans()):
        adults[1]["works_or_volunteers_at"] = [{"urn": "900001"}]
    told = incident(
        people=[*adults, *children],
        entries=[{"ref": kid["ref"], "presence": "present"} for kid in children],
        category=draw(st.sampled_from(["domestic-abuse", "domestic-abuse", "other"])),
        grading=draw(st.sampled_from(["standard", "medium", "high"])),
        intent=draw(st.sampled_from(["inform", "refer"])),
        circumstances={k: v for k, v in {"summary": draw(SUMMARIES)}.items() if v},
        handling=draw(HANDLING),
    )
    told["people"] = told["people"][: len(adults)] + children
    if draw(st.booleans()):
        told["dash"] = {
            "score": draw(st.sampled_from([0, 9, 13, 14])),
            "professional_judgement": draw(st.booleans()),
        }
    if draw(st.booleans()):
        del told["location"]
    if draw(st.booleans()):  # a child may itself be a party
        told["parties"]["other"] += [kid["ref"] for kid in children[:1]]
    return told


@st.composite
def episodes(draw: st.DrawFn) -> Json:
    children = draw(_children(least=0, about=()))
    told = ended(*children, reason=draw(st.sampled_from(["completed", "dropped-out", "died"])))
    told["client"] = draw(_person(client()))
    told["client_told"] = {"told": draw(st.booleans())}
    return told


@st.composite
def appointments(draw: st.DrawFn) -> Json:
    children = draw(_children(least=0, about=()))
    told = missed(*children)
    told["client"] = draw(_person(client()))
    told["appointment"]["kind"] = draw(st.sampled_from(["assessment", "review"]))
    referrer = draw(st.sampled_from(["north-csc", "surgery", "nobody-known", None]))
    if referrer is None:
        del told["appointment"]["referred_by"]
    else:
        told["appointment"]["referred_by"] = referrer
    return told


@st.composite
def referrals(draw: st.DrawFn) -> Json:
    return {
        "reference": "SYN-R1",
        "child": draw(_person(child(born=draw(BIRTHS), education=draw(EDUCATION)))),
        "made_by_phone": draw(st.booleans()),
        "made_at": "2026-02-13T20:00:00Z",
        "intent": draw(st.sampled_from(["inform", "refer"])),
    }


@st.composite
def conferences(draw: st.DrawFn) -> Json:
    """A referral to the risk conference, with or without its children."""
    reasons = ["visible-high-risk", "professional-judgement", "repeat", "honour-based"]
    told = {
        "reference": "SYN-M1",
        "harmed": draw(_person(harmed(born=draw(BIRTHS)))),
        "other": [draw(_person(other()))],
        "children": draw(_children(least=0, about=())),
        "referred_at": "2026-02-13T20:00:00Z",
        "area": draw(st.sampled_from(["north-marac", "unknown-one"])),
        "reasons": draw(st.lists(st.sampled_from(reasons), max_size=2, unique=True)),
    }
    return {**told, **draw(present({"consent": _ANSWERS}))}


_ANSWERS = st.sampled_from(["given", "refused", "not-sought"])
EVENTS: dict[str, st.SearchStrategy[Json]] = {
    RECORDED: incidents(),
    "police.incident.corrected.v1": incidents().map(
        lambda told: {**told, "correction": {"reason": "The time was wrong."}}
    ),
    ENDED: episodes(),
    MISSED: appointments(),
    "referral.made.v1": referrals(),
    "marac.referral.made.v1": conferences(),
}
_ENTRIES = st.lists(
    st.builds(
        ConsentEntry,
        consent=st.just("k"),
        kind=st.sampled_from(["given", "given", "refused", "withdrawn"]),
        at=MOMENTS,
        purposes=st.sampled_from([(), ("early-help",), ("early-help", "referral")]),
        audiences=st.sampled_from([(), ("childrens-social-care", "referrer", "school-nursing")]),
        categories=st.sampled_from([(), ("attendance", "treatment-engagement")]),
        competence=st.sampled_from(["adult", "gillick", "doubtful", None]),
        presence_doubtful=st.booleans(),
        whose=st.sampled_from(["own", "own", "doubtful", "another"]),
        expires_on=st.sampled_from([None, date(2026, 2, 13), date(2026, 2, 12)]),
    ),
    max_size=3,
).map(tuple)
_STATUSES = st.lists(
    st.builds(
        Status,
        status=st.sampled_from(["none", "section-47", "protection-plan", "looked-after"]),
        since=MOMENTS.map(datetime.date),
        told_at=MOMENTS,
    ),
    max_size=2,
).map(tuple)
_CONFERENCES = st.lists(
    st.builds(
        MaracEntry,
        kind=st.sampled_from(["referral", "meeting"]),
        at=MOMENTS,
        area=st.just("north-marac"),
    ),
    max_size=2,
).map(tuple)
_REF = st.sampled_from(CHILDREN)
_TIMES = st.lists(MOMENTS, max_size=3).map(tuple)
FACTS = st.builds(
    Facts,
    statuses=st.dictionaries(_REF, _STATUSES),
    consents=st.dictionaries(st.just("p"), _ENTRIES),
    earlier=st.dictionaries(_REF, _TIMES),
    harm_stated=st.frozensets(_REF),
    between=_TIMES,
    marac=_CONFERENCES,
    marac_reversed=_CONFERENCES,
    retracted_at=st.sampled_from([*[None] * 6, NOW, datetime(2026, 2, 1, tzinfo=UTC)]),
)


@st.composite
def _policy(draw: st.DrawFn, agreement: Agreement) -> Policy:
    """Another word than the agreement's own for some of what an area may settle."""
    settings: dict[str, Any] = {}
    for name, parameter in agreement.area.items():
        match parameter.default:
            case bool():
                settings[name] = draw(st.booleans())
            case int() as default:
                settings[name] = draw(st.integers(max(default - 2, 0), default + 2))
            case default:
                settings[name] = default
    kept = {name: settings[name] for name in settings if draw(st.booleans())}
    if agreement.opened_by is not None:
        kept[agreement.opened_by] = True
    return Policy(
        agreement=agreement.id,
        local_authority=draw(st.sampled_from([NORTH, SOUTH, None])),
        police_area=FORCE_X,
        profile=draw(st.sampled_from([None, *sorted(agreement.profiles)])),
        settings=kept,
    )


@st.composite
def areas(draw: st.DrawFn) -> Area:
    unknown = draw(st.sampled_from(["", "", "", "north-police", "north-csc", "alder"]))
    settled = draw(st.lists(st.sampled_from(AGREEMENTS), max_size=2, unique_by=lambda one: one.id))
    if draw(st.booleans()):  # an area that has opened every local choice
        settled = [one for one in AGREEMENTS if one.opened_by is not None]
    once = {
        "marac_threshold": draw(st.integers(12, 16)),
        "escalation_count": draw(st.integers(1, 4)),
    }
    general = [Policy(agreement=None, local_authority=draw(AUTHORITIES), settings=once)]
    signed = draw(st.lists(st.sampled_from(AGREEMENTS), max_size=1))
    everybody = st.frozensets(st.sampled_from(sorted(ORGANISATIONS)))
    return Area(
        organisations={k: one for k, one in ORGANISATIONS.items() if k != unknown},
        policies=(*(draw(_policy(one)) for one in settled), *draw(st.sampled_from([[], general]))),
        forces=draw(st.sampled_from([{}, {NORTH: FORCE_X, SOUTH: FORCE_Y}])),
        signatories={one.id: draw(everybody) | {"north-police", "haven"} for one in signed},
    )


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """All that deciding is given, but for the agreements."""

    type: str
    data: Json
    agency: str
    facts: Facts
    area: Area

    @property
    def matter(self) -> Matter:
        """Made anew each time: what was worked out for one is no help to the other."""
        told = parse(event(self.data, self.type, self.agency))
        return Matter(
            type=self.type,
            agency=self.agency,
            content=told.content,
            sent_at=told.time,
            accepted_at=NOW,
            now=NOW + timedelta(minutes=1),
        )

    def decided(self, agreements: Any = AGREEMENTS, **more: Any) -> Verdict:
        """`more` may put other facts, another area or other conditions in the place of these."""
        facts, area = more.pop("facts", self.facts), more.pop("area", self.area)
        return decide(self.matter, facts, area, agreements, PEPPER, **more)


@st.composite
def occasions(draw: st.DrawFn, types: tuple[str, ...] = tuple(EVENTS)) -> Occasion:
    type_ = draw(st.sampled_from(types))
    usual = {"treatment": "haven", "referral": "alder"}.get(type_.split(".")[0], "north-police")
    return Occasion(
        type=type_,
        data=draw(EVENTS[type_]),
        agency=draw(st.one_of(st.just(usual), st.just(usual), AGENCIES)),
        facts=draw(FACTS),
        area=draw(areas()),
    )


def _settled(agreement: Agreement) -> list[Json]:
    """Its conditions with the agreement's own word where an area might set another."""
    return [
        {
            "use": one.use,
            "rule": one.rule,
            "says": one.says,
            "with": agreement.settled(one, {}),
        }
        for one in agreement.conditions
    ]


_POOL = list(
    {
        (one["use"], json.dumps(one["with"], sort_keys=True)): one
        for agreement in AGREEMENTS
        for one in _settled(agreement)
    }.values()
)
PATHS = sorted(FIELDS)
_EFFECTS = st.sampled_from(
    ["permit", "permit", "permit", "require", "covers", "forbid", "hold", "note"]
)
_DUE = st.sampled_from(
    [
        {"kind": "clock-hours", "hours": 1, "starts": "accepted"},
        {"kind": "clock-hours", "hours": 24, "starts": "believed-at"},
        {"kind": "working-day", "days": 1, "starts": "believed-at"},
        {"kind": "school-day", "starts": "believed-at"},
    ]
)


@st.composite
def agreements(draw: st.DrawFn, id_: str = "made-up", consent: str | None = None) -> Agreement:
    """Real conditions to other effects, for other audiences, with another profile and clock."""
    chosen = draw(st.lists(st.sampled_from(_POOL), min_size=1, max_size=5))
    # The model asks for something that permits: the first does.
    effects = ["permit", *(draw(_EFFECTS) for _ in chosen[1:])]
    told = draw(
        st.lists(
            st.sampled_from(["education", "childrens-social-care", "police", "marac", "referrer"]),
            min_size=1,
            max_size=2,
            unique=True,
        )
    )
    about = st.sampled_from(["child", "harmed", "client", "child-or-client"])
    never = frozenset(kind for one in told for kind in never_shown(one, by_consent=False))
    paths = [path for path in PATHS if not of_kinds([path], never)]
    return Agreement.model_validate(
        {
            "id": id_,
            "version": "1",
            "title": "For the tests",
            "purpose": "To try the rules.",
            "in_force": {"since": "2025-11-07"},
            "parties": {"senders": ["any"], "recipients": []},
            "events": sorted(EVENTS),
            "audiences": {
                one: {"about": draw(about), "default_profile": "made", "due": [draw(_DUE)]}
                for one in told
            },
            "consent": consent or draw(st.sampled_from(["irrelevant", "needed"])),
            "basis": {"article_6": "a", "gateway": "b", "cites": []},
            "tell_subject": {"required": False},
            "conditions": [
                {**one, "effect": effect} for one, effect in zip(chosen, effects, strict=True)
            ],
            "profiles": {"made": draw(st.lists(st.sampled_from(paths), unique=True))},
            "retention": {"months": 1, "says": "Short."},
            "review_on": "2027-01-01",
            "breaches_to": "x@daybreak.example",
            "citations": {},
        }
    )


def several(least: int = 1, most: int = 3) -> st.SearchStrategy[list[Agreement]]:
    """Agreements with ids of their own."""
    return st.integers(least, most).flatmap(
        lambda count: st.tuples(*(agreements(f"made-up-{n}") for n in range(count))).map(list)
    )


def told_of(verdict: Verdict) -> dict[tuple[str, str], dict[str, Any]]:
    """What is disclosed, by person and audience."""
    return {
        (one.about, one.audience): dict(one.terms.content)
        for one in verdict.decisions
        if one.outcome is Outcome.DISCLOSED and one.terms is not None
    }


def outcomes(verdict: Verdict) -> dict[tuple[str, str], str]:
    return {(one.about, one.audience): one.outcome.value for one in verdict.decisions}
