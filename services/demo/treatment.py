"""What do treatment providers tell? Endings, missed assessments, and what their clients allow."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from services.demo import names
from services.demo.households import Household
from services.demo.incidents import envelope

Json = dict[str, Any]
PROVIDER = "brook"
_SCOPE = {
    "purposes": ["early-help"],
    "audiences": ["childrens-social-care", "health-visiting"],
    "categories": ["treatment-engagement", "attendance"],
}


def _person(ref: str, given: str, born: str, family: Household, **more: Any) -> Json:
    return {
        "ref": ref,
        "given_name": given,
        "family_name": names.FAMILY,
        "date_of_birth": born,
        "addresses": [
            {
                "kind": "home",
                "postcode": family.postcode,
                "local_authority": family.authority.gss,
                "police_area": family.authority.police_area,
            }
        ],
        **more,
    }


def _client(family: Household) -> Json:
    local = {"identifiers": {"local": f"B-{family.id}"}}
    harmed = family.harmed
    return _person("client", harmed.given, harmed.born.isoformat(), family, **local)


def _children(family: Household) -> list[Json]:
    link = {"relationships": [{"to": "client", "kind": "child"}]}
    return [
        _person(one.ref, one.given, one.born.isoformat(), family, **link) for one in family.children
    ]


def dropped_out(family: Household, *, when: datetime, event_id: str) -> Json:
    data = {
        "client": _client(family),
        "episode": f"SYN-{event_id}",
        "ended_at": (when - timedelta(hours=1)).isoformat(),
        "reason": "dropped-out",
        "children": _children(family),
        "client_told": {"told": True, "when": (when - timedelta(hours=1)).isoformat()},
    }
    return envelope("treatment.episode.ended.v1", PROVIDER, event_id, when, data)


def missed_assessment(
    family: Household, *, when: datetime, event_id: str, referred_by: str | None
) -> Json:
    appointment = {
        "id": f"SYN-{event_id}",
        "kind": "assessment",
        "starts_at": (when - timedelta(hours=2)).isoformat(),
    }
    if referred_by:
        appointment["referred_by"] = referred_by
    data = {
        "client": _client(family),
        "appointment": appointment,
        "outcome": "did-not-attend",
        "contact_attempts": 2,
        "recorded_at": when.isoformat(),
        "children": _children(family),
    }
    return envelope("treatment.appointment.missed.v1", PROVIDER, event_id, when, data)


def consent(family: Household, word: str, *, when: datetime, event_id: str) -> Json:
    """`word`: given, refused or withdrawn."""
    data: Json = {"person": _client(family), f"{word}_at": when.isoformat()}
    if word == "given":
        how = {"method": "verbal", "taken_by": "key worker", "competence": "adult"}
        data |= {"scope": _SCOPE, **how}
    return envelope(f"consent.{word}.v1", PROVIDER, event_id, when, data)


def marac_referral(family: Household, *, when: datetime, event_id: str, area: str) -> Json:
    """An earlier referral of the pair: what happens to them within a year is a repeat."""
    adults = (family.harmed, family.other)
    harmed, other = (_person(one.ref, one.given, one.born.isoformat(), family) for one in adults)
    other["addresses"][0]["postcode"] = family.apart or family.postcode
    data = {
        "reference": f"SYN-{event_id}",
        "harmed": harmed,
        "other": [other],
        "referred_at": when.isoformat(),
        "area": area,
        "reasons": ["visible-high-risk"],
        "victim_aware": {"aware": True},
    }
    return envelope("marac.referral.made.v1", family.force, event_id, when, data)


def of_clients(families: Sequence[Household], place: int) -> Household:
    """Somebody who has children; the provider is Northshire's."""
    near = [one for one in families if one.authority.name == "north" and one.children]
    return near[place % len(near)]
