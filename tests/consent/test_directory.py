"""Can what the directory says be lost, come late, and be made again?"""

from typing import Any

import httpx
import pytest
from sqlalchemy import delete

from contracts.messages import AgencyKeyState, Organisation, OrganisationState, Outcome
from services.chassis.apikeys import ApiKeys, new_key
from services.consent.directory import AreaBook, DirectoryUnavailable
from services.consent.readmodels.tables import ORGANISATIONS
from tests.consent.house import House
from tests.consent.story import FORCE_X, FORCE_Y, SOUTH, child, incident, outcome, verdict
from tests.consent.story import ORGANISATIONS as KNOWN

FORCE = KNOWN["north-police"]


def directory(pages: list[dict[str, Any]]) -> httpx.AsyncClient:
    """A directory that answers page after page, to nobody but the house itself."""
    left = iter(pages)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["authorization"] != "Bearer token":
            return httpx.Response(401)
        page = next(left, None)
        return httpx.Response(503) if page is None else httpx.Response(200, json=page)

    return httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://directory")


def organisation(version: int, name: str) -> dict[str, Any]:
    state = OrganisationState(version=version, organisation=FORCE.model_copy(update={"name": name}))
    return {"id": "1", "type": "organisation.state", "body": state.model_dump(mode="json")}


async def force_in(house: House) -> str:
    await house.accept(incident(reference=str(len(house.heard))), id_=str(len(house.heard)))
    told = house.made("childrens-social-care")[-1].disclosure
    return str(told.content["incident.force"]) if told else ""


async def test_the_book_is_made_again_from_nothing(house: House) -> None:
    key_id, token, secret_hash = new_key()
    key = AgencyKeyState(
        version=1,
        key_id=key_id,
        agency="haven",
        roles=("publisher",),
        secret_hash=secret_hash,
    )
    pages: list[dict[str, Any]] = [
        {"messages": [organisation(4, "Refound Police")], "next": 7},
        {
            "messages": [
                {"id": "2", "type": "agency-key.state", "body": key.model_dump(mode="json")},
                {"id": "3", "type": "pupil.state", "body": {}},
            ],
            "next": None,
        },
    ]
    async with house.database.transaction() as tx:
        await tx.execute(delete(ORGANISATIONS))
    book = AreaBook(house.database, ApiKeys(house.database))

    async with directory(pages) as client:
        assert await book.rebuild(client, "token") == 3

    assert await force_in(house) == "Refound Police"
    assert (await house.call("GET", "/agreements", token=token)).status_code == 200


async def test_what_the_bus_brought_meanwhile_is_newer_and_stays(embedded: House) -> None:
    newer = FORCE.model_copy(update={"name": "Newer"})
    await embedded.know(OrganisationState(version=9, organisation=newer))
    book = AreaBook(embedded.database, ApiKeys(embedded.database))

    async with directory([{"messages": [organisation(4, "Older")], "next": None}]) as client:
        await book.rebuild(client, "token")

    assert await force_in(embedded) == "Newer"


@pytest.mark.parametrize("token", ["token", "wrong"])
async def test_half_a_directory_changes_nothing(embedded: House, token: str) -> None:
    book = AreaBook(embedded.database, ApiKeys(embedded.database))

    async with directory([{"messages": [organisation(4, "Half")], "next": 7}]) as client:
        with pytest.raises(DirectoryUnavailable):
            await book.rebuild(client, token)

    assert await force_in(embedded) == "Northshire Police"


def test_without_the_sender_in_the_book_a_person_decides() -> None:
    assert outcome(verdict(incident(), source="never-heard-of")) == "held"


async def test_the_force_of_a_home_is_known_by_its_authority_where_all_there_agree(
    house: House,
) -> None:
    def there(name: str, area: str) -> OrganisationState:
        station = Organisation(id=name, kind="police", local_authority=SOUTH, police_area=area)
        return OrganisationState(version=1, organisation=station)

    await house.know(there("south-police", FORCE_Y))
    await house.accept(incident(child(addresses=[{"kind": "home", "local_authority": SOUTH}])))
    [made] = house.made("police")
    assert made.outcome is Outcome.DISCLOSED

    await house.know(there("other-police", FORCE_X))
    other_child = child(given="Dan", addresses=[{"kind": "home", "local_authority": SOUTH}])
    await house.accept(incident(other_child, reference="N/2"), id_="2")
    assert house.made("police")[-1].outcome is Outcome.WITHHELD
