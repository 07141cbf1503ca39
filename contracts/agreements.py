"""What have the agencies agreed to share? An information-sharing agreement, read from YAML.

An agreement is data that an information-governance lead can read aloud; its conditions are named
predicates that the consent service implements. What cannot be understood refuses to load: an
unknown condition, a citation that is not listed, a parameter that no area could set.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Self, TypeGuard

import yaml
from pydantic import Field, ValidationError, model_validator

from contracts.agreement_parts import (
    Basis,
    Citation,
    Condition,
    Consent,
    FieldPath,
    InForce,
    Kebab,
    Parameter,
    Parties,
    Recipient,
    Release,
    Retention,
    TellSubject,
)
from contracts.catalogue import EVENT_TYPES
from contracts.field_paths import named_by, never_shown, of_kinds
from contracts.problems import Finding, pointers, refuse
from contracts.scalars import Audience, Day, Shape, Text, Word

FOLDER = Path(__file__).parent / "agreements"


def _of_area(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and value.startswith("area.")


class AgreementRefused(ValueError):
    """This file is no agreement that may be relied on; the message says where and why."""


class Agreement(Shape):
    id: Kebab
    version: Word
    title: Word
    purpose: Text
    in_force: InForce
    parties: Parties
    events: Annotated[tuple[str, ...], Field(min_length=1)]
    audiences: Annotated[dict[Audience, Recipient], Field(min_length=1)]
    consent: Consent
    basis: Basis
    tell_subject: TellSubject
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]
    profiles: Annotated[dict[Kebab, tuple[FieldPath, ...]], Field(min_length=1)]
    area: dict[str, Parameter] = Field(default_factory=dict)
    opened_by: str | None = None  # closed in every area whose policy does not set this parameter
    records: tuple[Text, ...] = ()  # what must be on record beside the decision
    release: Release = "one-person"  # of whatever is held under it
    retention: Retention
    review_on: Day
    breaches_to: Word
    citations: dict[Kebab, Citation]

    @property
    def rests_on_consent(self) -> bool:
        return self.consent == "needed"

    def is_open(self, policy: Mapping[str, Any]) -> bool:
        """Does this area share under it at all? A local choice is closed until it is made."""
        return self.opened_by is None or bool(policy.get(self.opened_by))

    def choosable(self, audience: str) -> tuple[str, ...]:
        """The profiles among which an area may choose for this audience, the default first."""
        mine = next(one for name, one in self.audiences.items() if name == audience)
        alone = tuple(self.profiles) if len(self.audiences) == 1 else ()
        return tuple(dict.fromkeys((mine.default_profile, *(mine.profiles or alone))))

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
        named = [*self._unlisted(), *self._unknown_names(), *self._unknown_fields()]
        refuse([*named, *self._unreachable()])
        refuse(self._unseeable())
        return self

    def _unlisted(self) -> Iterable[Finding]:
        cited: list[tuple[tuple[str | int, ...], tuple[str, ...]]] = [
            (("basis", "cites"), self.basis.cites),
            (("tell_subject", "cites"), self.tell_subject.cites),
            (("retention", "cites"), self.retention.cites),
            *((("basis", "sources", name), c) for name, c in self.basis.sources.items()),
            *(
                (("audiences", name, "due", n, "cites"), due.cites)
                for name, recipient in self.audiences.items()
                for n, due in enumerate(recipient.due)
            ),
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

    def _unknown_fields(self) -> Iterable[Finding]:
        for name, paths in self.profiles.items():
            for n, path in enumerate(paths):
                if not named_by(path):
                    yield Finding(at=("profiles", name, n), detail="No field of this contract")
        if self.opened_by is not None and (
            self.opened_by not in self.area or self.area[self.opened_by].default
        ):
            yield Finding(at=("opened_by",), detail="No area parameter that begins closed")

    def _unseeable(self) -> Iterable[Finding]:
        """What the gateway excludes, and what the matrix keeps from the audience."""
        excluded = frozenset(self.basis.excluded_categories)
        for name, paths in self.profiles.items():
            for path in of_kinds(paths, excluded):
                yield Finding(at=("profiles", name), detail=f"The gateway excludes {path}")
        for audience in self.audiences:
            kept = never_shown(audience, by_consent=self.rests_on_consent)
            for name in self.choosable(audience):
                for path in of_kinds(self.profiles[name], kept):
                    detail = f"{path} is never shown to {audience}"
                    yield Finding(at=("profiles", name), detail=detail)

    def _unreachable(self) -> Iterable[Finding]:
        for audience, recipient in self.audiences.items():
            for name in (recipient.default_profile, *recipient.profiles):
                if name not in self.profiles:
                    at = ("audiences", audience, "default_profile")
                    yield Finding(at=at, detail="No such profile")
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
