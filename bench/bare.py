"""How fast can an endpoint be that checks the same model and does nothing else? A baseline."""

from fastapi import FastAPI

from contracts.envelope import CloudEvent
from contracts.events.police import IncidentRecorded

app = FastAPI()


class Posted(CloudEvent):
    data: IncidentRecorded  # type: ignore[assignment]


@app.post("/", status_code=202)
async def accept(event: Posted) -> dict[str, str]:
    return {"id": event.id}
