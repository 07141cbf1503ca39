"""Who may sign in, and as what? Contacts of the directory, and operators by the settings."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.chassis.principals import Principal
from services.front.house import PAGES, House

OPERATIONS = "operations"
_OPERATOR_ROLES = frozenset({"operations", "information-governance"})
_CONTACT_ROLES = frozenset({"recipient", "publisher"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One place that a person has. Ids only: names and addresses stay in the directory."""

    organisation: str
    contact: str
    kind: str

    @property
    def principal(self) -> Principal:
        operator = self.kind == OPERATIONS
        return Principal(
            agency=self.organisation,
            roles=_OPERATOR_ROLES if operator else _CONTACT_ROLES,
            key_id="session",
            person=self.contact,
        )

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class People:
    """`operators`: e-mail addresses of those who run the service, in the order of the settings."""

    def __init__(self, house: House, operators: Sequence[str]) -> None:
        self._house = house
        self._operators = [one.strip().casefold() for one in operators]

    async def with_address(self, email: str) -> tuple[Identity, ...]:
        wanted = email.strip().casefold()
        mine = [
            Identity(organisation=OPERATIONS, contact=f"operator-{number}", kind=OPERATIONS)
            for number, one in enumerate(self._operators, 1)
            if one == wanted
        ]
        found = await self._house.post(PAGES, "/directory/v1/people/find", {"email": wanted})
        listed = [
            Identity(organisation=one["organisation"], contact=one["contact"], kind=one["kind"])
            for one in found["people"]
        ]
        return (*mine, *listed)

    async def address_of(self, identity: Identity) -> str | None:
        """As it stands now: who has left since is written to no more."""
        if identity.kind == OPERATIONS:
            number = int(identity.contact.removeprefix("operator-")) - 1
            return self._operators[number] if number < len(self._operators) else None
        path = f"/directory/v1/organisations/{identity.organisation}"
        known = await self._house.get(PAGES, path)
        contacts = {one["id"]: one for one in known["contacts"]}
        return (contacts.get(identity.contact) or {}).get("email")

    async def names(self, identities: Sequence[Identity]) -> list[str]:
        """Of the organisations, in the same order."""
        paths = [f"/directory/v1/organisations/{one.organisation}" for one in identities]
        return [
            "Operations"
            if one.kind == OPERATIONS
            else str((await self._house.get(PAGES, path))["name"] or one.organisation)
            for one, path in zip(identities, paths, strict=True)
        ]

    async def still(self, identity: Identity) -> bool:
        """Is this person still who they were when they signed in?"""
        return await self.address_of(identity) is not None
