"""Any event in any area, with a mark on everything that somebody must not read."""

from typing import Any

from hypothesis import strategies as st

from services.consent.domain.facts import Area, ConsentEntry, Facts, Policy
from tests.consent.story import (
    AGREEMENTS,
    ENDED,
    FORCE_X,
    MISSED,
    NORTH,
    NOW,
    ORGANISATIONS,
    RECORDED,
    SOUTH,
    Json,
)

MARAC, REFERRAL = "marac.referral.made.v1", "referral.made.v1"
MARKS = {
    "own name": "Quintana",
    "sibling": "Sibylla",
    "harmed": "Wilhelmina",
    "other": "Octavius",
    "line": "77 Marker Row",
    "postcode": "ZZ99 1AA",
    "refuge line": "5 Hidden Court",
    "refuge": "ZZ99 9RF",
    "school of the sibling": "Willow Beyond",
    "nhs": "999 000 0018",
    "words": "a lamp fell",
    "demeanour": "holding a toy rabbit",
    "summary": "voices through a wall",
    "safe": "mornings before nine",
    "marac": "MAR-7741",
    "client": "Philippa",
    "provider": "Haven Recovery",
    "appointment": "APP-5519",
    "episode": "EPI-8830",
    "score": "93",
}
# What a person must read before a school does, by where in the event it stands.
UNFIT = ("he had been drinking", "she is on methadone", "they live at 9 Elm Road", "it takes two")
UNFIT_SEEN = UNFIT[:3]  # the last is a plain remark

HOME = {
    "kind": "home",
    "lines": [MARKS["line"]],
    "postcode": MARKS["postcode"],
    "local_authority": NORTH,
    "police_area": FORCE_X,
}
REFUGE = {
    "kind": "refuge",
    "lines": [MARKS["refuge line"]],
    "postcode": MARKS["refuge"],
    "local_authority": NORTH,
    "since": "2026-02-01",
}
BIRTHS = st.sampled_from(["2010-05-01", "2018-05-01", "2022-05-01", "2005-01-01"])
PLACES = st.sampled_from([[HOME], [HOME, REFUGE], [REFUGE]])


def _adult(ref: str, mark: str, places: list[Json]) -> Json:
    return {
        "ref": ref,
        "given_name": MARKS[mark],
        "family_name": "Test",
        "date_of_birth": "1990-01-01",
        "addresses": places,
        "identifiers": {"nhs_number": MARKS["nhs"]},
        "safe_contact": {"safe_to_call": False, "notes": MARKS["safe"]},
    }


@st.composite
def _children(draw: Any, to: str) -> list[Json]:
    own = {
        "ref": "c1",
        "given_name": MARKS["own name"],
        "family_name": "Test",
        "date_of_birth": draw(BIRTHS),
        "addresses": draw(PLACES),
        "identifiers": {"nhs_number": MARKS["nhs"]},
        "relationships": [{"to": to, "kind": "child"}],
        "education": draw(
            st.sampled_from(
                [
                    [{"status": "registered", "urn": "900001"}],
                    [{"status": "home-educated"}],
                    [{"status": "missing-education"}],
                    [],
                ]
            )
        ),
    }
    sibling = {
        **own,
        "ref": "c2",
        "given_name": MARKS["sibling"],
        "date_of_birth": draw(BIRTHS),
        "education": [
            {"status": "registered", "urn": "900002", "name": MARKS["school of the sibling"]}
        ],
    }
    return [own, sibling]


@st.composite
def _incident(draw: Any) -> Json:
    children = draw(_children("h"))
    texts = st.sampled_from([None, *UNFIT_SEEN])
    said = {"words": MARKS["words"], "demeanour": MARKS["demeanour"]}
    spoken = {k: draw(texts) or v for k, v in said.items()}
    flags = st.sampled_from([None, None, None, True])
    return {
        "reference": "N/1",
        "occurred_at": "2026-02-13T22:40:00+00:00",
        "believed_at": "2026-02-13T23:05:00+00:00",
        "category": draw(st.sampled_from(["domestic-abuse", "domestic-abuse", "other"])),
        "grading": draw(st.sampled_from(["standard", "high"])),
        "dash": {"score": int(MARKS["score"]), "professional_judgement": True},
        "intent": draw(st.sampled_from(["inform", "refer"])),
        "parties": {"harmed": "h", "other": ["o"]},
        "people": [
            _adult("h", "harmed", draw(PLACES)),
            {**_adult("o", "other", [HOME]), "works_or_volunteers_at": [{"name": "Larch Works"}]},
            *children,
        ],
        "children": [
            {
                "ref": one["ref"],
                "presence": "present",
                "spoken_to": {"outcome": "spoken-to", **spoken},
                "welfare_check": True,
            }
            for one in children
        ],
        "location": draw(
            st.sampled_from(
                [
                    {"kind": "refuge", "postcode": MARKS["refuge"], "local_authority": NORTH},
                    {"kind": "home", "postcode": MARKS["postcode"], "local_authority": NORTH},
                ]
            )
        ),
        "circumstances": {
            "kinds": draw(st.sampled_from([["verbal"], ["threats", "damage"]])),
            "summary": draw(texts) or MARKS["summary"],
        },
        "childrens_services_informed": False,
        "handling": {
            name: True for name in ("covert", "honour_based", "sexual_offence") if draw(flags)
        },
    }


@st.composite
def _treatment(draw: Any, missed: bool) -> Json:
    told: Json = {
        "client": _adult("p", "client", [HOME]),
        "children": draw(_children("p")),
    }
    if missed:
        return {
            **told,
            "appointment": {
                "id": MARKS["appointment"],
                "kind": "assessment",
                "starts_at": "2026-02-13T10:00:00+00:00",
                "referred_by": draw(st.sampled_from(["north-csc", "surgery"])),
            },
            "outcome": "did-not-attend",
            "contact_attempts": 2,
            "recorded_at": "2026-02-13T11:00:00+00:00",
        }
    return {
        **told,
        "episode": MARKS["episode"],
        "ended_at": "2026-02-13T15:00:00+00:00",
        "reason": draw(st.sampled_from(["dropped-out", "died"])),
        "client_told": {"told": True},
    }


@st.composite
def _conference(draw: Any) -> Json:
    return {
        "reference": MARKS["marac"],
        "harmed": _adult("h", "harmed", draw(PLACES)),
        "other": [_adult("o", "other", [HOME])],
        "children": draw(st.sampled_from([[], draw(_children("h"))])),
        "referred_at": "2026-02-13T22:00:00+00:00",
        "area": "north-marac",
        "reasons": ["visible-high-risk"],
        "consent": draw(st.sampled_from(["given", "refused", "not-sought"])),
    }


@st.composite
def _referral(draw: Any) -> Json:
    [own, _] = draw(_children("c1"))
    own = {**own, "relationships": []}
    made = {"reference": "R/1", "child": own, "made_by_phone": False}
    return {**made, "made_at": "2026-02-13T22:00:00+00:00", "intent": "refer"}


EVENTS = st.one_of(
    st.tuples(st.just(RECORDED), st.just("north-police"), _incident()),
    st.tuples(st.just(ENDED), st.just("haven"), _treatment(False)),
    st.tuples(st.just(MISSED), st.just("haven"), _treatment(True)),
    st.tuples(st.just(MARAC), st.sampled_from(["haven", "north-police", "alder"]), _conference()),
    st.tuples(st.just(REFERRAL), st.sampled_from(["haven", "alder"]), _referral()),
)
_CHOICES = {
    "open": True,
    "alert_types": ["threats", "verbal"],
    "general_practice": True,
}


@st.composite
def areas(draw: Any) -> Area:
    """Any agreements opened, with any of all the profiles that there are."""
    names = sorted({name for agreement in AGREEMENTS for name in agreement.profiles})
    policies = [
        Policy(
            agreement=agreement.id,
            local_authority=draw(st.sampled_from([NORTH, NORTH, NORTH, SOUTH])),
            profile=draw(st.sampled_from([None, *names])),
            settings=_CHOICES if draw(st.sampled_from([True, True, False])) else {},
        )
        for agreement in AGREEMENTS
    ]
    return Area(organisations=ORGANISATIONS, policies=tuple(policies))


EVERYTHING_OPEN = Area(
    organisations=ORGANISATIONS,
    policies=tuple(
        Policy(agreement=one.id, local_authority=NORTH, settings=_CHOICES) for one in AGREEMENTS
    ),
)
_ALLOWED = ConsentEntry(
    consent="k",
    kind="given",
    at=NOW.replace(day=1),
    purposes=("early-help", "referral", "support"),
    audiences=("childrens-social-care", "health-visiting", "school-nursing", "referrer", "idva"),
    categories=("attendance", "treatment-engagement"),
    competence="adult",
)
FACTS = st.sampled_from([Facts(), Facts(consents={"p": (_ALLOWED,)})])
