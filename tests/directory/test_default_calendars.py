"""Which schools go by no calendar of their own?"""

from typing import Any

from tests.directory.house import NOON, House

COUNCIL = {"kind": "local-authority", "local_authority": "E06000999"}
SCHOOL = {"kind": "school", "local_authority": "E06000999", "police_area": "E23000099"}
TODAY = NOON.date().isoformat()


async def put(house: House, name: str, body: dict[str, Any], *terms: str) -> None:
    calendar = {"calendar": {"terms": terms}} if terms else {}
    await house.good("PUT", f"/organisations/{name}", json={**body, **calendar})


async def levels(house: House, query: str = "", token: str | None = None) -> dict[str, str]:
    found = await house.good("GET", f"/calendars/default{query}", token=token)
    return {one["id"]: one["level"] for one in found["schools"]}


async def test_every_school_without_a_calendar_is_listed_with_whose_it_goes_by(
    house: House,
) -> None:
    await put(house, "oak-trust", {"kind": "trust"}, "2026-01-05/2026-07-17")
    await put(house, "alder", SCHOOL, "2026-01-05/2026-07-21")  # its own, and far enough
    await put(house, "birch", SCHOOL)
    await put(house, "cedar", {**SCHOOL, "trust": "oak-trust"}, "2025-09-01/2025-12-19")
    await put(house, "dale", SCHOOL, "2026-01-05/2026-02-27")  # runs out in two weeks
    await put(house, "elm", {**SCHOOL, "local_authority": "E06000998"})
    await put(house, "fir", {**SCHOOL, "closed_on": TODAY})
    await put(house, "gorse", {"kind": "nursery", "local_authority": "E06000999"})
    assert await levels(house) == {"birch": "none", "cedar": "trust", "dale": "own", "elm": "none"}
    await put(house, "north-la", COUNCIL, "2026-01-05/2026-03-06")
    found = await house.good("GET", "/calendars/default?limit=2")
    assert found["counts"] == {"own": 2, "trust": 1, "authority": 1, "none": 1}
    assert [(one["id"], one["level"], one["runs_out"]) for one in found["schools"]] == [
        ("birch", "authority", True),
        ("cedar", "trust", False),
    ]
    assert list(await levels(house, f"?after={found['next']}")) == ["dale", "elm"]
    await house.good("DELETE", "/organisations/oak-trust/calendar")
    assert (await levels(house))["cedar"] == "authority"


async def test_an_authority_and_a_force_see_their_own_area(embedded_house: House) -> None:
    house = embedded_house
    await put(house, "north-la", COUNCIL)
    await put(house, "south-police", {"kind": "police", "police_area": "E23000098"})
    await put(house, "birch", SCHOOL)
    await put(house, "elm", {**SCHOOL, "local_authority": "E06000998", "police_area": "E23000098"})
    assert list(await levels(house, token=await house.key("north-la", "recipient"))) == ["birch"]
    assert list(await levels(house, token=await house.key("south-police", "publisher"))) == ["elm"]
    assert list(await levels(house, "?local_authority=E06000998")) == ["elm"]
