"""Is the school found that is meant, and is it said where its children are now?"""

from pathlib import Path
from typing import Any

import pytest

from services.directory.cli import import_gias, import_links
from tests.directory.house import House
from tests.directory.samples import links_file, register_file, row


@pytest.fixture
async def area(house: House, tmp_path: Path) -> House:
    gone = {"STATUS": "2", "CLOSE": "31-01-2026"}
    register = tmp_path / "register.csv"
    register.write_bytes(
        register_file(
            row(900001, "St Mary’s Primary", TOWN="Testham", POSTCODE="ZZ99 3CZ", **gone),
            row(900002, "St Mary's Academy", TOWN="Testham", POSTCODE="ZZ99 3CZ"),
            row(900003, "Ysgol Tâf", TOWN="Trefprawf", NUMBER="4003", POSTCODE="ZZ9 1AA"),
            row(900004, "Marine School", NUMBER="4004", **gone),
            row(900005, "Marine North", NUMBER="4005"),
            row(900006, "Marine South", NUMBER="4006"),
            row(900007, "Newbuild", STATUS="4", OPEN="01-09-2026", NUMBER="4007"),
            row(900008, "Moved", NUMBER="4008", FORMER_LA="998", FORMER="2008"),
        )
    )
    await import_gias(house.directory, register)
    links = tmp_path / "links.csv"
    each = [(900001, 900002), (900004, 900005), (900004, 900006)]
    links.write_bytes(links_file(*[(old, new, "Successor") for old, new in each]))
    await import_links(house.directory, links)
    return house


async def found(house: House, q: str, **more: Any) -> list[Any]:
    answer = await house.good("GET", "/schools", params={"q": q, **more})
    assert answer["total"] == len(answer["schools"])
    return list(answer["schools"])


@pytest.mark.parametrize(
    ("asked", "urns"),
    [
        ("900002", ["900002"]),
        ("9994003", ["900003"]),
        ("999/4003", ["900003"]),
        ("998 2008", ["900008"]),  # the number that it had before
        ("9994001", ["900002", "900001"]),  # the same at the academy, which is open
        ("ZZ99", ["900002", "900001"]),
        ("zz9 1aa", ["900003"]),
        ("st marys test", ["900002", "900001"]),
        ("TAF", ["900003"]),
        ("marine nor", ["900005"]),
        ("trefprawf", ["900003"]),
        ("ary", []),  # words are known by how they begin
        ("%", []),
        ("900999", []),
    ],
)
async def test_a_school_is_found_by_number_postcode_name_and_town(
    area: House, asked: str, urns: list[str]
) -> None:
    assert [one["urn"] for one in await found(area, asked)] == urns


async def test_a_closed_school_says_where_its_children_are(area: House) -> None:
    (closed,) = await found(area, "900001")
    assert (closed["status"], closed["closed_on"]) == ("closed", "2026-01-31")
    assert closed["successor"] == {
        "id": "urn-900002",
        "name": "St Mary's Academy",
        "urn": "900002",
    }
    assert [one["urn"] for one in await found(area, "st marys", closed=False)] == ["900002"]


async def test_a_school_that_was_divided_names_those_that_it_may_be(area: House) -> None:
    (closed,) = await found(area, "900004")
    assert closed["successor"] is None
    assert closed["unclear"]["why"] == "several"
    assert [one["name"] for one in closed["unclear"]["candidates"]] == [
        "Marine North",
        "Marine South",
    ]
    (proposed,) = await found(area, "newbuild")
    assert (proposed["status"], proposed["open_from"]) == ("proposed", "2026-09-01")


async def test_an_academy_that_closes_in_turn_is_followed(area: House) -> None:
    close = {"on": "2026-02-01", "successor": "urn-900005"}
    await area.good("POST", "/organisations/urn-900002/close", json=close)
    (closed,) = await found(area, "900001")
    assert closed["successor"]["urn"] == "900005"


async def test_pages_and_no_person_in_them(area: House) -> None:
    contact = {"id": "dsl", "role": "head", "given_name": "Ada", "family_name": "Test"}
    await area.good("PUT", "/organisations/urn-900005", json={"contacts": [contact]})
    token = await area.key("urn-900006", "recipient")
    answers = [
        await area.good(
            "GET", "/schools", params={"q": "marine", "limit": 2, "page": page}, token=token
        )
        for page in (1, 2)
    ]
    assert [len(one["schools"]) for one in answers] == [2, 1]
    assert [one["total"] for one in answers] == [3, 3]
    assert "Ada" not in str(answers)
    assert (await area.call("GET", "/schools?q=marine", token="")).status_code == 401


async def test_the_authority_chooses_where_a_divided_school_went(
    area: House, tmp_path: Path
) -> None:
    council = {"kind": "local-authority", "local_authority": "E06000999"}
    await area.good("PUT", "/organisations/council", json=council)
    await area.good(
        "PUT",
        "/organisations/other",
        json={"kind": "local-authority", "local_authority": "E06000998"},
    )
    path, choice = "/organisations/urn-900004/successor", {"successor": "urn-900006"}
    stranger = await area.key("other", "recipient")
    assert (await area.call("POST", path, json=choice, token=stranger)).status_code == 403
    token = await area.key("council", "recipient")
    for wrong in ("urn-900004", "urn-900001", "nobody", "council"):
        answer = await area.call("POST", path, json={"successor": wrong}, token=token)
        assert answer.status_code == 422
    await area.good("POST", path, json=choice, token=token)
    (closed,) = await found(area, "900004")
    assert (closed["successor"]["urn"], closed["unclear"]) == ("900006", None)
    await import_links(area.directory, tmp_path / "links.csv")
    assert (await found(area, "900004")) == [closed]
    answer = await area.call("POST", "/organisations/urn-900005/successor", json=choice)
    assert answer.status_code == 422  # is not closed


async def test_a_number_that_changes_stays_known_with_its_days(area: House, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_bytes(register_file(row(900003, "Ysgol Tâf", NUMBER="4103")))
    await import_gias(area.directory, register)
    (old,), (new,) = await found(area, "9994003"), await found(area, "9994103")
    assert old == new
    assert old["numbers"] == [
        {"number": "9994003", "since": None, "until": "2026-02-12"},
        {"number": "9994103", "since": "2026-02-13", "until": None},
    ]
    assert (old["town"], old["postcode"]) == ("Trefprawf", "ZZ9 1AA")  # left out clears nothing
