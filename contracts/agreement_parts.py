"""Of what is an agreement made? Parties, ground, conditions, clocks, and what an area may set."""

import re
from datetime import date, time
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from contracts.field_paths import FieldKind
from contracts.problems import Finding, refuse
from contracts.scalars import Audience, Day, Shape, Text, Word

Kebab = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
_HOUR_AND_MINUTE = re.compile(r"\d{2}:\d{2}(:00)?", re.ASCII)
FieldPath = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z0-9_]+)*(\.\*)?$")]


def _local_time(value: Any) -> Any:
    """YAML reads a bare 17:00 as the number 1020: a local time is a quoted string."""
    if isinstance(value, str) and _HOUR_AND_MINUTE.fullmatch(value):
        return value
    raise PydanticCustomError("local_time", 'Expected a local time in quotes, such as "17:00"')


LocalTime = Annotated[
    time,
    BeforeValidator(_local_time),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}(:00)?$"}),
]
Scalar = bool | int | str
Value = Scalar | tuple[Scalar, ...] | dict[str, Scalar]
Release = Literal["one-person", "two-person"]
Effect = Literal["covers", "require", "forbid", "hold", "permit", "note"]
AboutWhom = Literal["child", "harmed", "client", "child-or-client"]
ClockKind = Literal["school-day", "clock-hours", "working-day", "at-once"]
Holidays = Literal["the next pupil day", "the next working day", "the clock runs on"]
Consent = Literal["irrelevant", "needed", "sought"]
Statement = Literal["article_6", "article_9", "condition", "part_3", "gateway", "consent"]

_HOLIDAYS: dict[ClockKind, Holidays] = {
    "school-day": "the next pupil day",
    "working-day": "the next working day",
    "clock-hours": "the clock runs on",
    "at-once": "the clock runs on",
}


class Citation(Shape):
    """Where a rule comes from, and whether that text was read."""

    title: Word
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
    status: Literal["verified", "to be confirmed by the area"]


class InForce(Shape):
    """`until` is the last day; without it the agreement has no end."""

    since: Day
    until: Day | None = None

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class Parties(Shape):
    """Kinds of organisation, `any` for all; which ones have signed is the area's to say."""

    senders: tuple[Kebab, ...]
    recipients: tuple[Kebab, ...]


class Basis(Shape):
    """The sender asserts it; the service records it and does not decide it.

    A gateway may exclude data: no profile of the agreement may name a field of such a kind.
    `part_3` is the condition where the sender processes under DPA 2018 Part 3. `sources` says of
    each statement, and of the word on consent, which citations carry it.
    """

    article_6: Word
    article_9: Word | None = None
    condition: Word | None = None
    part_3: Word | None = None
    gateway: Word
    excluded_categories: tuple[FieldKind, ...] = ()
    cites: tuple[Kebab, ...]
    sources: dict[Statement, tuple[Kebab, ...]] = Field(default_factory=dict)


class TellSubject(Shape):
    required: bool
    unless: Text | None = None
    cites: tuple[Kebab, ...] = ()


class Condition(Shape):
    """One named predicate: `use` is its name in code, `rule` the name that explanations print.

    covers, unless true, withholds: this agreement is not about that person. forbid true or require
    false withholds; hold true, or anything that cannot be told, holds; permit true discloses;
    silence withholds. A note decides nothing: it is said where it is true.
    """

    model_config = ConfigDict(populate_by_name=True)

    use: Kebab
    rule: Kebab = ""
    effect: Effect
    says: Text
    parameters: dict[str, Value] = Field(default_factory=dict, alias="with")
    audiences: tuple[Audience, ...] = ()  # only for these; for all when empty
    events: tuple[str, ...] = ()  # only for these types; for all when empty
    release: Release = "one-person"  # of a hold that this condition asks for
    cites: tuple[Kebab, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _named(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and "rule" not in raw and "use" in raw:
            return {**raw, "rule": raw["use"]}
        return raw

    def concerns(self, audience: str, event_type: str) -> bool:
        return (not self.audiences or audience in self.audiences) and (
            not self.events or event_type in self.events
        )


class Due(Shape):
    """The first rule whose `when` is true, or that has none, gives the due moment.

    `holidays` says in words what weekends and holidays do to it, and must be what its kind does.
    """

    when: Kebab | None = None
    kind: ClockKind
    hours: Annotated[int, Field(ge=0)] = 0
    days: Annotated[int, Field(ge=0)] = 0
    at: LocalTime = time(17, 0)  # Europe/London
    starts: Literal["believed-at", "accepted", "appointment-start"]
    holidays: Holidays | None = None
    cites: tuple[Kebab, ...] = ()

    @model_validator(mode="after")
    def _as_the_kind_counts(self) -> Self:
        if self.holidays is not None and self.holidays != _HOLIDAYS[self.kind]:
            refuse([Finding(at=("holidays",), detail="This is not how such a clock counts")])
        return self


class Recipient(Shape):
    """What one audience gets, about whom, and by when.

    Of several `profiles` an area may choose by policy; without them only the default, unless the
    agreement has this audience alone. Where nobody in the area serves the person, the sender is
    asked to look, or, where no duty rests on it, the receipt says so and no task opens.
    """

    about: AboutWhom
    default_profile: Kebab
    profiles: tuple[Kebab, ...] = ()
    due: Annotated[tuple[Due, ...], Field(min_length=1)]
    if_nobody_serves: Literal["ask the sender", "say so in the receipt"] = "ask the sender"


class Parameter(Shape):
    """What an area may set by policy, with what holds where it sets nothing."""

    default: Value
    says: Text
    cites: tuple[Kebab, ...] = ()


class Retention(Shape):
    months: Annotated[int, Field(ge=1)]
    says: Text
    cites: tuple[Kebab, ...] = ()
