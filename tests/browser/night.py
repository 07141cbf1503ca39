"""The area and the nights that the pages are seen with. Everybody in it is synthetic."""

from datetime import UTC, datetime
from typing import Any

from services.scenario.story import Area

Json = dict[str, Any]
START = datetime(2026, 10, 22, 23, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 2, 7, 42, tzinfo=UTC)  # a Monday, the first day after half-term
NORTH, FORCE = "E06000999", "E23000099"
_TERMS = ["2026-09-01/2026-10-23", "2026-11-02/2026-12-18"]


def _person(ref: str, given_name: str, born: str, **more: Any) -> Json:
    home = {"kind": "home", "postcode": "ZZ99 3CZ", "local_authority": NORTH, "police_area": FORCE}
    whole = {
        "ref": ref,
        "given_name": given_name,
        "family_name": "Test",
        "date_of_birth": born,
        "addresses": [home],
    }
    return {**whole, **more}


def _contact(name: str, role: str, given_name: str) -> Json:
    email = f"{name}@daybreak.example"
    return {
        "id": name,
        "role": role,
        "given_name": given_name,
        "family_name": "Test",
        "email": email,
    }


def _school(name: str, called: str, urn: str, **more: Any) -> Json:
    whole: Json = {
        "id": name,
        "kind": "school",
        "name": called,
        "urn": urn,
        "local_authority": NORTH,
        "police_area": FORCE,
        "ages": [4, 11],
        "opens": "08:40",
        "contacts": [_contact(f"{name}-dsl", "designated-safeguarding-lead", "Ada")],
        "calendar": {"terms": _TERMS, "inset": [], "closed": []},
    }
    return {**whole, **more}


CHILDREN = {
    # ref: given name, born, school
    "c1": ("Cat", "2018-05-01", "alder"),
    "c2": ("Dov", "2020-10-11", "alder"),
    "c3": ("Eve", "2016-02-29", "alder"),
    "c4": ("Fin", "2017-07-07", "alder"),
    "c5": ("Gwen", "2019-12-24", "alder"),
    "c6": ("Hal", "2015-11-30", "alder"),
    "c7": ("Ivo", "2016-09-03", "elm"),
    "c8": ("Jo", "2018-01-20", "elm"),
    "c9": ("Kit", "2019-03-08", "alder"),
    "c10": ("Lea", "2018-08-31", "elm"),
}
_URNS = {"alder": "900001", "elm": "900003"}
# What must stand in no title, no address and no message of the browser's.
PERSONAL = (
    r"Cat\b",
    "Dov",
    r"Eve\b",
    "Gwen",
    "Ivo",
    "Hana",
    "Otto",
    "ZZ99",
    "SYN-",
    "Ida",
    r"Test\b",
)

AREA = Area.model_validate(
    {
        "organisations": [
            {
                "id": "north-police",
                "kind": "police",
                "name": "Northshire Police",
                "police_area": FORCE,
                "contacts": [{**_contact("north-desk", "desk", "Des"), "phone": "01632 960101"}],
            },
            {
                "id": "north-la",
                "kind": "local-authority",
                "name": "North Council",
                "local_authority": NORTH,
                "contacts": [_contact("north-safeguarding", "education-safeguarding", "Gil")],
            },
            {
                "id": "north-csc",
                "kind": "childrens-social-care",
                "name": "North Children’s Social Care",
                "local_authority": NORTH,
                "contacts": [_contact("north-duty", "worker", "Sol")],
            },
            {
                "id": "north-marac",
                "kind": "marac",
                "name": "North MARAC",
                "local_authority": NORTH,
                "contacts": [_contact("north-coordinator", "coordinator", "Max")],
            },
            {
                "id": "brook",
                "kind": "treatment",
                "name": "Brook Recovery",
                "local_authority": NORTH,
                "contacts": [_contact("brook-worker", "worker", "Wyn")],
            },
            _school("alder", "Alder Primary", "900001"),
            _school("birch", "Birch Primary", "900002", calendar=None),
            _school(
                "elm",
                "Elm Primary",
                "900003",
                calendar={"terms": _TERMS, "inset": ["2026-11-02"], "closed": []},
            ),
        ],
        "pupils": [
            {
                "school": school,
                "given_name": given_name,
                "family_name": "Test",
                "date_of_birth": born,
                "postcode": "ZZ99 3CZ",
                "from": "2022-09-01",
            }
            for given_name, born, school in CHILDREN.values()
        ],
        "statuses": [
            {
                "child": _person("g1", "Gus", "2017-11-09"),
                "status": "section-47",
                "since": "2026-01-20",
                "lead": {"organisation": "north-csc", "role": "social worker"},
            }
        ],
    }
)


def incident(number: int, believed_at: str, children: list[Json], **more: Any) -> Json:
    """An incident at a home, its children related to the person harmed."""
    people = [
        _person("h", "Hana", "1991-04-12", safe_contact={"safe_to_call": False}),
        _person("o", "Otto", "1989-11-02", relationships=[{"to": "h", "kind": "ex-partner"}]),
    ]
    for child in children:
        given_name, born, school = CHILDREN[child["ref"]]
        people.append(
            _person(
                child["ref"],
                given_name,
                born,
                education=[{"status": "registered", "urn": _URNS[school]}],
                relationships=[{"to": "h", "kind": "child"}],
            )
        )
    whole: Json = {
        "reference": f"SYN-2026-{number:04}",
        "occurred_at": believed_at,
        "believed_at": believed_at,
        "category": "domestic-abuse",
        "grading": "standard",
        "intent": "inform",
        "parties": {"harmed": "h", "other": ["o"]},
        "people": people,
        "children": children,
        "location": {"kind": "home"},
        "circumstances": {"kinds": ["verbal"]},
        "childrens_services_informed": True,
    }
    return {**whole, **more}


def event(number: int, data: Json, kind: str = "police.incident.recorded.v1", **more: Any) -> Json:
    whole = {
        "specversion": "1.0",
        "id": f"n-{number}",
        "source": "/agencies/north-police",
        "type": kind,
        "datacontenttype": "application/json",
        "data": data,
    }
    return {**whole, **more}


_SPOKEN = {
    "outcome": "spoken-to",
    "alone": True,
    "words": "I turned the music up.",
    "demeanour": "Quiet, stayed close to the officer",
}


def there(ref: str, **more: Any) -> Json:
    return {"ref": ref, "presence": "elsewhere-in-home", "welfare_check": True, **more}


_DROPOUT = {
    "client": _person("p1", "Ida", "1990-03-14"),
    "episode": "E-1",
    "ended_at": "2026-11-01T16:30:00+00:00",
    "reason": "dropped-out",
    "children": [_person("g1", "Gus", "2017-11-09", relationships=[{"to": "p1", "kind": "child"}])],
    "client_told": {"told": True},
}
_NOWHERE = {
    "children": [there("k1")],
    "people": [
        _person("h", "Ivy", "1992-05-11"),
        _person("o", "Ned", "1990-07-21", relationships=[{"to": "h", "kind": "partner"}]),
        _person(
            "k1",
            "Kay",
            "2016-03-08",
            education=[{"status": "registered", "urn": "900099"}],  # no school has this number
            relationships=[{"to": "h", "kind": "child"}],
        ),
    ],
}
_WRONG = incident(7, "2026-10-30T19:00:00+00:00", [there("c5")])

# When, and what the agencies send then.
NIGHTS: tuple[tuple[str, Json], ...] = (
    # due on the last morning of term, and nobody read it
    (
        "2026-10-23T00:40:00+00:00",
        event(1, incident(1, "2026-10-23T00:30:00+00:00", [there("c6")])),
    ),
    (
        "2026-10-29T21:10:00+00:00",
        event(2, incident(2, "2026-10-29T21:00:00+00:00", [there("c1"), there("c2")])),
    ),
    ("2026-10-30T19:30:00+00:00", event(7, _WRONG)),
    (
        "2026-10-31T20:15:00+00:00",
        event(3, incident(3, "2026-10-31T20:00:00+00:00", [there("c4")])),
    ),
    (
        "2026-11-01T01:30:00+00:00",
        event(4, incident(4, "2026-11-01T01:20:00+00:00", [there("c3")])),
    ),
    (
        "2026-11-01T10:00:00+00:00",
        event(14, {**incident(14, "2026-11-01T09:50:00+00:00", []), **_NOWHERE}),
    ),
    (
        "2026-11-01T17:00:00+00:00",
        event(11, _DROPOUT, "treatment.episode.ended.v1", source="/agencies/brook"),
    ),
    (
        "2026-11-01T22:42:00+00:00",
        event(
            5,
            incident(
                5,
                "2026-11-01T22:20:00+00:00",
                [
                    there("c1", spoken_to=_SPOKEN),
                    there("c2", spoken_to={"outcome": "not-spoken-to", "reason_not": "asleep"}),
                ],
                grading="high",
                dash={"score": 16, "professional_judgement": True},
                circumstances={
                    "kinds": ["verbal", "damage"],
                    "summary": "A neighbour called. A door was broken.",
                },
            ),
        ),
    ),
    (
        "2026-11-02T00:15:00+00:00",
        event(
            6,
            incident(
                6, "2026-11-02T00:05:00+00:00", [there("c7")], handling={"honour_based": True}
            ),
        ),
    ),
    (
        "2026-11-02T01:05:00+00:00",
        event(8, incident(8, "2026-11-02T01:00:00+00:00", [there("c8"), there("c10")])),
    ),
    (
        "2026-11-02T06:20:00+00:00",
        event(
            9,
            incident(
                9,
                "2026-11-02T06:10:00+00:00",
                [there("c9", presence="not-present", welfare_check=False)],
            ),
        ),
    ),
)
LEFT_UNREAD = ("n-11", "n-9")  # by social care, which reads the rest within minutes
CORRECTED = event(
    12,
    {
        **incident(4, "2026-11-01T01:20:00+00:00", [there("c3", presence="present")]),
        "correction": {"reason": "The child was in the room."},
    },
    "police.incident.corrected.v1",
)
RETRACTED = event(
    13,
    {
        "reference": _WRONG["reference"],
        "reason": "Another family.",
        "retracted_at": "2026-11-02T06:00:00+00:00",
    },
    "police.incident.retracted.v1",
)
