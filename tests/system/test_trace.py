"""Can one event be followed from the publisher's request to the receiver's webhook?"""

from datetime import UTC, datetime

import pytest

from services.chassis.settings import Settings
from services.scenario.people import People
from services.scenario.setting import set_up
from services.scenario.stage import open_stage
from services.scenario.story import Area

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
AREA = Area.model_validate(
    {
        "organisations": [
            {"id": "north-police", "kind": "police", "police_area": "E23000099"},
            {"id": "north-csc", "kind": "childrens-social-care", "local_authority": "E06000999"},
        ],
        "endpoints": [{"organisation": "north-csc"}],
    }
)


def _incident() -> dict[str, object]:
    home = {"kind": "home", "local_authority": "E06000999", "police_area": "E23000099"}
    people = [
        {"ref": "a", "given_name": "Hope", "family_name": "Test"},
        {"ref": "b", "given_name": "Otto", "family_name": "Test"},
        {
            "ref": "c",
            "given_name": "Cat",
            "family_name": "Test",
            "date_of_birth": "2016-05-01",
            "addresses": [home],
            "relationships": [{"to": "a", "kind": "child"}],
        },
    ]
    data = {
        "reference": "SYN-1",
        "occurred_at": NOON.isoformat(),
        "believed_at": NOON.isoformat(),
        "category": "domestic-abuse",
        "grading": "standard",
        "intent": "inform",
        "parties": {"harmed": "a", "other": ["b"]},
        "people": people,
        "children": [{"ref": "c", "presence": "present", "spoken_to": {"outcome": "spoken-to"}}],
        "circumstances": {"kinds": ["verbal"]},
        "childrens_services_informed": False,
    }
    return {
        "specversion": "1.0",
        "type": "police.incident.recorded.v1",
        "source": "/agencies/north-police",
        "id": "n-1",
        "time": NOON.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }


async def _trace_at_the_receiver(on: str, settings: Settings) -> str:
    async with open_stage(on=on, start=NOON, agreements=None, settings=settings) as stage:
        await set_up(stage, AREA, {}, People())
        answer = await stage.request(
            "POST",
            "/notify/v1/events",
            agency="north-police",
            json=_incident(),
            headers={
                "content-type": "application/cloudevents+json",
                "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01",
            },
        )
        assert answer.status_code == 202
        assert TRACE in answer.headers["traceparent"]
        await stage.house.settle()
        (arrival,) = stage.receiver.arrivals
        return {name.lower(): value for name, value in arrival.headers.items()}["traceparent"]


async def test_a_trace_goes_from_intake_to_delivery_embedded() -> None:
    assert TRACE in await _trace_at_the_receiver("embedded", Settings())


async def test_a_trace_goes_from_intake_to_delivery_distributed(
    postgres_dsn: str, broker_url: str
) -> None:
    settings = Settings(database_url=postgres_dsn, broker_url=broker_url)
    assert TRACE in await _trace_at_the_receiver("distributed", settings)


@pytest.mark.parametrize("path", ["/notify/v1/inbox/none", "/consent/v1/decisions", "/directory/x"])
async def test_every_answer_carries_a_trace(path: str) -> None:
    async with open_stage(on="embedded", start=NOON, agreements=None) as stage:
        answer = await stage.request("GET", path)
        assert answer.headers["traceparent"].startswith("00-")
