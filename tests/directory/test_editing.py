"""Two edit the same thing: the second is told what the first one did, and by which agency."""

from typing import Any

from services.chassis.assertions import Assertions
from services.chassis.principals import Principal
from tests.directory.house import House

ADA = {
    "id": "ada",
    "role": "designated-safeguarding-lead",
    "given_name": "Ada",
    "family_name": "Test",
    "email": "ada@alder.example",
}
BEN = {"id": "ben", "role": "deputy", "given_name": "Ben", "family_name": "Test"}
HERE = {"local_authority": "E06000999"}
BASE = "/organisations/alder"


async def area(house: House) -> None:
    """A school of a place, the authority of that place, and the one of another."""
    await house.good(
        "PUT", BASE, json={"kind": "school", "name": "Alder", "contacts": [ADA], **HERE}
    )
    for name, place in (("north-la", "E06000999"), ("south-la", "E06000998")):
        body = {"kind": "local-authority", "local_authority": place}
        await house.good("PUT", f"/organisations/{name}", json=body)


def session(house: House, agency: str, person: str) -> str:
    roles = frozenset({"recipient", "publisher"})
    one = Principal(agency=agency, roles=roles, key_id="session", person=person)
    return Assertions(house.settings.service_token).of(one)


async def edition(house: House, path: str) -> str:
    return (await house.call("GET", f"{BASE}{path}")).headers["etag"]


async def test_the_second_of_two_editors_is_told_what_changed_and_by_which_agency(
    house: House,
) -> None:
    await area(house)
    read = await edition(house, "/contacts")
    first = await house.call(
        "PUT",
        f"{BASE}/contacts/ada",
        json={**ADA, "phone": "01632 960001"},
        token=session(house, "alder", "ada"),
        headers={"if-match": read},
    )
    assert first.status_code == 200
    before = await house.log_size()
    second = await house.call("PUT", f"{BASE}/contacts/ben", json=BEN, headers={"if-match": read})
    assert second.status_code == 412
    told = second.json()["errors"]
    assert told == [
        {"pointer": "/contacts/ada", "detail": "changed by alder at 2026-02-13T12:00:00+00:00"}
    ]
    assert "01632" not in second.text
    assert await house.log_size() == before
    again = await house.call(
        "DELETE", f"{BASE}/contacts/ada", headers={"if-match": second.headers["etag"]}
    )
    assert again.status_code == 200
    assert again.headers["etag"] == await edition(house, "/contacts")


async def test_another_part_that_changed_is_no_reason_to_refuse(house: House) -> None:
    await area(house)
    contacts, calendar = await edition(house, "/contacts"), await edition(house, "/calendar")
    whole = await edition(house, "")
    term: dict[str, Any] = {"terms": ["2026-01-05/2026-02-13"]}
    answer = await house.call("PUT", f"{BASE}/calendar", json=term, headers={"if-match": calendar})
    assert answer.status_code == 200
    answer = await house.call(
        "PUT", f"{BASE}/contacts", json=[ADA, BEN], headers={"if-match": contacts}
    )
    assert answer.status_code == 200
    answer = await house.call("DELETE", f"{BASE}/calendar", headers={"if-match": calendar})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/calendar"]
    answer = await house.call("PUT", BASE, json={"name": "Alder"}, headers={"if-match": whole})
    assert answer.status_code == 412


async def test_without_if_match_or_with_a_star_it_is_as_ever(house: House) -> None:
    await area(house)
    await house.good("PUT", f"{BASE}/contacts/ben", json=BEN)
    star = {"if-match": "*"}
    await house.good("DELETE", f"{BASE}/contacts/ben", headers=star)
    for bad in ('W/"2"', "2", '"two"', ""):
        answer = await house.call("PUT", f"{BASE}/contacts", json=[], headers={"if-match": bad})
        assert answer.status_code == 412, bad
    listed = {"if-match": f'"1", {await edition(house, "/contacts")}'}
    await house.good("PUT", f"{BASE}/contacts", json=[], headers=listed)


async def test_an_authority_changes_the_schools_of_its_place_and_nothing_else(
    house: House,
) -> None:
    await area(house)
    await house.good("PUT", "/organisations/haven", json={"kind": "refuge", **HERE})
    north, south = await house.key("north-la"), await house.key("south-la")
    await house.good("PUT", f"{BASE}/contacts/ben", json=BEN, token=north)
    await house.good("PUT", f"{BASE}/calendar", json={"terms": []}, token=north)
    shown = await house.good("GET", f"{BASE}/contacts", token=north)
    assert [one["id"] for one in shown["contacts"]] == ["ada", "ben"]
    refused = [
        await house.call("GET", f"{BASE}/contacts", token=south),
        await house.call("PUT", f"{BASE}/contacts/ben", json=BEN, token=south),
        await house.call("DELETE", f"{BASE}/contacts/nobody", token=south),
        await house.call("PUT", f"{BASE}/calendar", json={"terms": []}, token=south),
        await house.call("PUT", "/organisations/haven/contacts", json=[], token=north),
        await house.call("GET", "/organisations/haven/contacts", token=north),
        await house.call("PUT", "/organisations/no-such/contacts", json=[], token=north),
        await house.call("POST", f"{BASE}/contacts/confirm", json={}, token=south),
    ]
    assert {(one.status_code, one.text) for one in refused} == {(403, refused[0].text)}


async def test_who_of_an_agency_changed_it_is_in_the_log(house: House) -> None:
    await area(house)
    token = session(house, "alder", "ada")
    await house.good("PUT", f"{BASE}/contacts/ben", json=BEN, token=token)
    history = await house.store.read_stream("organisation-alder")
    assert history[-1].context.actor == "alder/ada"


async def test_a_contact_says_whether_it_is_confirmed_and_by_whom(house: House) -> None:
    await area(house)
    carried = {"state": "to-confirm", "at": "2026-02-13T12:00:00Z", "why": "carried-over"}
    await house.good("PUT", f"{BASE}/contacts/ada", json={**ADA, "confirmation": carried})
    (ada,) = (await house.good("GET", f"{BASE}/contacts"))["contacts"]
    assert (ada["confirmation"]["state"], ada["confirmation"]["why"]) == (
        "to-confirm",
        "carried-over",
    )
    own = session(house, "alder", "ada")
    said = {**carried, "state": "confirmed"}
    await house.good("PUT", f"{BASE}/contacts/ada", json={**ADA, "confirmation": said}, token=own)
    (ada,) = (await house.good("GET", f"{BASE}/contacts"))["contacts"]
    assert ada["confirmation"]["state"] == "to-confirm"  # nothing was changed, and nobody asked
    after = await house.good("POST", f"{BASE}/contacts/confirm", json={}, token=own)
    (ada,) = after["contacts"]
    assert ada["confirmation"] == {
        "state": "confirmed",
        "at": "2026-02-13T12:00:00Z",
        "by": "alder/ada",
        "why": None,
    }
    answer = await house.call("POST", f"{BASE}/contacts/confirm", json={"contacts": ["x"]})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/contacts/0"]


async def test_a_contact_that_its_own_organisation_changes_is_confirmed_by_that(
    house: House,
) -> None:
    await area(house)
    token = await house.key("alder")
    await house.good(
        "PUT", f"{BASE}/contacts/ada", json={**ADA, "phone": "01632 960002"}, token=token
    )
    (ada,) = (await house.good("GET", f"{BASE}/contacts"))["contacts"]
    assert ada["confirmation"]["by"] == "alder"
    await house.good("PUT", f"{BASE}/contacts", json=[ada, BEN])
    shown = (await house.good("GET", f"{BASE}/contacts"))["contacts"]
    assert [one["confirmation"] and one["confirmation"]["by"] for one in shown] == ["alder", None]


async def test_what_an_older_client_does_not_send_stays_with_the_same_person(house: House) -> None:
    await area(house)
    cover = [{"start": "2026-02-16", "end": "2026-02-20", "cover": "ben"}]
    nights = [{"days": [1, 5], "start": "17:00", "end": "09:00"}]
    more = {"away": cover, "hours": nights, "trained_until": "2026-08-31", "since": "2026-01-05"}
    await house.good("PUT", f"{BASE}/contacts", json=[{**ADA, **more}, BEN])
    await house.good("PUT", f"{BASE}/contacts/ada", json={**ADA, "phone": "01632 960003"})
    ada = (await house.good("GET", f"{BASE}/contacts"))["contacts"][0]
    assert (ada["trained_until"], ada["since"]) == ("2026-08-31", "2026-01-05")
    assert ada["away"] == cover
    assert ada["hours"] == [{"days": [1, 5], "start": "17:00:00", "end": "09:00:00"}]
    other = {**ADA, "given_name": "Cara"}
    await house.good("PUT", f"{BASE}/contacts/ada", json=other)
    cara = (await house.good("GET", f"{BASE}/contacts"))["contacts"][0]
    assert (cara["away"], cara["trained_until"]) == ([], None)


async def test_cover_is_somebody_else_who_is_listed_and_days_are_in_order(house: House) -> None:
    await area(house)
    day = {"start": "2026-02-16", "end": "2026-02-20"}
    refused: list[tuple[dict[str, Any], str]] = [
        ({"away": [{**day, "cover": "ada"}]}, "/away/0/cover"),
        ({"away": [{**day, "cover": "zoe"}]}, "/away/0/cover"),
        ({"away": [{**day, "end": "2026-02-15"}]}, "/away/0/end"),
        ({"hours": [{"days": [8], "start": "17:00", "end": "09:00"}]}, "/hours/0/days/0"),
        ({"hours": [{"start": 17, "end": "09:00"}]}, "/hours/0/start"),
        ({"hours": [{"start": "17:00Z", "end": "09:00"}]}, "/hours/0"),
        ({"since": "2026-03-01", "until": "2026-02-01"}, "/until"),
        ({"trained_until": "next year"}, "/trained_until"),
    ]
    for bad, pointer in refused:
        answer = await house.call("PUT", f"{BASE}/contacts/ada", json={**ADA, **bad})
        assert answer.status_code == 422, bad
        assert pointer in [error["pointer"] for error in answer.json()["errors"]], bad
