"""Synthetic events, and the ways of offering them by HTTP."""

import json
from typing import Any

import httpx

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
PATH = "/notify/v1/events"


def event(id: str = "n-1", *, agency: str = "north-police", **changes: Any) -> dict[str, Any]:
    whole = {
        "specversion": "1.0",
        "id": id,
        "source": f"/agencies/{agency}",
        "type": "referral.answered.v1",
        "time": "2026-02-13T11:59:00Z",
        "datacontenttype": "application/json",
        "data": {
            "reference": "R-1",
            "decision": "accepted",
            "decided_at": "2026-02-13T11:58:00Z",
        },
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def other_content(id: str = "n-1") -> dict[str, Any]:
    return event(
        id,
        data={
            "reference": "R-2",
            "decision": "accepted",
            "decided_at": "2026-02-13T11:58:00Z",
        },
    )


async def offer(
    client: httpx.AsyncClient, body: Any, content_type: str = STRUCTURED
) -> httpx.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await client.post(PATH, content=raw, headers={"content-type": content_type})


async def offer_batch(client: httpx.AsyncClient, body: Any) -> httpx.Response:
    return await offer(client, body, BATCH)


def pointers(response: httpx.Response) -> list[str]:
    return [error["pointer"] for error in response.json()["errors"]]
