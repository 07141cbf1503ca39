"""The facts that the other half of notify records, as the front reads them. All synthetic."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from contracts.messages import Outcome
from services.notify.domain import notification as facts
from services.notify.streams.case import EventAnswered
from services.notify.streams.decision import DecisionRecorded
from tests.notify.front_house import NOON, Front


async def decided(
    front: Front,
    receipt: UUID,
    audience: str,
    outcome: Outcome,
    at: datetime = NOON,
    **more: Any,
) -> UUID:
    decision: UUID = more.pop("decision", None) or uuid4()
    recorded = DecisionRecorded(
        decision=decision,
        case=more.pop("case", None) or uuid4(),
        receipt=receipt,
        source="/agencies/north-police",
        event_id="n-1",
        event_type="police.incident.recorded.v1",
        about="c1",
        subject=uuid4(),
        audience=audience,
        outcome=outcome,
        because=(),
        decided_at=at,
        recorded_at=at,
        agreement="operation-encompass",
        agreement_version="1",
        profile="full",
        shows=("child.name",),
        supersedes=None,
        correction=False,
        **more,
    )
    await front.record(f"decision-{decision}", recorded)
    return decision


async def answered(
    front: Front, receipt: UUID, decisions: int, at: datetime = NOON, case: UUID | None = None
) -> None:
    case = case or uuid4()
    await front.record(
        f"case-{case}",
        EventAnswered(
            receipt=receipt,
            case=case,
            source="/agencies/north-police",
            event_id="n-1",
            event_type="police.incident.recorded.v1",
            decisions=decisions,
            note="",
            at=at,
        ),
    )


async def raised(
    front: Front,
    organisation: str = "alder",
    *,
    receipt: UUID | None = None,
    decision: UUID | None = None,
) -> UUID:
    notification = uuid4()
    event = facts.NotificationRaised(
        notification=notification,
        decision=decision or uuid4(),
        receipt=receipt or uuid4(),
        case=uuid4(),
        source="/agencies/north-police",
        organisation=organisation,
        audience="education",
        agreement="operation-encompass",
        about="c1",
        subject=uuid4(),
        due=NOON + timedelta(days=1),
        starts_at=NOON,
        raised_at=NOON,
        available_from=NOON,
        announce_at=NOON,
        phone_at=None,
        round=1,
    )
    await told(front, event)
    return notification


async def available(front: Front, organisation: str = "alder") -> UUID:
    notification = await raised(front, organisation)
    await told(
        front,
        facts.NotificationMadeAvailable(
            notification=notification, organisation=organisation, at=front.clock.now()
        ),
    )
    return notification


async def begun(
    front: Front, notification: UUID, organisation: str = "alder", **changes: Any
) -> None:
    values: dict[str, Any] = {
        "run": "r-1",
        "contacts": (),
        "again": False,
        "next_at": None,
        **changes,
    }
    await told(
        front,
        facts.AnnouncementBegun(
            notification=notification,
            organisation=organisation,
            begun_at=front.clock.now(),
            **values,
        ),
    )


async def told(front: Front, event: Any) -> None:
    await front.record(facts.stream_of(event.notification), event)
