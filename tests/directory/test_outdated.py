"""Which schools would not be reached, and does each see its own only?"""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.directory.house import House

AREA, OTHER = "E06000999", "E06000998"
FORCE = "E23000099"
ADA = {"id": "dsl", "role": "head", "given_name": "Ada", "family_name": "Test"}
TERMS = {"terms": ["2026-01-05/2026-02-13"]}
SCHOOLS: dict[str, dict[str, Any]] = {
    "council": {"kind": "local-authority", "local_authority": AREA, "police_area": FORCE},
    "north": {"kind": "police", "police_area": FORCE},
    "elm": {"kind": "trust", "calendar": TERMS},
    "alder": {"local_authority": AREA, "contacts": [ADA], "calendar": TERMS},
    "birch": {"local_authority": AREA},
    "cedar": {
        "local_authority": AREA,
        "contacts": [{**ADA, "until": "2026-02-12"}],
        "trust": "elm",
    },
    "dell": {"local_authority": OTHER, "name": "=Dell"},
    "gone": {"local_authority": AREA, "closed_on": "2026-01-31"},
    "nursery": {"kind": "nursery", "local_authority": AREA},
    "coming": {"local_authority": AREA, "open_from": "2026-09-01"},
}


@pytest.fixture
async def area(house: House) -> House:
    for name, said in SCHOOLS.items():
        body = {"kind": "school", "name": name.title(), **said}
        await house.good("PUT", f"/organisations/{name}", json=body)
    return house


async def ids(house: House, name: str, token: str | None = None) -> list[str]:
    found = await house.good("GET", f"/outdated/{name}", token=token)
    assert found["total"] == len(found["schools"])
    return [one["id"] for one in found["schools"]]


async def test_each_list_holds_the_schools_that_it_says(area: House) -> None:
    assert await ids(area, "no-contact") == ["dell", "birch"]
    assert await ids(area, "nobody-now") == ["cedar"]
    assert await ids(area, "to-confirm") == []
    assert await ids(area, "default-calendar") == ["dell", "birch"]
    assert await ids(area, "no-successor") == []
    counts = (await area.good("GET", "/outdated"))["lists"]
    assert {one["list"]: one["count"] for one in counts} == {
        "no-contact": 2,
        "nobody-now": 1,
        "to-confirm": 0,
        "default-calendar": 2,
        "no-successor": 0,
    }
    assert all(one["title"] and one["says"] for one in counts)


async def test_a_councils_calendar_is_no_default(area: House) -> None:
    await area.good("PUT", "/organisations/council", json={"calendar": TERMS})
    assert await ids(area, "default-calendar") == ["dell"]


async def test_a_calendar_that_has_run_out_is_none(area: House) -> None:
    area.clock.set(datetime(2026, 2, 14, 12, tzinfo=UTC))
    assert await ids(area, "default-calendar") == ["dell", "alder", "birch", "cedar"]


async def test_a_school_leaves_the_list_when_it_is_put_right(area: House) -> None:
    await area.good("PUT", "/organisations/birch", json={"contacts": [ADA]})
    assert await ids(area, "no-contact") == ["dell"]
    await area.good("DELETE", "/organisations/alder/contacts/dsl")
    assert await ids(area, "no-contact") == ["dell", "alder"]


@pytest.mark.parametrize(
    ("agency", "roles", "sees"),
    [
        ("north", ["publisher"], ["birch"]),
        ("council", ["recipient"], ["birch"]),
        ("birch", ["recipient"], ["birch"]),
        ("alder", ["recipient"], []),
        ("elm", ["recipient"], []),
        ("anybody", ["operations"], ["dell", "birch"]),
    ],
)
async def test_each_sees_the_schools_that_it_looks_after(
    area: House, agency: str, roles: list[str], sees: list[str]
) -> None:
    token = await area.key(agency, *roles)
    assert await ids(area, "no-contact", token) == sees


async def test_who_looks_after_no_school_sees_no_list(area: House) -> None:
    await area.good("PUT", "/organisations/idva", json={"kind": "idva"})
    token = await area.key("idva", "recipient")
    assert (await area.call("GET", "/outdated", token=token)).status_code == 403
    assert (await area.call("GET", "/outdated/no-contact/csv", token=token)).status_code == 403
    assert (await area.call("GET", "/outdated/no-such", token=None)).status_code == 404
    governor = await area.key("governor", "information-governance")
    assert (await area.call("GET", "/outdated", token=governor)).status_code == 403


async def test_the_file_is_for_a_spreadsheet_and_runs_nothing(area: House) -> None:
    answer = await area.call("GET", "/outdated/no-contact/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [one["name"] for one in rows] == ["'=Dell", "Birch"]
    assert "Ada" not in answer.text


async def test_rows_that_are_made_again_are_the_same(area: House) -> None:
    before = [await ids(area, each) for each in ("no-contact", "nobody-now", "default-calendar")]
    await area.directory.schools.rebuild()
    after = [await ids(area, each) for each in ("no-contact", "nobody-now", "default-calendar")]
    assert after == before
