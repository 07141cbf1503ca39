"""What does the police force write down? One incident of a family, as an event of the contract."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from services.demo import names
from services.demo.chance import chance, weighted
from services.demo.households import Adult, Child, Household

Json = dict[str, Any]
_GRADINGS = (("standard", 60.0), ("medium", 28.0), ("high", 12.0))
_KINDS = (
    ("verbal",),
    ("verbal", "damage"),
    ("verbal", "threats"),
    ("physical",),
    ("physical", "damage"),
    ("coercive-control",),
    ("economic", "verbal"),
    ("stalking",),
    ("breach-of-order",),
)
_SUMMARIES = (
    "Raised voices were heard; officers stayed until the other adult had left.",
    "A door was damaged; the other adult had left before officers came.",
    "An argument about money; one adult went to stay with family for the night.",
    "Messages kept coming through the evening; officers gave advice on keeping them.",
    "The other adult came to the door and would not leave. Officers spoke to both.",
)
FOR_A_READER = "Raised voices; officers noted that one adult had been drinking."
_WORDS = (
    "I put the pillow on my ears.",
    "I went in my room and shut the door.",
    "Is it still school tomorrow?",
    "I heard the shouting and I got the dog.",
    "It was loud and then it was quiet.",
)
_DEMEANOUR = ("Quiet, holding a toy", "Tired and calm", "Upset, then settled", "Talkative")
_PRESENCE = (
    ("present", 45.0),
    ("elsewhere-in-home", 40.0),
    ("not-present", 10.0),
    ("unknown", 5.0),
)
_THERE = ("present", "elsewhere-in-home")
_REASONS = ("asleep", "asleep", "refused", "too-distressed")  # not spoken to, though there
_SPEAKING_AGE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Twist:
    """What one incident is to be, where chance is not to choose."""

    grading: str | None = None
    dash: int | None = None
    honour_based: bool = False
    never_tell: tuple[str, ...] = ()
    unknown_relationship: bool = False
    summary: str | None = None
    only: tuple[int, ...] = ()  # of the children, by their place; none named: all


PLAIN = Twist()


def envelope(event_type: str, agency: str, event_id: str, when: datetime, data: Json) -> Json:
    return {
        "specversion": "1.0",
        "type": event_type,
        "source": f"/agencies/{agency}",
        "id": event_id,
        "time": when.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }


def recorded(
    family: Household, *, when: datetime, event_id: str, twist: Twist = PLAIN, force: str = ""
) -> Json:
    """`when` the force sends it; it happened, and was believed, some time before."""
    rng = chance("incident", event_id)
    data = _incident(family, when, event_id, twist, rng)
    return envelope("police.incident.recorded.v1", force or family.force, event_id, when, data)


def corrected(event: Json, *, when: datetime) -> Json:
    """The same incident, graded otherwise and with one thing more seen."""
    data = {**event["data"], "correction": {"reason": "The officer's note was read again."}}
    data["grading"] = "medium" if data["grading"] != "medium" else "standard"
    data["children"] = [_seen_after_all(one) for one in data["children"]]
    return envelope(
        "police.incident.corrected.v1",
        event["source"].removeprefix("/agencies/"),
        f"{event['id']}-corrected",
        when,
        data,
    )


def retracted(event: Json, *, when: datetime) -> Json:
    data = {
        "reference": event["data"]["reference"],
        "reason": "It was entered under the wrong family.",
        "retracted_at": when.isoformat(),
    }
    return envelope(
        "police.incident.retracted.v1",
        event["source"].removeprefix("/agencies/"),
        f"{event['id']}-retracted",
        when,
        data,
    )


def by_chance(family: Household, rng: Random) -> Twist:
    """Some few are for a person to look at first."""
    return Twist(
        honour_based=rng.random() < 0.02,
        unknown_relationship=rng.random() < 0.03,
        summary=FOR_A_READER if rng.random() < 0.05 else None,
    )


def _incident(family: Household, when: datetime, event_id: str, twist: Twist, rng: Random) -> Json:
    grading = twist.grading or weighted(rng, _GRADINGS)
    score = twist.dash or rng.randrange(*{"high": (14, 21), "medium": (8, 14)}.get(grading, (1, 8)))
    believed = when - timedelta(minutes=rng.randrange(4, 20))
    happened = believed - timedelta(minutes=rng.randrange(10, 70))
    children = [family.children[place] for place in twist.only] or list(family.children)
    refer = grading == "high" or rng.random() < 0.15
    found: Json = {
        "reference": f"SYN-{event_id}",
        "occurred_at": happened.isoformat(),
        "believed_at": believed.isoformat(),
        "category": "domestic-abuse",
        "grading": grading,
        "dash": {"score": score, "professional_judgement": False},
        "intent": "refer" if refer else "inform",
        "intent_reason": "Section 17 or 47 may be met" if refer else "For information",
        "parties": {"harmed": "harmed", "other": ["other"]},
        "people": [
            _adult(family.harmed, family, family.postcode),
            _adult(family.other, family, family.apart or family.postcode),
            *(_child(one, family, twist) for one in children),
        ],
        "children": [_seen(one, when, rng) for one in children],
        "location": {
            "kind": "home",
            "local_authority": family.authority.gss,
            "police_area": family.authority.police_area,
            "postcode": family.postcode,
        },
        "circumstances": {
            "kinds": list(rng.choice(_KINDS)),
            "summary": twist.summary or rng.choice(_SUMMARIES),
        },
        "childrens_services_informed": rng.random() < 0.2,
    }
    handling = _handling(twist)
    return {**found, "handling": handling} if handling else found


def _handling(twist: Twist) -> Json:
    said: Json = {}
    if twist.honour_based:
        said["honour_based"] = True
    if twist.never_tell:
        said["never_tell"] = list(twist.never_tell)
    return said


def _person(one: Adult | Child, family: Household, postcode: str) -> Json:
    return {
        "ref": one.ref,
        "given_name": one.given,
        "family_name": names.FAMILY,
        "date_of_birth": one.born.isoformat(),
        "addresses": [
            {
                "kind": "home",
                "lines": [family.street if postcode == family.postcode else "2 Synthetic Court"],
                "postcode": postcode,
                "local_authority": family.authority.gss,
                "police_area": family.authority.police_area,
            }
        ],
    }


def _adult(one: Adult, family: Household, postcode: str) -> Json:
    said = _person(one, family, postcode)
    if one.ref == "other":
        kind = "ex-partner" if family.apart else "partner"
        said["relationships"] = [{"to": "harmed", "kind": kind}]
    return said


def _child(one: Child, family: Household, twist: Twist) -> Json:
    said = _person(one, family, family.postcode)
    kind = "unknown" if twist.unknown_relationship else "child"
    said["relationships"] = [{"to": "harmed", "kind": kind}]
    if one.known_as:
        said["known_as"] = one.known_as
    if one.upn:
        said["identifiers"] = {"upn": one.upn}
    education = _education(one)
    return {**said, "education": education} if education else said


def _education(one: Child) -> list[Json]:
    match one.speaks:
        case "named" if one.roll and one.roll[0].phase != "nursery":
            school = one.roll[0]
            status = "further-education" if school.phase == "college" else "registered"
            return [{"status": status, "urn": school.urn, "name": school.name}]
        case "contradicted":
            # A school that keeps a register, and this child is not on it.
            return [{"status": "registered", "urn": "900002", "name": "Birch Academy"}]
        case "unknown":
            return [{"status": "unknown"}]
        case "home-educated" | "missing-education":
            return [{"status": one.speaks}]
        case _:
            return []


def _seen(one: Child, when: datetime, rng: Random) -> Json:
    age = (when.date() - one.born).days // 365
    presence = weighted(rng, _PRESENCE)
    there = presence in _THERE
    spoken: Json = {"outcome": "not-spoken-to", "reason_not": "absent"}
    if there:
        spoken["reason_not"] = "too-young" if age < _SPEAKING_AGE else rng.choice(_REASONS)
    if there and age >= _SPEAKING_AGE and rng.random() < 0.4:
        spoken = {
            "outcome": "spoken-to",
            "alone": rng.random() < 0.6,
            "words": rng.choice(_WORDS),
            "demeanour": rng.choice(_DEMEANOUR),
        }
    return {
        "ref": one.ref,
        "presence": presence,
        "spoken_to": spoken,
        "welfare_check": there and rng.random() < 0.7,
    }


def _seen_after_all(child: Json) -> Json:
    """Who was thought to be elsewhere was there, and asleep."""
    if child["presence"] in _THERE:
        return {**child, "presence": "present"}
    asleep = {"outcome": "not-spoken-to", "reason_not": "asleep"}
    return {**child, "presence": "present", "spoken_to": asleep, "welfare_check": True}
