"""What have the agencies agreed to share? An information-sharing agreement, read from YAML.

An agreement is data that an information-governance lead can read aloud; its conditions are named
predicates that the consent service implements. What cannot be understood refuses to load: an
unknown condition, a citation that is not listed, a parameter that no area could set.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeGuard

import yaml
from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from contracts.catalogue import EVENT_TYPES
from contracts.problems import Finding, pointers, refuse
from contracts.scalars import Audience, Day, Shape, Text, Word

FOLDER = Path(__file__).parent / "agreements"

Kebab = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
_HOUR_AND_MINUTE = re.compile(r"\d{2}:\d{2}(:00)?", re.ASCII)
FieldPath = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z0-9_]+)*(\.\*)?$")]


def _local_time(value: Any) -> Any:
    """YAML reads a bare 17:00 as the number 1020: a local time is a quoted string."""
    if isinstance(value, str) and _HOUR_AND_MINUTE.fullmatch(value):
        return value
    raise PydanticCustomError("local_time", 'Expected a local time in quotes, such as "17:00"')


def _of_area(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and value.startswith("area.")


LocalTime = Annotated[
    time,
    BeforeValidator(_local_time),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}(:00)?$"}),
]
Scalar = bool | int | str
Value = Scalar | tuple[Scalar, ...] | dict[str, Scalar]
Effect = Literal["covers", "require", "forbid", "hold", "permit", "note"]
AboutWhom = Literal["child", "harmed", "client", "child-or-client"]


class AgreementRefused(ValueError):
    """This file is no agreement that may be relied on; the message says where and why."""


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
    """The sender asserts it; the service records it and does not decide it."""

    article_6: Word
    article_9: Word | None = None
    condition: Word | None = None
    gateway: Word
    cites: tuple[Kebab, ...]


class TellSubject(Shape):
    required: bool
    unless: Text | None = None


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
    """The first rule whose `when` is true, or that has none, gives the due moment."""

    when: Kebab | None = None
    kind: Literal["school-day", "clock-hours", "working-day", "at-once"]
    hours: Annotated[int, Field(ge=0)] = 0
    days: Annotated[int, Field(ge=0)] = 0
    at: LocalTime = time(17, 0)  # Europe/London
    starts: Literal["believed-at", "accepted", "appointment-start"]


class Recipient(Shape):
    """What one audience gets, about whom, and by when."""

    about: AboutWhom
    default_profile: Kebab
    due: Annotated[tuple[Due, ...], Field(min_length=1)]


class Parameter(Shape):
    """What an area may set by policy, with what holds where it sets nothing."""

    default: Value
    says: Text
    cites: tuple[Kebab, ...] = ()


class Retention(Shape):
    months: Annotated[int, Field(ge=1)]
    says: Text


class Agreement(Shape):
    id: Kebab
    version: Word
    title: Word
    purpose: Text
    in_force: InForce
    parties: Parties
    events: Annotated[tuple[str, ...], Field(min_length=1)]
    audiences: Annotated[dict[Audience, Recipient], Field(min_length=1)]
    consent: Literal["irrelevant", "needed"]
    basis: Basis
    tell_subject: TellSubject
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]
    profiles: Annotated[dict[Kebab, tuple[FieldPath, ...]], Field(min_length=1)]
    area: dict[str, Parameter] = Field(default_factory=dict)
    retention: Retention
    review_on: Day
    breaches_to: Word
    citations: dict[Kebab, Citation]

    @property
    def rests_on_consent(self) -> bool:
        return self.consent == "needed"

    @property
    def predicates(self) -> frozenset[str]:
        """The name of every predicate that must exist for this agreement to be applied."""
        due = (rule.when for recipient in self.audiences.values() for rule in recipient.due)
        return frozenset({c.use for c in self.conditions} | {when for when in due if when})

    def settled(self, condition: Condition, policy: Mapping[str, Any]) -> dict[str, Any]:
        """The condition's parameters, those named `area.x` as the area's policy sets them."""
        return {name: self._settled(value, policy) for name, value in condition.parameters.items()}

    def _settled(self, value: Any, policy: Mapping[str, Any]) -> Any:
        if not _of_area(value):
            return value
        name = value.removeprefix("area.")
        return policy.get(name, self.area[name].default)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse([*self._unlisted(), *self._unknown_names(), *self._unreachable()])
        return self

    def _unlisted(self) -> Iterable[Finding]:
        cited = [
            (("basis", "cites"), self.basis.cites),
            *((("conditions", n, "cites"), c.cites) for n, c in enumerate(self.conditions)),
            *((("area", name, "cites"), p.cites) for name, p in self.area.items()),
        ]
        for at, names in cited:
            for name in names:
                if name not in self.citations:
                    yield Finding(at=at, detail=f"Citation {name} is not listed")

    def _unknown_names(self) -> Iterable[Finding]:
        for n, event_type in enumerate(self.events):
            if event_type not in EVENT_TYPES:
                yield Finding(at=("events", n), detail="No event type of this contract")
        for n, condition in enumerate(self.conditions):
            for name, value in condition.parameters.items():
                if not _of_area(value) or value.removeprefix("area.") in self.area:
                    continue
                yield Finding(at=("conditions", n, "with", name), detail="No such area parameter")
            if not set(condition.audiences) <= set(self.audiences):
                yield Finding(at=("conditions", n, "audiences"), detail="No audience of this one")
            if not set(condition.events) <= set(self.events):
                yield Finding(at=("conditions", n, "events"), detail="No event of this one")

    def _unreachable(self) -> Iterable[Finding]:
        for audience, recipient in self.audiences.items():
            if recipient.default_profile not in self.profiles:
                yield Finding(
                    at=("audiences", audience, "default_profile"), detail="No such profile"
                )
            if recipient.due[-1].when is not None:
                yield Finding(at=("audiences", audience, "due"), detail="No due moment otherwise")
            permits = [c for c in self.conditions if c.effect == "permit"]
            if not any(not c.audiences or audience in c.audiences for c in permits):
                yield Finding(at=("audiences", audience), detail="Nothing could ever permit it")


def read(text: str, *, known: Collection[str] | None = None, name: str = "agreement") -> Agreement:
    """One agreement from YAML. `known` are the predicates that exist; None skips that check."""
    try:
        agreement = Agreement.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise AgreementRefused(f"{name}: not YAML: {error}") from None
    except ValidationError as error:
        said = "; ".join(f"{p['pointer']}: {p['detail']}" for p in pointers(error))
        raise AgreementRefused(f"{name}: {said}") from None
    if known is not None and (unknown := agreement.predicates - set(known)):
        raise AgreementRefused(f"{name}: unknown condition {', '.join(sorted(unknown))}")
    return agreement


def load(*, known: Collection[str] | None = None, folder: Path = FOLDER) -> tuple[Agreement, ...]:
    """Every version of every agreement in the folder, refusing two in force on one day."""
    found = [
        read(path.read_text(encoding="utf-8"), known=known, name=path.name)
        for path in sorted(folder.glob("*.yaml"))
    ]
    found.sort(key=lambda agreement: (agreement.id, agreement.in_force.since))
    for before, after in pairwise(found):
        if before.id == after.id and (
            before.version == after.version or before.in_force.on(after.in_force.since)
        ):
            raise AgreementRefused(f"{before.id}: two versions are in force on one day")
    return tuple(found)


def in_force(agreements: Iterable[Agreement], day: date) -> tuple[Agreement, ...]:
    return tuple(agreement for agreement in agreements if agreement.in_force.on(day))
