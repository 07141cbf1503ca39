"""What has happened in the synthetic area tonight? A few events with everyone made up."""

from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]
_HOME = {
    "kind": "home",
    "lines": ["1 Synthetic Street"],
    "postcode": "ZZ99 3CZ",
    "local_authority": "E06000999",
    "police_area": "E23000099",
}


def _person(ref: str, given: str, born: str, **more: Any) -> Json:
    return {
        "ref": ref,
        "given_name": given,
        "family_name": "Test",
        "date_of_birth": born,
        "addresses": [_HOME],
        **more,
    }


def tonight(now: datetime) -> list[Json]:
    """Events that happened in the hours before `now`, for the demonstration's own agencies."""
    return [
        _incident(now, "SYN-0001", minutes=95, grading="medium", unknown_school=False),
        _incident(now, "SYN-0002", minutes=40, grading="high", unknown_school=True),
        _dropout(now),
    ]


def _incident(
    now: datetime, reference: str, *, minutes: int, grading: str, unknown_school: bool
) -> Json:
    happened, believed = now - timedelta(minutes=minutes), now - timedelta(minutes=minutes - 25)
    child = {"relationships": [{"to": "harmed", "kind": "child"}]}
    if unknown_school:
        family = [_person("eve", "Eve", "2019-07-12", **child)]
    else:
        family = [
            _person("cat", "Cat", "2018-05-01", **child),
            _person("dan", "Dan", "2013-03-09", **child),
        ]
    return {
        "specversion": "1.0",
        "type": "police.incident.recorded.v1",
        "source": "/agencies/north-police",
        "id": reference.lower(),
        "time": believed.isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "reference": reference,
            "occurred_at": happened.isoformat(),
            "believed_at": believed.isoformat(),
            "category": "domestic-abuse",
            "grading": grading,
            "intent": "inform",
            "parties": {"harmed": "harmed", "other": ["other"]},
            "people": [
                _person("harmed", "Hope", "1990-02-02"),
                _person("other", "Otto", "1988-11-30"),
                *family,
            ],
            "children": [
                {
                    "ref": one["ref"],
                    "presence": "elsewhere-in-home",
                    "spoken_to": {"outcome": "not-spoken-to", "reason_not": "asleep"},
                    "welfare_check": True,
                }
                for one in family
            ],
            "location": {
                "kind": "home",
                "local_authority": "E06000999",
                "police_area": "E23000099",
                "postcode": "ZZ99 3CZ",
            },
            "circumstances": {"kinds": ["verbal"]},
            "childrens_services_informed": False,
        },
    }


def _dropout(now: datetime) -> Json:
    return {
        "specversion": "1.0",
        "type": "treatment.episode.ended.v1",
        "source": "/agencies/brook",
        "id": "brook-1",
        "time": now.isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "client": _person("client", "Cleo", "1985-06-06"),
            "episode": "B-1",
            "ended_at": (now - timedelta(hours=2)).isoformat(),
            "reason": "dropped-out",
            "children": [_person("gus", "Gus", "2020-01-15")],
            "client_told": {"told": True, "when": now.isoformat()},
        },
    }
