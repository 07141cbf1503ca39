"""Who says it, of what kind, and is it the same as before? CloudEvents 1.0 around every event.

Two layers: `from_http` reads any CloudEvent off the wire (structured, binary, batch) into plain
JSON; `parse` holds one of them against the contract and answers with everything that is wrong.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import unquote_to_bytes

from pydantic import Field, PrivateAttr, StringConstraints, ValidationError

from contracts.canonical_json import canonical
from contracts.catalogue import EVENT_TYPES
from contracts.problems import InvalidEvent, Problem, pointers
from contracts.scalars import Instant, Shape, Word
from contracts.strict_json import MalformedJson, loads

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
MAX_BODY = 256 * 1024
MAX_BATCH = 1000

Source = Annotated[str, StringConstraints(pattern=r"^/agencies/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
JsonMediaType = Annotated[
    str, StringConstraints(pattern=r"^[Aa]pplication/json *(; *[Cc]harset=\"?[Uu][Tt][Ff]-8\"?)?$")
]


class NotACloudEvent(ValueError):
    """The media type and headers are none of the three modes that CloudEvents knows."""


class CloudEvent(Shape):
    """One event as it was sent: `data` is the JSON itself, `content` what it says."""

    specversion: Literal["1.0"]
    id: Word
    source: Source
    type: Word
    time: Instant
    datacontenttype: JsonMediaType = "application/json"
    subject: Word | None = None
    correlation: Word | None = None
    data: Annotated[dict[str, Any], Field(strict=True)]

    _content: Shape = PrivateAttr()

    @property
    def agency(self) -> str:
        return self.source.removeprefix("/agencies/")

    @property
    def content(self) -> Shape:
        """The data as its type of `contracts.events`."""
        return self._content


def parse(raw: Any) -> CloudEvent:
    """The event with its content checked, or InvalidEvent with every pointer."""
    errors: list[Problem] = []
    event: CloudEvent | None = None
    try:
        event = CloudEvent.model_validate(raw)
    except ValidationError as error:
        errors += pointers(error)
    content = _content(raw, errors)
    if event is None or content is None or errors:
        raise InvalidEvent(errors)
    event._content = content
    return event


def _content(raw: Any, errors: list[Problem]) -> Shape | None:
    if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
        return None
    shape = EVENT_TYPES.get(raw["type"])
    if shape is None:
        errors.append({"pointer": "/type", "detail": "No event type of this contract"})
        return None
    if not isinstance(raw.get("data"), dict):
        return None
    try:
        return shape.model_validate(raw["data"])
    except ValidationError as error:
        errors += pointers(error, at=("data",))
        return None


def parse_batch(items: Sequence[Any]) -> list[CloudEvent | InvalidEvent]:
    """One answer for each item: a bad one does not spoil the good ones."""
    answers: list[CloudEvent | InvalidEvent] = []
    for item in items:
        try:
            answers.append(parse(item))
        except InvalidEvent as error:
            answers.append(error)
    return answers


def digest(event: CloudEvent) -> str:
    """Equal for equal content: `time` and the other attributes do not count (RFC 8785, SHA-256)."""
    told = {"type": event.type, "subject": event.subject, "data": event.data}
    return hashlib.sha256(canonical(told)).hexdigest()


def from_http(headers: Iterable[tuple[str, str]], body: bytes) -> dict[str, Any] | list[Any]:
    """Plain JSON of one event, or of a batch. Raises NotACloudEvent or MalformedJson."""
    named = _once([(name.lower(), value) for name, value in headers])
    media_type, charset = _media_type(named.get("content-type", ""))
    if charset != "utf-8":
        raise NotACloudEvent("Only UTF-8 is read")
    if media_type == STRUCTURED:
        event = loads(body)
        if not isinstance(event, dict):
            raise MalformedJson("An event is a JSON object")
        return event
    if media_type == BATCH:
        batch = loads(body)
        if not isinstance(batch, list):
            raise MalformedJson("A batch is a JSON list")
        return batch
    if "ce-specversion" in named:
        return _binary(named, media_type, body)
    raise NotACloudEvent("Neither a structured nor a binary CloudEvent, nor a batch")


def _binary(named: dict[str, str], media_type: str, body: bytes) -> dict[str, Any]:
    if media_type != "application/json":
        raise NotACloudEvent("The data of an event is application/json")
    event: dict[str, Any] = {
        name.removeprefix("ce-"): _header_text(value)
        for name, value in named.items()
        if name.startswith("ce-")
    }
    event["datacontenttype"] = named["content-type"].strip()
    event["data"] = loads(body)
    return event


def _once(headers: list[tuple[str, str]]) -> dict[str, str]:
    named = dict(headers)
    relevant = [n for n, _ in headers if n == "content-type" or n.startswith("ce-")]
    if len(relevant) != len(set(relevant)):
        raise NotACloudEvent("An attribute stands twice in the headers")
    return named


def _media_type(value: str) -> tuple[str, str]:
    media_type, *parameters = (part.strip() for part in value.split(";"))
    charset = "utf-8"
    for parameter in parameters:
        name, _, given = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = given.strip().strip('"').lower()
    return media_type.lower(), charset


def _header_text(value: str) -> str:
    """Percent-encoded, and perhaps a quoted string (CloudEvents HTTP binding, 3.1.3)."""
    text = value.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        raise NotACloudEvent("A header is not percent-encoded UTF-8") from None
