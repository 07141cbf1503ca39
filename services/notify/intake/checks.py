"""Is this a sound event of the agency that sends it? The same questions at every door."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import rfc8785

from contracts.envelope import CloudEvent, digest, parse
from contracts.problems import InvalidEvent, Problem
from services.notify.domain.intake import Refusal, receipt_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Fit to be passed on. `event` is the structured CloudEvent as it was sent."""

    receipt: UUID
    source: str
    id: str
    type: str
    digest: str
    event: dict[str, Any] = field(repr=False)


def check(raw: Any, agency: str) -> Checked:
    """Raises Refusal: 400 for the envelope, 422 for type or data, 403 for another's source."""
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
    return Checked(
        receipt=receipt_of(event.source, event.id),
        source=event.source,
        id=event.id,
        type=event.type,
        digest=_digest(event),
        event=raw,
    )


def _refused(raw: Any, errors: list[Problem]) -> Refusal:
    pairs = [(error["pointer"], error["detail"]) for error in errors]
    named = raw if isinstance(raw, dict) else {}
    envelope = any(not _of_content(pointer, named) for pointer, _ in pairs) or not pairs
    return Refusal(
        400 if envelope else 422,
        "This is not a CloudEvent of the contract" if envelope else "The event is not as agreed",
        pairs,
        source=_short(named.get("source")),
        id=_short(named.get("id")),
    )


def _of_content(pointer: str, named: dict[str, Any]) -> bool:
    if pointer == "/type":  # a word, but of no type that we know
        return isinstance(named.get("type"), str)
    return pointer == "/data" or pointer.startswith("/data/")


def _digest(event: CloudEvent) -> str:
    try:
        return digest(event)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        # The reader of JSON refuses such text already; another door may have read it otherwise.
        detail = "holds a number or a text that not every reader of JSON keeps"
        raise Refusal(422, "The event is not as agreed", [("/data", detail)]) from None


def _short(value: Any) -> str | None:
    """What names the event in the answer, unless it is no name at all."""
    return value if isinstance(value, str) and len(value) <= 200 else None
