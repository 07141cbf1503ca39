"""On what ground, and for what purpose? What a page says of an information-sharing agreement."""

from dataclasses import dataclass
from typing import Any

from services.chassis.principals import Principal
from services.front.house import House, Refused

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    title: str
    version: str
    purpose: str
    basis: tuple[str, ...]
    tell_subject: str
    paths: tuple[str, ...]  # that the profile may show

    @property
    def line(self) -> str:
        return f"{self.title}, version {self.version}"


async def ground_of(
    house: House, who: Principal, agreement: str | None, version: str | None, profile: str | None
) -> Ground | None:
    """None where no agreement was applied, or where it is not known here any more."""
    if agreement is None:
        return None
    try:
        found = await house.get(who, f"/consent/v1/agreements/{agreement}")
    except Refused:
        return None
    versions = found["versions"]
    one = next((each for each in versions if each["version"] == version), versions[-1])
    return ground(one, profile)


def ground(agreement: Json, profile: str | None) -> Ground:
    basis = agreement["basis"]
    parts = (basis["gateway"], basis["article_6"], basis.get("article_9"), basis.get("condition"))
    return Ground(
        title=agreement["title"],
        version=agreement["version"],
        purpose=" ".join(agreement["purpose"].split()),
        basis=tuple(_capital(part) for part in parts if part),
        tell_subject=_tell_subject(agreement["tell_subject"]),
        paths=tuple(agreement["profiles"].get(profile or "", ())),
    )


def _tell_subject(told: Json) -> str:
    begins = "The sender tells the person concerned." if told["required"] else ""
    unless = told.get("unless") or ""
    exception = f"Not where this holds: {unless}" if told["required"] and unless else unless
    return f"{begins} {exception}".strip()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
