"""Organisations over HTTP: set, merged, closed, listed, guarded."""

from typing import Any

import pytest

from tests.directory.house import House

ALDER: dict[str, Any] = {
    "id": "alder",
    "kind": "school",
    "name": "Alder Primary",
    "urn": "900001",
    "local_authority": "E06000999",
    "police_area": "E23000099",
    "ages": [4, 11],
    "opens": "08:40",
    "lead_minutes": 30,
    "contacts": [
        {
            "id": "alder-dsl",
            "role": "designated-safeguarding-lead",
            "given_name": "Ada",
            "family_name": "Test",
            "email": "dsl@alder.example",
        },
        {"id": "alder-deputy", "role": "deputy", "given_name": "Ben", "family_name": "Test"},
    ],
    "calendar": {
        "terms": ["2026-02-23/2026-03-27", "2026-01-05/2026-02-13"],
        "inset": ["2026-02-23"],
        "closed": [],
    },
}


async def test_an_organisation_is_answered_as_it_was_set(house: House) -> None:
    put = await house.good("PUT", "/organisations/alder", json=ALDER)
    assert put == await house.good("GET", "/organisations/alder")
    assert put == await house.good("GET", "/schools/900001")
    assert (put["opens"], put["ages"], put["lead_minutes"]) == ("08:40:00", [4, 11], 30)
    assert [contact["id"] for contact in put["contacts"]] == ["alder-dsl", "alder-deputy"]
    assert put["calendar"]["terms"][0] == {"start": "2026-01-05", "end": "2026-02-13"}
    listed = await house.good("GET", "/organisations")
    assert listed == {"organisations": [put], "next": None}


async def test_setting_the_same_again_writes_nothing(house: House) -> None:
    await house.good("PUT", "/organisations/alder", json=ALDER)
    before = await house.log_size()
    await house.good("PUT", "/organisations/alder", json=ALDER)
    assert await house.log_size() == before


async def test_what_is_left_out_stays_and_null_clears(house: House) -> None:
    await house.good("PUT", "/organisations/alder", json=ALDER)
    change = {"kind": "school", "opens": "09:00", "police_area": None}
    after = await house.good("PUT", "/organisations/alder", json=change)
    assert (after["opens"], after["police_area"], after["urn"]) == ("09:00:00", None, "900001")
    assert len(after["contacts"]) == 2
    assert after["calendar"] is not None


async def test_contacts_given_with_the_organisation_replace_the_former_ones_in_order(
    house: House,
) -> None:
    await house.good("PUT", "/organisations/alder", json=ALDER)
    _, deputy = ALDER["contacts"]
    other = {"id": "alder-head", "role": "head", "given_name": "Cy", "family_name": "Test"}
    change = {"contacts": [deputy, other]}
    after = await house.good("PUT", "/organisations/alder", json=change)
    assert [contact["id"] for contact in after["contacts"]] == ["alder-deputy", "alder-head"]


async def test_a_school_says_which_trust_runs_it(house: House) -> None:
    await house.good("PUT", "/organisations/elm", json={"kind": "trust", "name": "Elm Trust"})
    alder = await house.good("PUT", "/organisations/alder", json={**ALDER, "trust": "elm"})
    assert alder["trust"] == "elm"
    await house.work()
    told = [one.body["organisation"] for one in house.heard]
    assert {one["id"]: one["trust"] for one in told} == {"elm": None, "alder": "elm"}
    left = await house.good("PUT", "/organisations/alder", json={"trust": None})
    assert left["trust"] is None


async def test_a_school_is_run_by_no_other_school(house: House) -> None:
    await house.good("PUT", "/organisations/alder", json=ALDER)
    for trust in ("alder", "nobody"):
        answer = await house.call(
            "PUT", "/organisations/birch", json={"kind": "school", "trust": trust}
        )
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/trust"]


async def test_a_school_closes_with_a_successor_and_may_open_again(house: House) -> None:
    await house.good("PUT", "/organisations/alder", json=ALDER)
    await house.good("PUT", "/organisations/birch", json={"kind": "school"})
    close = {"on": "2026-08-31", "successor": "birch"}
    closed = await house.good("POST", "/organisations/alder/close", json=close)
    assert (closed["closed_on"], closed["successor"]) == ("2026-08-31", "birch")
    opened = await house.good("PUT", "/organisations/alder", json={"closed_on": None})
    assert (opened["closed_on"], opened["successor"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "academy"}, "/kind"),
        ({"kind": None}, "/kind"),
        ({"name": "No kind yet"}, "/kind"),
        ({"kind": "school", "id": "other"}, "/id"),
        ({"kind": "school", "urn": "one"}, "/urn"),
        ({"kind": "school", "local_authority": "999"}, "/local_authority"),
        ({"kind": "school", "ages": [11, 4]}, "/ages"),
        ({"kind": "school", "ages": [4]}, "/ages/1"),
        ({"kind": "school", "opens": "25:00"}, "/opens"),
        ({"kind": "school", "opens": 510}, "/opens"),
        ({"kind": "school", "opens": "08:40+01:00"}, "/opens"),
        ({"kind": "school", "head_teacher": "Ada"}, "/head_teacher"),
        ({"kind": "school", "calendar": {"terms": ["2026-01-05"]}}, "/calendar/terms/0"),
        ({"kind": "school", "calendar": {"terms": ["2026-02-30/2026-03-01"]}}, "/calendar/terms/0"),
        ({"kind": "school", "calendar": {"terms": ["2026-02-13/2026-01-05"]}}, "/calendar/terms/0"),
        (
            {"kind": "school", "contacts": [*ALDER["contacts"], ALDER["contacts"][0]]},
            "/contacts/2/id",
        ),
        (
            {"kind": "school", "contacts": [{**ALDER["contacts"][0], "role": "caretaker"}]},
            "/contacts/0/role",
        ),
        (
            {"kind": "school", "contacts": [{**ALDER["contacts"][0], "email": "dsl at alder"}]},
            "/contacts/0/email",
        ),
    ],
)
async def test_a_bad_organisation_is_refused_at_its_place_and_nothing_is_written(
    house: House, change: dict[str, Any], pointer: str
) -> None:
    answer = await house.call("PUT", "/organisations/alder", json=change)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert "Ada" not in answer.text
    assert "dsl at" not in answer.text
    assert await house.log_size() == 0


async def test_a_urn_belongs_to_one_organisation(house: House) -> None:
    await house.good("PUT", "/organisations/alder", json=ALDER)
    answer = await house.call(
        "PUT", "/organisations/other", json={"kind": "school", "urn": "900001"}
    )
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["pointer"] == "/urn"


async def test_what_is_not_there_is_404(house: House) -> None:
    close = {"on": "2026-08-31"}
    assert (await house.call("GET", "/organisations/nobody")).status_code == 404
    assert (await house.call("GET", "/schools/999999")).status_code == 404
    assert (await house.call("POST", "/organisations/nobody/close", json=close)).status_code == 404


async def test_closing_in_favour_of_nobody_known_is_refused(house: House) -> None:
    await house.good("PUT", "/organisations/alder", json=ALDER)
    for successor in ("nobody", "alder"):
        close = {"on": "2026-08-31", "successor": successor}
        answer = await house.call("POST", "/organisations/alder/close", json=close)
        assert answer.status_code == 422


async def test_only_the_administrator_sets_organisations(house: House) -> None:
    own = await house.key("alder", "publisher", "recipient")
    boss = await house.key("county", "administrator")
    assert (
        await house.call("PUT", "/organisations/alder", json=ALDER, token="")
    ).status_code == 401
    refused = await house.call("PUT", "/organisations/alder", json=ALDER, token=own)
    assert refused.status_code == 403
    assert (
        await house.call("PUT", "/organisations/alder", json=ALDER, token=boss)
    ).status_code == 200


async def test_contacts_are_shown_only_to_their_own_and_to_those_who_keep_order(
    house: House,
) -> None:
    await house.good("PUT", "/organisations/alder", json=ALDER)
    for agency, role, sees in [
        ("alder", "recipient", True),
        ("birch", "recipient", False),
        ("north-police", "publisher", False),
        ("desk", "operations", True),
        ("county", "information-governance", False),
    ]:
        token = await house.key(agency, role)
        shown = await house.good("GET", "/organisations/alder", token=token)
        assert ("contacts" in shown) is sees
        there = await house.call("GET", "/organisations/alder/contacts", token=token)
        assert there.status_code == (200 if sees else 403)


async def test_a_list_goes_on_from_where_a_page_ended(house: House) -> None:
    for name in ("ash", "beech", "cedar"):
        await house.good("PUT", f"/organisations/{name}", json={"kind": "school"})
    page = await house.good("GET", "/organisations?limit=2")
    assert [each["id"] for each in page["organisations"]] == ["ash", "beech"]
    rest = await house.good("GET", f"/organisations?limit=2&after={page['next']}")
    assert [each["id"] for each in rest["organisations"]] == ["cedar"]
    assert rest["next"] is None
