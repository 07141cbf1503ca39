"""Is this a sound event of the agency that sends it? The same questions at every door."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import rfc8785

from contracts.envelope import CloudEvent, digest, parse
from contracts.events.police import IncidentRecorded
from contracts.problems import InvalidEvent, Problem
from services.notify.domain.intake import Refusal, receipt_of

_NOT_AGREED = "This is not an event of the contract"
# How far the clock of a sender may be before ours.
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Fit to be passed on. `event` is the structured CloudEvent as it was sent."""

    receipt: UUID
    source: str
    id: str
    type: str
    digest: str
    event: dict[str, Any] = field(repr=False)


def check(raw: Any, agency: str, now: datetime) -> Checked:
    """Raises Refusal: 422 for what is no event of the contract, 403 for a foreign source."""
    try:
        event = parse(raw)
    except InvalidEvent as wrong:
        raise _refused(raw, wrong.errors) from None
    if event.agency != agency:
        raise Refusal(
            403,
            "The source is not yours",
            [("/source", "is not /agencies/ and the id of the agency that sends")],
            source=event.source,
            id=event.id,
        )
    _not_believed_yet(event, now)
    return Checked(
        receipt=receipt_of(event.source, event.id),
        source=event.source,
        id=event.id,
        type=event.type,
        digest=_digest(event),
        event=raw,
    )


def _not_believed_yet(event: CloudEvent, now: datetime) -> None:
    """The belief starts the clock of the duty (DAA 2021 s.49A): one to come would put it off."""
    incident = event.content
    if isinstance(incident, IncidentRecorded) and incident.believed_at > now + SKEW:
        detail = "lies in the future: nobody has believed it yet"
        errors = [("/data/believed_at", detail)]
        raise Refusal(422, _NOT_AGREED, errors, source=event.source, id=event.id)


def _refused(raw: Any, errors: list[Problem]) -> Refusal:
    named = raw if isinstance(raw, dict) else {}
    return Refusal(
        422,
        _NOT_AGREED,
        [(error["pointer"], error["detail"]) for error in errors],
        source=_short(named.get("source")),
        id=_short(named.get("id")),
    )


def _digest(event: CloudEvent) -> str:
    try:
        return digest(event)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        # The reader of JSON refuses such text already; another door may have read it otherwise.
        detail = "holds a number or a text that not every reader of JSON keeps"
        raise Refusal(422, _NOT_AGREED, [("/data", detail)]) from None


def _short(value: Any) -> str | None:
    """What names the event in the answer, unless it is no name at all."""
    return value if isinstance(value, str) and len(value) <= 200 else None
