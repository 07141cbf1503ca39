"""Who may sign in, and as what? Contacts of the directory, and operators by the settings."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.chassis.principals import Principal
from services.front.addresses import Addresses
from services.front.house import PAGES, House, Json, Refused

OPERATIONS, GOVERNANCE = "operations", "information-governance"
# By the kind of the identity: those of the settings, and what they may do.
_ROLES = {
    OPERATIONS: frozenset({OPERATIONS, GOVERNANCE}),
    GOVERNANCE: frozenset({GOVERNANCE}),
}
_CALLED = {OPERATIONS: "Operations", GOVERNANCE: "Information governance"}
_CONTACT_ROLES = frozenset({"recipient", "publisher"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One place that a person has. Ids and a hash: names and addresses stay in the directory."""

    organisation: str
    contact: str
    kind: str
    address: str = ""  # keyed hash of the address that the link was sent to

    @property
    def principal(self) -> Principal:
        return Principal(
            agency=self.organisation,
            roles=_ROLES.get(self.kind, _CONTACT_ROLES),
            key_id="session",
            person=self.contact,
        )

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Whom an address belongs to. `email` is as it is listed, which may not be as it was typed."""

    email: str
    identities: tuple[Identity, ...]


class People:
    """`operators`: e-mail addresses of those who run the service; with `:information-governance`
    behind it, of who governs the sharing and does not run it."""

    def __init__(self, house: House, operators: Sequence[str], addresses: Addresses) -> None:
        self._house = house
        self._addresses = addresses
        # By the address and not by its place: who is added to the settings becomes nobody else.
        named = (one.strip().partition(":") for one in operators)
        self._operators = {
            addresses.key(email): (email.strip(), role or OPERATIONS)
            for email, _, role in named
            if (role or OPERATIONS) in _ROLES
        }

    async def with_address(self, email: str) -> Listed | None:
        key = self._addresses.key(email)
        found = await self._house.post(PAGES, "/directory/v1/people/find", {"email": email})
        identities = [
            Identity(
                organisation=one["organisation"],
                contact=one["contact"],
                kind=one["kind"],
                address=key,
            )
            for one in found["people"]
        ]
        emails = [one["email"] for one in found["people"]]
        if key in self._operators:
            email, kind = self._operators[key]
            identities.insert(0, _operator(key, kind))
            emails.insert(0, email)
        return Listed(email=emails[0], identities=tuple(identities)) if identities else None

    async def still(self, identity: Identity) -> bool:
        """Is this person still listed, and under the address to which the link was sent?"""
        if identity.kind in _ROLES:
            return self._operators.get(identity.address, ("", ""))[1] == identity.kind
        found = await self._listed(identity)
        return found is not None and self._addresses.key(found["email"] or "") == identity.address

    async def places(self, identities: Sequence[Identity]) -> list[tuple[int, str]]:
        """Which of them the person still has, by number and in words."""
        found = [
            (number, identity, await self._listed(identity))
            for number, identity in enumerate(identities)
        ]
        organisations = [identity.organisation for identity in identities]
        return [
            (number, _words(one, alone=organisations.count(identity.organisation) == 1))
            for number, identity, one in found
            if one is not None
        ]

    async def _listed(self, identity: Identity) -> Json | None:
        if identity.kind in _ROLES:
            return {"organisation_name": _CALLED[identity.kind], "role": identity.kind}
        path = f"/directory/v1/people/{identity.organisation}/{identity.contact}"
        try:
            return await self._house.get(PAGES, path)
        except Refused as refused:
            if refused.status == 404:
                return None
            raise


def _operator(key: str, kind: str) -> Identity:
    contact = f"{'governor' if kind == GOVERNANCE else 'operator'}-{key[:12]}"
    return Identity(organisation=kind, contact=contact, kind=kind, address=key)


def _words(listed: Json, *, alone: bool) -> str:
    """With the role where somebody is listed twice by one organisation."""
    name = str(listed["organisation_name"] or listed["organisation"])
    return name if alone else f"{name} ({str(listed['role']).replace('-', ' ')})"
