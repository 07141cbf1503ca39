"""Who is who, who has signed, and what have the areas settled? Only as far as an event needs it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import Organisation, OrganisationState
from contracts.signatures import Signature
from services.chassis.database import upsert
from services.consent.domain.days import london_day
from services.consent.domain.facts import Area, Policy
from services.consent.domain.matter import Matter, people_of
from services.consent.domain.signing import signed_on
from services.consent.readmodels.asking import in_parts
from services.consent.readmodels.register import POLICIES, SIGNATORIES
from services.consent.readmodels.tables import ORGANISATIONS, SETTINGS

_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_BY_ID = select(ORGANISATIONS.c.id, ORGANISATIONS.c.body).where(ORGANISATIONS.c.id.in_(_KEYS))
_BY_URN = select(ORGANISATIONS.c.id, ORGANISATIONS.c.body).where(ORGANISATIONS.c.urn.in_(_KEYS))
_STATED = (
    select(ORGANISATIONS.c.local_authority, ORGANISATIONS.c.police_area)
    .where(ORGANISATIONS.c.local_authority.in_(_KEYS), ORGANISATIONS.c.police_area.is_not(None))
    .distinct()
)
_SETTINGS = select(SETTINGS.c.name, SETTINGS.c.body)


async def keep(tx: AsyncConnection, state: OrganisationState) -> None:
    """Only what deciding needs: of the people there, the desk that answers questions."""
    organisation = state.organisation
    desks = tuple(contact for contact in organisation.contacts if contact.role == "desk")
    kept = organisation.model_copy(update={"contacts": desks, "calendar": None, "closures": ()})
    row = {
        "id": organisation.id,
        "version": state.version,
        "kind": organisation.kind,
        "urn": organisation.urn,
        "local_authority": organisation.local_authority,
        "police_area": organisation.police_area,
        "body": kept.model_dump_json(),
    }
    await upsert(tx, ORGANISATIONS, row, key=["id"], newer="version")


async def forget(tx: AsyncConnection, state: OrganisationState) -> None:
    """What is no newer than this: it may be damaged, or it would not be asked for again."""
    same = ORGANISATIONS.c.id == state.organisation.id
    older = ORGANISATIONS.c.version <= state.version
    await tx.execute(delete(ORGANISATIONS).where(same, older))


async def areas_for(tx: AsyncConnection, matters: Sequence[Matter]) -> list[Area]:
    """For each of these what it needs to know, and no more."""
    named = [_named(matter) for matter in matters]
    organisations = await _organisations(tx, named)
    forces = await _forces(tx, {code for matter in matters for code in _authorities(matter)})
    policies, signed = await settings(tx)
    return [
        Area(
            organisations={
                one.id: one for one in organisations if one.id in ids or one.urn in urns
            },
            forces={code: forces[code] for code in _authorities(matter) if code in forces},
            policies=policies,
            signatories={
                agreement: signed_on(signatures, london_day(matter.now))
                for agreement, signatures in signed.items()
            },
        )
        for matter, (ids, urns) in zip(matters, named, strict=True)
    ]


async def _organisations(
    tx: AsyncConnection, named: Sequence[tuple[set[str], set[str]]]
) -> list[Organisation]:
    found: dict[str, str] = {}
    for part in in_parts(id_ for ids, _ in named for id_ in ids):
        found |= {row.id: row.body for row in await tx.execute(_BY_ID, {"keys": part})}
    for part in in_parts(urn for _, urns in named for urn in urns):
        found |= {row.id: row.body for row in await tx.execute(_BY_URN, {"keys": part})}
    return [Organisation.model_validate_json(body) for body in found.values()]


def _named(matter: Matter) -> tuple[set[str], set[str]]:
    """Every organisation that the event names, by id or by URN, and the one that sent it."""
    ids, urns = {matter.agency}, set[str]()
    for person in people_of(matter.content):
        ids |= {work.organisation for work in person.works_or_volunteers_at if work.organisation}
        urns |= {work.urn for work in person.works_or_volunteers_at if work.urn}
    if matter.incident is not None and matter.incident.handling is not None:
        ids |= set(matter.incident.handling.never_tell)
    if matter.appointment is not None and matter.appointment.appointment.referred_by:
        ids.add(matter.appointment.appointment.referred_by)
    if matter.conference is not None:
        ids.add(matter.conference.area)
    return ids, urns


def _authorities(matter: Matter) -> set[str]:
    """Those of homes of which the event does not itself say which force has them."""
    return {
        address.local_authority
        for person in people_of(matter.content)
        for address in person.addresses
        if address.local_authority and not address.police_area
    }


async def _forces(tx: AsyncConnection, authorities: Iterable[str]) -> dict[str, str]:
    """The police area of an authority, where everybody there who states one states the same."""
    stated: dict[str, set[str]] = defaultdict(set)
    for part in in_parts(authorities):
        for authority, area in await tx.execute(_STATED, {"keys": part}):
            stated[authority].add(area)
    return {authority: areas.pop() for authority, areas in stated.items() if len(areas) == 1}


async def settings(
    tx: AsyncConnection,
) -> tuple[tuple[Policy, ...], dict[str, tuple[Signature, ...]]]:
    """An agreement that every organisation has signed is left out."""
    policies: tuple[Policy, ...] = ()
    signed: dict[str, tuple[Signature, ...]] = {}
    for row in await tx.execute(_SETTINGS):
        value: Any = json.loads(row.body)
        if row.name == POLICIES:
            policies = tuple(_policies(value))
        elif value is not None:
            signatures = tuple(map(_signature, value))
            signed[row.name.removeprefix(SIGNATORIES)] = signatures
    return policies, signed


def _signature(told: str | dict[str, Any]) -> Signature:
    """By its name alone, as rows were made before signatures had dates."""
    return Signature.model_validate({"organisation": told} if isinstance(told, str) else told)


def _policies(items: Iterable[dict[str, Any]]) -> Iterable[Policy]:
    for item in items:
        own = ("agreement", "local_authority", "police_area", "profile")
        yield Policy(
            agreement=item.get("agreement"),
            local_authority=item.get("local_authority"),
            police_area=item.get("police_area"),
            profile=item.get("profile"),
            settings={k: v for k, v in item.items() if k not in own and v is not None},
        )
