"""Where exactly is it wrong? JSON pointers into the event, never the value that stands there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

Problem = dict[str, str]  # {"pointer": "/data/children/0/ref", "detail": "..."}


class InvalidEvent(ValueError):
    """The event is not what the contract says. `errors` may be shown to the sender and logged."""

    def __init__(self, errors: Sequence[Problem]) -> None:
        super().__init__(f"{len(errors)} problem(s)")
        self.errors = list(errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One contradiction between fields; `at` is the path from the object that was checked."""

    at: tuple[str | int, ...]
    detail: str


def refuse(findings: Iterable[Finding]) -> None:
    """Raise inside a validator what contradicts itself, keeping a pointer for each."""
    found = list(findings)
    if found:
        raise PydanticCustomError(
            "contradiction", "The event contradicts itself", {"findings": found}
        )


def pointer(path: Iterable[str | int]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def pointers(error: ValidationError, at: Sequence[str | int] = ()) -> list[Problem]:
    """Every problem with its pointer, rooted at the event when `at` says where the data stands."""
    problems: list[Problem] = []
    for item in error.errors(include_url=False, include_input=False):
        path = (*at, *item["loc"])
        findings = item.get("ctx", {}).get("findings")
        if findings is None:
            problems.append(
                {"pointer": pointer(path), "detail": _detail(item["type"], item["msg"])}
            )
            continue
        problems.extend(
            {"pointer": pointer((*path, *finding.at)), "detail": finding.detail}
            for finding in findings
        )
    return problems


def _detail(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "Unknown field"
    if kind == "missing":
        return "Field required"
    if kind == "timezone_aware":
        return "Expected a time with its offset"
    return message
