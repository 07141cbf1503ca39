"""Who is who, who has signed, and what have the areas settled? Only as far as an event needs it."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import Organisation, OrganisationState
from services.chassis.database import upsert
from services.consent.domain.facts import Area, Policy
from services.consent.domain.matter import Matter, people_of
from services.consent.readmodels.register import POLICIES, SIGNATORIES
from services.consent.readmodels.tables import ORGANISATIONS, SETTINGS


async def keep(tx: AsyncConnection, state: OrganisationState) -> None:
    """Only what deciding needs: of the people there, the desk that answers questions."""
    organisation = state.organisation
    desks = tuple(contact for contact in organisation.contacts if contact.role == "desk")
    kept = organisation.model_copy(update={"contacts": desks, "calendar": None})
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


async def area_for(tx: AsyncConnection, matter: Matter) -> Area:
    ids, urns = _named(matter)
    asked = select(ORGANISATIONS.c.body).where(
        or_(ORGANISATIONS.c.id.in_(sorted(ids)), ORGANISATIONS.c.urn.in_(sorted(urns)))
    )
    found = [Organisation.model_validate_json(body) for body in (await tx.execute(asked)).scalars()]
    policies, signatories = await settings(tx)
    return Area(
        organisations={organisation.id: organisation for organisation in found},
        forces=await _forces(tx, matter),
        policies=policies,
        signatories=signatories,
    )


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
    return ids, urns


async def _forces(tx: AsyncConnection, matter: Matter) -> dict[str, str]:
    """The police area of an authority, where everybody there who states one states the same."""
    authorities = {
        address.local_authority
        for person in people_of(matter.content)
        for address in person.addresses
        if address.local_authority
    }
    asked = (
        select(ORGANISATIONS.c.local_authority, ORGANISATIONS.c.police_area)
        .where(
            ORGANISATIONS.c.local_authority.in_(sorted(authorities)),
            ORGANISATIONS.c.police_area.is_not(None),
        )
        .distinct()
    )
    stated: dict[str, set[str]] = {}
    for row in await tx.execute(asked):
        stated.setdefault(row.local_authority, set()).add(row.police_area)
    return {authority: areas.pop() for authority, areas in stated.items() if len(areas) == 1}


async def settings(
    tx: AsyncConnection,
) -> tuple[tuple[Policy, ...], dict[str, frozenset[str]]]:
    policies: tuple[Policy, ...] = ()
    signatories: dict[str, frozenset[str]] = {}
    for row in await tx.execute(select(SETTINGS.c.name, SETTINGS.c.body)):
        value: Any = json.loads(row.body)
        if row.name == POLICIES:
            policies = tuple(_policies(value))
        elif value is not None:
            signatories[row.name.removeprefix(SIGNATORIES)] = frozenset(value)
    return policies, signatories


def _policies(items: Iterable[dict[str, Any]]) -> Iterable[Policy]:
    for item in items:
        own = ("agreement", "local_authority", "police_area", "profile")
        yield Policy(
            agreement=item["agreement"],
            local_authority=item.get("local_authority"),
            police_area=item.get("police_area"),
            profile=item.get("profile"),
            settings={k: v for k, v in item.items() if k not in own and v is not None},
        )
