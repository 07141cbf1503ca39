"""Events, areas and what was told before, as Hypothesis draws them. Everybody in them is synthetic.

A few people in a few places, so that histories, plans, consents and conferences meet.
"""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.consent.story import (
    ENDED,
    FORCE_X,
    FORCE_Y,
    MISSED,
    NORTH,
    RECORDED,
    SOUTH,
    Json,
    child,
    client,
    ended,
    harmed,
    incident,
    missed,
    other,
)

CORRECTED = "police.incident.corrected.v1"
_STATUS = "safeguarding.status.changed.v1"
_REFERRAL = "referral.made.v1"
_MARAC = "marac.referral.made.v1"
_KINDS = ("child", "step-child", "unrelated", "unknown", "sibling")
_HOMES = (
    {"kind": "home", "postcode": "ZZ99 3CZ", "local_authority": NORTH, "police_area": FORCE_X},
    {"kind": "home", "postcode": "ZZ99 4CZ", "local_authority": SOUTH, "police_area": FORCE_Y},
    {"kind": "home", "postcode": "ZZ99 5CZ", "local_authority": NORTH},
    {"kind": "refuge", "postcode": "ZZ99 9RF", "local_authority": NORTH, "police_area": FORCE_X},
)
_PLACES = st.sampled_from([[one] for one in _HOMES] + [[], [*_HOMES[:2]]])
# The same few children again and again: what is known of one comes from another event.
_CAT = ("Cat", "2018-05-01", [_HOMES[0]])
_CHILDREN = st.sampled_from(
    (
        _CAT,
        _CAT,
        _CAT,
        ("Cat", "2018-05-01", _HOMES[:2]),
        ("Dov", "2009-02-14", [_HOMES[1]]),
        ("Eve", "2007-01-01", [_HOMES[2]]),
        ("Fin", "2024-06-01", [_HOMES[3]]),
        ("Gil", None, []),
    )
)
_EDUCATION = st.sampled_from(
    (
        [{"status": "registered", "urn": "900001"}],
        [{"status": "registered"}],
        [{"status": "home-educated"}],
        [{"status": "missing-education"}],
        [{"status": "unknown"}],
        [],
    )
)


@dataclass(frozen=True)
class Told:
    """One event as it is to be accepted."""

    data: Json
    type: str
    source: str


def _some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _kept(values: Json) -> Json:
    return {name: value for name, value in values.items() if value is not None}


@st.composite
def children(draw: st.DrawFn, to: str = "h", *, least: int = 0) -> list[Json]:
    kids = []
    for number in range(draw(st.integers(least, 2))):
        given, born, addresses = draw(_CHILDREN)
        kinds = draw(st.lists(st.sampled_from(_KINDS), max_size=1))
        kid = child(
            f"c{number}",
            given,
            born,
            addresses=list(addresses),
            education=draw(_EDUCATION),
            relationships=[{"to": to, "kind": kind} for kind in kinds],
        )
        kids.append(kid)
    return kids


_HANDLING = st.fixed_dictionaries(
    {},
    optional={
        "sexual_offence": st.booleans(),
        "honour_based": st.booleans(),
        "covert": st.booleans(),
        "never_tell": st.sampled_from([["alder"], ["north-csc"], ["nobody-known"]]),
        "hold": st.just(
            {
                "until": "2026-02-20T12:00:00+00:00",
                "authorised_by": "Sgt Test",
                "rank": "inspector",
                "reason": "An arrest is to come",
            }
        ),
        "not_readers": st.just(
            [{"given_name": "Ada", "family_name": "Test", "reason": "a relative"}]
        ),
    },
)


@st.composite
def incidents(draw: st.DrawFn) -> Told:
    kids, day = draw(children(least=1)), draw(st.sampled_from(("09", "11", "13")))
    told = incident(
        *kids,
        harmed=harmed(
            addresses=draw(_PLACES), born=draw(st.sampled_from(("1990-01-01", "2011-01-01")))
        ),
        other=other(born=draw(st.sampled_from(("1988-01-01", "2011-03-01")))),
        **_kept(
            {
                "reference": f"N/{draw(st.integers(1, 2))}",
                "occurred_at": f"2026-02-{day}T22:40:00+00:00",
                "believed_at": f"2026-02-{day}T23:05:00+00:00",
                "category": draw(st.sampled_from(("domestic-abuse", "other"))),
                "grading": draw(st.sampled_from(("standard", "medium", "high"))),
                "intent": draw(st.sampled_from(("inform", "refer"))),
                "dash": draw(
                    _some(
                        st.fixed_dictionaries(
                            {
                                "score": st.sampled_from((3, 13, 14)),
                                "professional_judgement": st.booleans(),
                            }
                        )
                    )
                ),
                "handling": draw(_some(_HANDLING)),
                "childrens_services_informed": draw(st.booleans()),
            }
        ),
    )
    if draw(st.booleans()):
        return Told({**told, "correction": {"reason": "A typing error"}}, CORRECTED, "north-police")
    return Told(told, RECORDED, draw(st.sampled_from(("north-police", "haven"))))


@st.composite
def treatments(draw: st.DrawFn) -> Told:
    kids = draw(children(to="p"))
    if draw(st.booleans()):
        reason = draw(st.sampled_from(("dropped-out", "completed", "died", "declined")))
        told = draw(
            st.sampled_from(({"told": True}, {"told": False}, {"told": False, "why_not": "unsafe"}))
        )
        return Told(ended(*kids, reason=reason, client_told=told), ENDED, "haven")
    referred = draw(st.sampled_from(("north-csc", "surgery", "nobody-known")))
    kind = draw(st.sampled_from(("assessment", "review")))
    return Told(missed(*kids, appointment={"kind": kind, "referred_by": referred}), MISSED, "haven")


@st.composite
def facts(draw: st.DrawFn) -> Told:
    """What other agencies tell, on which later decisions may rest."""
    kid = child("c", relationships=[])
    which = draw(st.sampled_from(("status", "consent", "referral", "marac")))
    data: Json
    if which == "status":
        status = draw(st.sampled_from(("section-47", "protection-plan", "none")))
        lead = {"organisation": "north-csc", "role": "social worker"}
        data = {"child": kid, "status": status, "since": "2026-01-20", "lead": lead}
        return Told(data, _STATUS, "north-csc")
    if which == "referral":
        data = {
            "reference": "R/1",
            "child": kid,
            "made_by_phone": True,
            "made_at": "2026-02-01T10:00:00+00:00",
            "intent": "refer",
        }
        return Told(data, _REFERRAL, "haven")
    if which == "marac":
        data = {
            "reference": "M/1",
            "harmed": harmed(),
            "other": [other()],
            "referred_at": "2026-01-05T10:00:00+00:00",
            "area": "north-marac",
            "reasons": ["visible-high-risk"],
            "victim_aware": {"aware": True},
        }
        return Told(data, _MARAC, "north-police")
    return draw(_consents())


@st.composite
def _consents(draw: st.DrawFn) -> Told:
    word = draw(st.sampled_from(("given", "refused", "withdrawn")))
    data = {
        "person": client(),
        "scope": {
            "purposes": ["early-help"],
            "audiences": ["childrens-social-care"],
            "categories": ["treatment-engagement", "attendance"],
        },
        "method": "written",
        "taken_by": "key worker",
        "competence": draw(st.sampled_from(("adult", "doubtful"))),
        f"{word}_at": "2026-02-01T10:00:00+00:00",
        **({"reason": "Would rather not"} if word != "given" else {}),
    }
    return Told(data, f"consent.{word}.v1", "haven")


EVENTS = st.one_of(incidents(), treatments(), facts())
POLICIES = st.lists(
    st.fixed_dictionaries(
        {"agreement": st.just("operation-encompass"), "local_authority": st.just(NORTH)},
        optional={
            "profile": st.sampled_from(("minimal", "full")),
            "age_from": st.sampled_from((0, 16)),
            "lead_minutes": st.sampled_from((0, 60)),
            "contact_parents": st.booleans(),
        },
    )
    | st.fixed_dictionaries(
        {"agreement": st.just("police-to-marac"), "police_area": st.just(FORCE_X)},
        optional={
            "escalation_count": st.sampled_from((2, 3)),
            "marac_threshold": st.sampled_from((10, 14)),
        },
    ),
    max_size=2,
    unique_by=lambda policy: policy["agreement"],
)
SIGNATORIES = st.dictionaries(
    st.sampled_from(("operation-encompass", "treatment-to-social-care", "police-to-social-care")),
    st.sampled_from(("all", ["alder", "north-police"], ["haven", "north-csc"])),
    max_size=2,
)
