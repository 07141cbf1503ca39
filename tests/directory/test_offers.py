"""Services of agencies over HTTP: set, searched, checked, withdrawn, guarded; and held."""

from datetime import timedelta
from typing import Any

from tests.directory.house import House
from tests.directory.offers import BRIDGE, SHELTER, open_bridge


async def listed(house: House, query: str = "") -> list[str]:
    return [one["id"] for one in (await house.good("GET", f"/services{query}"))["services"]]


def later(house: House, *, days: int) -> None:
    house.clock.set(house.clock.now() + timedelta(days=days))


async def both(house: House) -> str:
    key = await open_bridge(house)
    await house.good("PUT", "/services/bridge-shop", json=BRIDGE, token=key)
    await house.good("PUT", "/services/bridge-stay", json=SHELTER, token=key)
    return key


async def test_a_service_is_answered_as_it_was_set_and_again_changes_nothing(house: House) -> None:
    key = await both(house)
    told = await house.good("GET", "/services/bridge-shop", token=key)
    for name in set(BRIDGE) - {"hours", "referral", "location", "private", "contact"}:
        assert told[name] == BRIDGE[name], name
    assert told["private"]["contact_name"] == "Bea Test"
    assert (told["published"], told["held"], told["verified_on"]) == (True, [], None)
    before = await house.log_size()
    sent = {n: told[n] for n in told if n not in ("published", "held", "verified_on")}
    await house.good("PUT", "/services/bridge-shop", json=sent, token=key)
    assert await house.log_size() == before


async def test_the_same_question_asks_for_need_place_audience_and_hours(house: House) -> None:
    await both(house)
    shop, stay = ["bridge-shop"], ["bridge-stay"]
    assert await listed(house) == shop + stay
    assert await listed(house, "?need=domestic-abuse") == shop + stay  # the wider need
    assert await listed(house, "?need=housing-advice") == shop
    assert await listed(house, "?need=housing-advice&need=safe-accommodation") == shop + stay
    assert await listed(house, "?place=E06000998") == stay
    assert await listed(house, "?place=E06000997") == []
    assert await listed(house, "?who=parents&place=E06000999") == shop
    assert await listed(house, "?age=15") == []
    assert await listed(house, "?age=16&kind=one-stop-shop") == shop
    assert await listed(house, "?search=ROOF%20Advice") == shop
    assert await listed(house, "?search=12%20hidden") == []  # nothing private is searched
    assert await listed(house, "?open_at=2026-02-12T12:00:00Z") == shop  # a Thursday
    assert await listed(house, "?open_at=2026-02-12T16:00:00Z") == []
    assert await listed(house, "?open_at=2026-02-07T10:00:00Z") == shop  # the first Saturday
    assert await listed(house, "?open_at=2026-07-02T15:30:00Z") == []  # half past four in London
    assert await listed(house, "?organisation=bridge&limit=1") == shop
    assert await listed(house, "?after=bridge-shop") == stay
    closed = {**BRIDGE, "status": "defunct"}
    await house.good("PUT", "/services/bridge-shop", json=closed)
    assert await listed(house) == stay
    assert await listed(house, "?status=defunct") == shop
    assert (await house.call("GET", "/services?need=a-need")).status_code == 422


async def test_nationwide_is_everywhere(house: House) -> None:
    await open_bridge(house)
    body = {"organisation": "bridge", "name": "Line", "nationwide": True}
    await house.good("PUT", "/services/line", json=body)
    assert await listed(house, "?place=W06000015") == ["line"]


async def test_what_nobody_checked_for_half_a_year_is_a_list(house: House) -> None:
    key = await both(house)
    assert await listed(house, "?stale=true") == ["bridge-shop", "bridge-stay"]
    told = await house.good("POST", "/services/bridge-shop/verify", token=key)
    assert told["verified_on"] == "2026-02-13"
    assert await listed(house, "?stale=true") == ["bridge-stay"]
    later(house, days=183)
    assert await listed(house, "?stale=true") == ["bridge-stay"]
    later(house, days=1)
    assert await listed(house, "?stale=true") == ["bridge-shop", "bridge-stay"]
    assert await listed(house, "?stale=true&fresh_days=365") == ["bridge-stay"]


async def test_an_agency_changes_its_own_and_no_other(house: House) -> None:
    key = await both(house)
    await house.good("PUT", "/organisations/other", json={"kind": "treatment", "name": "Other"})
    other = await house.key("other", "publisher")
    mine = {**BRIDGE, "organisation": "other"}
    for method, path, body in [
        ("PUT", "/services/bridge-shop", BRIDGE),
        ("PUT", "/services/bridge-shop", mine),  # to take it over
        ("POST", "/services/bridge-shop/verify", None),
        ("DELETE", "/services/bridge-shop", None),
        ("GET", "/services/bridge-shop/history", None),
    ]:
        answer = await house.call(method, path, json=body, token=other)
        assert answer.status_code == 403, (method, path)
    assert (await house.call("GET", "/services", token="")).status_code == 401
    answer = await house.call("PUT", "/services/new", json={**BRIDGE, "organisation": "no"})
    assert answer.json()["errors"] == [{"pointer": "/organisation", "detail": "is not known here"}]
    assert (await house.call("DELETE", "/services/bridge-shop", token=key)).status_code == 204
    assert (await house.call("GET", "/services/bridge-shop", token=key)).status_code == 404
    assert await listed(house) == ["bridge-stay"]


async def test_the_second_of_two_editors_is_told(house: House) -> None:
    key = await both(house)
    read = (await house.call("GET", "/services/bridge-shop", token=key)).headers["etag"]
    seen = {"If-Match": read}
    path = "/services/bridge-shop"
    change = {**BRIDGE, "cost": "5 pounds"}
    first = await house.call("PUT", path, json=change, token=key, headers=seen)
    assert first.headers["etag"] != read
    for method, to, body in [
        ("PUT", path, BRIDGE),
        ("POST", f"{path}/verify", None),
        ("DELETE", path, None),
    ]:
        second = await house.call(method, to, json=body, token=key, headers=seen)
        assert second.status_code == 412, method
        assert second.headers["etag"] == first.headers["etag"]
        assert "changed by bridge at" in second.json()["errors"][0]["detail"]
    assert (await house.good("GET", path, token=key))["cost"] == "5 pounds"
    now = {"If-Match": first.headers["etag"]}
    assert (await house.call("DELETE", path, token=key, headers=now)).status_code == 204


async def test_where_a_confidential_service_is_only_its_owner_reads(house: House) -> None:
    key = await both(house)
    desk = await house.key("desk", "operations")
    theirs = await house.call("GET", "/services/bridge-stay", token=desk)
    assert theirs.json()["private"]["contact_name"] == "Cleo Test"
    assert "Hidden Lane" not in theirs.text
    assert "published" not in theirs.json()
    own = await house.good("GET", "/services/bridge-stay", token=key)
    assert own["private"]["address"]["line"] == "12 Hidden Lane"


async def test_the_log_tells_who_changed_what_and_how_it_stood(house: House) -> None:
    key = await both(house)
    before = house.clock.now()
    later(house, days=1)
    change = {**BRIDGE, "cost": "5 pounds", "private": {}}
    await house.good("PUT", "/services/bridge-shop", json=change)
    await house.good("POST", "/services/bridge-shop/verify", token=key)
    told = (await house.good("GET", "/services/bridge-shop/history", token=key))["history"]
    assert [(one["what"], one["by"]) for one in told] == [
        ("set", "bridge"),
        ("set", "service"),
        ("verified", "bridge"),
    ]
    assert told[1]["changed"] == ["cost", "private"]
    at = {"at": before.isoformat()}
    then = await house.good("GET", "/services/bridge-shop", params=at, token=key)
    assert (then["cost"], then["private"]["contact_name"]) == ("Free", "Bea Test")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"needs": ["domestic-abuse", "a-need"]}, "/needs/1"),
    ({"who": ["everybody"]}, "/who/0"),
    ({"places": ["Northshire"]}, "/places/0"),
    ({"maximum_age": 15}, "/maximum_age"),
    ({"status": "closed"}, "/status"),
    ({"name": ""}, "/name"),
    ({"telephone": "1"}, "/telephone"),
    ({"confidential_location": True}, "/location"),
    ({"location": {"line": "1 Synthetic Street"}}, "/location"),
    ({"private": {"address": {"line": "12 Hidden Lane"}}}, "/private/address"),
    ({"hours": [{"days": ["MON"]}]}, "/hours/0/days"),
    ({"hours": [{"days": ["2MO"]}]}, "/hours/0/days"),
    ({"hours": [{"opens": "18:00", "closes": "02:00"}]}, "/hours/0/closes"),
    ({"hours": [{"days": ["MO"], "interval": 2}]}, "/hours/0/valid_from"),
    ({"contact": {"url": "javascript:alert(1)"}}, "/contact/url"),
    ({"contact": {"email": "desk"}}, "/contact/email"),
]


async def test_a_bad_service_is_refused_at_its_place_and_nothing_is_written(house: House) -> None:
    await open_bridge(house)
    before = await house.log_size()
    for change, pointer in BAD:
        answer = await house.call("PUT", "/services/bridge-shop", json={**BRIDGE, **change})
        assert answer.status_code == 422, change
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer], change
    assert await house.log_size() == before


PRIVATE: list[tuple[dict[str, Any], str]] = [
    ({"details": "Ask on 01632 960 999."}, "/details"),
    ({"criteria": "Write to somebody@bridge.example."}, "/criteria"),
    ({"name": "Mrs Test and friends"}, "/name"),
    ({"contra_indications": "Come to ZZ991AB first."}, "/contra_indications"),
    ({"details": "Bea Test will help you."}, ""),  # its own named contact
    ({"details": "Ring 960501 for an answer."}, ""),  # the end of a direct line
    ({"contact": {"email": "bea.test@bridge.example"}}, ""),
    ({"details": "A garden in Hidden Lane."}, ""),  # of the confidential service
    ({"location": {**BRIDGE["location"], "postcode": "ZZ99 7QQ"}}, ""),
    ({"contact": {"title": "Dee Test"}}, ""),  # a contact of another organisation
    ({"forms": [{"name": "Form", "url": "https://bridge.example/deetest"}]}, ""),
    ({"details": "Ask at Willow House."}, ""),  # a refuge
]


async def test_a_text_that_says_something_private_is_held_and_its_owner_told(house: House) -> None:
    key = await both(house)
    dee = {"id": "dee", "role": "worker", "given_name": "Dee", "family_name": "Test"}
    other = {"kind": "school", "name": "Alder", "contacts": [dee]}
    await house.good("PUT", "/organisations/alder", json=other)
    refuge = {"kind": "refuge", "name": "Willow House"}
    await house.good("PUT", "/organisations/willow", json=refuge)
    for change, pointer in PRIVATE:
        body = {**BRIDGE, **change}
        told = await house.good("PUT", "/services/bridge-shop", json=body, token=key)
        assert told["published"] is False, change
        assert [held["pointer"] for held in told["held"]] == [pointer], change
    assert await listed(house, "?held=true") == ["bridge-shop"]
    no_refuge = {"kind": "housing", "name": "Willow House"}
    await house.good("PUT", "/organisations/willow", json=no_refuge)
    assert await listed(house, "?held=true") == []
    told = await house.good("PUT", "/services/bridge-shop", json=BRIDGE, token=key)
    assert (told["published"], told["held"]) == (True, [])


async def test_what_is_published_is_held_once_somebody_of_its_words_is_known(house: House) -> None:
    key = await both(house)
    await house.good("PUT", "/organisations/alder", json={"kind": "school", "name": "Alder"})
    path = "/organisations/alder/contacts/one"
    roof = {"role": "worker", "given_name": "One", "family_name": "Roof"}  # "under one roof"
    await house.good("PUT", path, json=roof)
    told = await house.good("GET", "/services/bridge-shop", token=key)
    assert (told["published"], len(told["held"])) == (False, 1)
    await house.directory.offered.rebuild()
    assert (await house.good("GET", "/services/bridge-shop", token=key))["published"] is False
    await house.good("DELETE", path)
    assert (await house.good("GET", "/services/bridge-shop", token=key))["published"] is True


async def test_a_refuge_publishes_nothing_nor_does_who_has_closed(house: House) -> None:
    key = await both(house)
    close = {"on": "2026-02-14"}
    await house.good("POST", "/organisations/bridge/close", json=close)
    assert (await house.good("GET", "/services/bridge-stay", token=key))["published"] is True
    later(house, days=1)
    assert (await house.good("GET", "/services/bridge-stay", token=key))["published"] is False
    await house.good("PUT", "/organisations/bridge", json={"closed_on": None, "kind": "refuge"})
    told = await house.good("GET", "/services/bridge-stay", token=key)
    assert told["published"] is False
    assert "/organisation" in [held["pointer"] for held in told["held"]]
