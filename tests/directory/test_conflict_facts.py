"""What of a contact's birth and home goes further than the door? Keyed hashes, to the services."""

from datetime import date
from typing import Any

from contracts.identity import birth_keys, household_key
from tests.directory.house import House

DSL: dict[str, Any] = {
    "id": "alder-dsl",
    "role": "designated-safeguarding-lead",
    "given_name": "Ada",
    "family_name": "Test",
}
FACTS = {"date_of_birth": "1984-02-03", "home": {"line": "4 Oak Way", "postcode": "ZZ99 4AA"}}
ONE = "/organisations/alder/contacts/alder-dsl"


async def known_by(house: House) -> tuple[str, ...]:
    (dsl,) = (await house.directory.organisation("alder")).contacts
    return dsl.known_by


async def listed(house: House, **more: Any) -> None:
    body = {"kind": "school", "contacts": [{**DSL, **more}]}
    await house.good("PUT", "/organisations/alder", json=body)


async def test_birth_and_home_become_hashes_and_stand_nowhere_as_they_were_given(
    house: House,
) -> None:
    await listed(house, **FACTS)
    pepper = house.directory.pepper
    assert set(await known_by(house)) == {
        *birth_keys(pepper, "Ada", "Test", date(1984, 2, 3)),
        household_key(pepper, "zz994aa", "4, Oak Way"),
        household_key(pepper, "ZZ99 4AA"),
    }
    written = str(await house.directory.store.read_all(0, 100))
    assert "1984-02" not in written
    assert "date(1984" not in written
    assert "Oak" not in written


async def test_who_reads_the_list_reads_no_hash_and_can_send_it_back(house: House) -> None:
    await listed(house, **FACTS)
    before = await known_by(house)
    (dsl,) = (await house.good("GET", "/organisations/alder/contacts"))["contacts"]
    assert "known_by" not in dsl
    assert "known_by" not in (await house.good("GET", "/organisations/alder"))["contacts"][0]
    await house.good("PUT", "/organisations/alder/contacts", json=[dsl])
    await house.good("PUT", ONE, json=dsl)
    assert await known_by(house) == before


async def test_they_are_taken_back_by_saying_so_and_go_with_the_person(house: House) -> None:
    await listed(house, **FACTS)
    await house.good("PUT", ONE, json={**DSL, "date_of_birth": None, "home": None})
    assert await known_by(house) == ()
    await listed(house, **FACTS)
    await listed(house, given_name="Ida")  # the id has passed to somebody else
    assert await known_by(house) == ()


async def test_a_home_without_its_line_is_refused_with_the_place(house: House) -> None:
    await listed(house)
    answer = await house.call("PUT", ONE, json={**DSL, "home": {"postcode": "ZZ99 4AA"}})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/home/line"]
