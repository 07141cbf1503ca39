"""What is sent? An incident of about 1.5 KB with one child, as a police force would send it."""

from typing import Any
from uuid import UUID

AGENCY = "north-police"
TYPE = "police.incident.recorded.v1"


def incident(name: UUID) -> dict[str, Any]:
    """A structured CloudEvent that differs from every other one in its id and reference."""
    return {
        "specversion": "1.0",
        "id": f"syn-{name}",
        "source": f"/agencies/{AGENCY}",
        "type": TYPE,
        "time": "2026-02-13T23:05:00Z",
        "datacontenttype": "application/json",
        "data": {
            "reference": f"SYN-{name}",
            "occurred_at": "2026-02-13T22:40:00Z",
            "believed_at": "2026-02-13T23:05:00Z",
            "category": "domestic-abuse",
            "grading": "medium",
            "dash": {"score": 9, "professional_judgement": False},
            "intent": "inform",
            "parties": {"harmed": "harmed", "other": ["other"]},
            "people": [_adult("harmed", "Ann"), _adult("other", "Bob"), _child()],
            "children": [
                {
                    "ref": "child",
                    "presence": "present",
                    "spoken_to": {"outcome": "spoken-to", "alone": True, "demeanour": "quiet"},
                }
            ],
            "location": {"kind": "home", "local_authority": "E06000999", "postcode": "ZZ99 3CZ"},
            "circumstances": {"kinds": ["verbal"], "summary": "Shouting was reported."},
            "childrens_services_informed": True,
        },
    }


def _adult(ref: str, given_name: str) -> dict[str, Any]:
    return {
        "ref": ref,
        "given_name": given_name,
        "family_name": "Test",
        "date_of_birth": "1991-04-12",
        "addresses": [{"kind": "home", "postcode": "ZZ99 3CZ", "local_authority": "E06000999"}],
    }


def _child() -> dict[str, Any]:
    return {
        "ref": "child",
        "given_name": "Cat",
        "family_name": "Test",
        "date_of_birth": "2017-05-01",
        "identifiers": {"upn": "A123456789012"},
        "education": [{"status": "registered", "urn": "900001", "name": "Birch Academy"}],
        "relationships": [{"to": "harmed", "kind": "child"}],
    }
