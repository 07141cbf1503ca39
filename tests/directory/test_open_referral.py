"""The open data over HTTP: for everybody, in the standard's form, and no more than its fields."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.directory.domain.needs import NEEDS
from services.directory.readmodels.open_ids import OpenIds, of_taxonomy, of_term
from tests.directory.house import House
from tests.directory.offers import BRIDGE, SHELTER, open_bridge
from tests.directory.open_data import CALLS, ask, everything, nothings, told

# All that may be told, written down a second time: a new field has to be wanted here too.
FIELDS = set(
    "version profile openapi_url total_items total_pages page_number size first_page last_page "
    "empty contents id name description uri parent_id taxonomy taxonomy_id term taxonomy_terms "
    "organization_id url email status minimum_age maximum_age assured_date last_modified "
    "organization schedules service_areas service_at_locations cost_options contacts attributes "
    "freq interval byday bymonthday dtstart valid_from valid_to opens_at closes_at notes "
    "location location_type latitude longitude addresses accessibility address_1 city "
    "state_province postal_code country address_type option title link_id link_type "
    "taxonomy_term taxonomy_term_id service_id location_id service".split()
)
OPEN = {"access-control-allow-origin": "*"}


async def published(house: House) -> str:
    key = await open_bridge(house)
    council = {"kind": "local-authority", "name": "Northshire", "local_authority": "E06000999"}
    await house.good("PUT", "/organisations/north", json=council)
    refuge = {"kind": "refuge", "name": "Willow House"}
    await house.good("PUT", "/organisations/willow", json=refuge)
    await house.good("PUT", "/services/bridge-shop", json=BRIDGE, token=key)
    await house.good("PUT", "/services/bridge-stay", json=SHELTER, token=key)
    beds = {**SHELTER, "organisation": "willow", "name": "Beds", "private": {}}
    await house.good("PUT", "/services/beds", json=beds)
    draft = {**BRIDGE, "name": "Draft", "publish": False, "private": {}}
    await house.good("PUT", "/services/draft", json=draft)
    return key


async def names(house: House, path: str) -> list[str]:
    contents = (await told(house, path))["contents"]
    return sorted(each.get("service", each)["name"] for each in contents)


async def test_what_is_published_is_told_whole_and_nothing_else_is(house: House) -> None:
    await published(house)
    about = await told(house)
    assert about["version"] == "HSDS-UK-3.0"
    assert about["openapi_url"].endswith("/directory/open-referral/openapi.json")
    assert await names(house, "services") == ["Bridge one-stop shop", "Safe accommodation"]
    assert await names(house, "service_at_locations") == ["Bridge one-stop shop"]
    ids = OpenIds(house.directory.pepper)
    shop = await told(house, f"services/{ids.service('bridge-shop')}")
    assert shop["organization"]["name"] == "Bridge charity"
    assert shop["organization_id"] == shop["organization"]["id"]
    for text in (BRIDGE["details"], BRIDGE["criteria"], "Send the form.", "Not for people"):
        assert text in shop["description"]
    assert (shop["minimum_age"], shop["url"]) == (16, BRIDGE["contact"]["url"])
    assert [each["byday"] for each in shop["schedules"]] == ["MO,TH", "1SA"]
    assert [each["freq"] for each in shop["schedules"]] == ["WEEKLY", "MONTHLY"]
    assert [each["name"] for each in shop["service_areas"]] == ["Northshire"]
    assert shop["contacts"][0].keys() == {"id", "title"}
    (there,) = shop["service_at_locations"]
    assert there["location"]["addresses"][0]["postal_code"] == "ZZ99 1AA"
    whole = await told(house, f"service_at_locations/{there['id']}")
    assert whole["service"]["id"] == shop["id"]
    stay = await told(house, f"services/{ids.service('bridge-stay')}")
    assert "service_at_locations" not in stay
    assert [each["name"] for each in stay["service_areas"]] == ["Northshire", "E06000998"]
    for gone in ("beds", "draft", "bridge-nothing"):
        assert (await ask(house, f"services/{ids.service(gone)}")).status_code == 404
    no_place = ids.service_at_location("bridge-stay")
    assert (await ask(house, f"service_at_locations/{no_place}")).status_code == 404


async def test_no_answer_has_another_field_a_null_or_an_own_id(house: House) -> None:
    await published(house)
    offers = ("bridge-shop", "bridge-stay", "beds", "draft")
    answers = await everything(house, offers)
    assert {answer.status_code for answer in answers.values()} == {200, 404, 422}
    for path, answer in answers.items():
        for own in (*offers, "Larkspur", "Willow", "Bea", "Cleo", "960501", "960500", "ZZ99 7"):
            assert own not in answer.text, path
        if answer.status_code != 200 or path == "openapi.json":
            continue
        assert list(nothings(answer.json())) == [], path
        assert fields(answer.json()) <= FIELDS, path
        for each in ids(answer.json()):
            assert UUID(each).version == 5


def fields(tree: Any) -> set[str]:
    if isinstance(tree, list):
        return set().union(*map(fields, tree))
    if isinstance(tree, dict):
        return set(tree).union(*map(fields, tree.values()))
    return set()


def ids(tree: Any) -> list[str]:
    if isinstance(tree, list):
        return [one for each in tree for one in ids(each)]
    if isinstance(tree, dict):
        own = [value for name, value in tree.items() if name == "id" or name.endswith("_id")]
        return own + [one for each in tree.values() for one in ids(each)]
    return []


async def test_every_answer_may_be_read_from_anywhere_and_no_other_of_ours(house: House) -> None:
    await published(house)
    for path in ("", "services", "services/none", "none", "services?page=0", "openapi.json"):
        answer = await ask(house, path, headers={"origin": "https://other.example"})
        assert answer.headers.items() >= OPEN.items(), path
    for method, path in (("OPTIONS", "services"), ("POST", "services"), ("OPTIONS", "")):
        answer = await ask(house, path, method=method)
        assert answer.headers.items() >= OPEN.items(), path
        assert answer.status_code == (204 if method == "OPTIONS" else 405)
    closed = await house.call("GET", "/services")
    assert "access-control-allow-origin" not in closed.headers
    assert (await ask(house, "services/none")).headers["content-type"] == "application/problem+json"


async def test_pages_are_cut_as_the_standard_says(house: House) -> None:
    await published(house)
    whole = await told(house, "services")
    about = {name: value for name, value in whole.items() if name != "contents"}
    assert about == {
        "total_items": 2,
        "total_pages": 1,
        "page_number": 1,
        "size": 2,
        "first_page": True,
        "last_page": True,
        "empty": False,
    }
    one, two = [await told(house, f"services?per_page=1&page={at}") for at in (1, 2)]
    assert one["contents"] + two["contents"] == whole["contents"]
    assert (one["first_page"], one["last_page"], one["total_pages"]) == (True, False, 2)
    assert (two["first_page"], two["last_page"], two["size"]) == (False, True, 1)
    beyond = await told(house, "services?per_page=1&page=9")
    assert (beyond["empty"], beyond["contents"], beyond["total_items"]) == (True, [], 2)
    assert (await told(house, "services?per_page=100000&page=&search="))["size"] == 2
    terms = await told(house, "taxonomy_terms?per_page=7&page=2")
    assert (terms["size"], terms["page_number"], terms["first_page"]) == (7, 2, False)


async def test_every_filter_of_the_standard_narrows_and_all_hold_together(house: House) -> None:
    key = await published(house)
    shop, stay = "Bridge one-stop shop", "Safe accommodation"
    needs = {term.code: of_term(NEEDS, term) for term in NEEDS.terms}
    for query, expected in {
        "search=drop-in": [shop],
        "search=drop+safe": [],
        f"taxonomy_term_id={needs['housing-advice']}": [shop],
        f"taxonomy_term_id={needs['domestic-abuse']}": [shop, stay],  # the wider term
        f"taxonomy_term_id={needs['homelessness']}": [],
        "taxonomy_term_id=none": [],
        f"taxonomy_id={of_taxonomy(NEEDS)}": [shop, stay],
        f"taxonomy_id={needs['homelessness']}": [],
        "minimum_age=16": [shop, stay],
        "minimum_age=16.5": [],
        "maximum_age=99": [],
        "day=TH": [shop],
        "day=Monday": [shop],
        "day=TU": [],
        "start_time=09:45": [shop],
        "start_time=10:15": [],
        "end_time=12:00": [shop],
        "day=MO&end_time=12:00": [],  # of one and the same entry
        "day=SA&start_time=09:30:00&end_time=12:00": [shop],
        "search=advice&day=MO&minimum_age=10": [shop],
    }.items():
        assert await names(house, f"services?{query}") == expected, query
    for query in ("day=never", "start_time=9", "page=0", "minimum_age=old", "modified_after=x"):
        assert (await ask(house, f"services?{query}")).status_code == 422, query
    later = house.clock.now() + timedelta(hours=1)
    house.clock.set(later)
    await house.good("POST", "/services/bridge-stay/verify", token=key)
    since = {"modified_after": later.isoformat()}
    (only,) = (await told(house, "services", params=since))["contents"]
    assert (only["name"], only["assured_date"]) == (stay, "2026-02-13")
    assert only["last_modified"] == "2026-02-13T13:00:00.000Z"


async def test_near_a_postcode_that_something_is_published_at(house: House) -> None:
    await published(house)
    far = {**BRIDGE["location"], "postcode": "ZZ99 2AA", "latitude": 54.6, "longitude": -1.5}
    await house.good("PUT", "/services/far", json={**BRIDGE, "name": "Far", "location": far})
    there = "service_at_locations?postcode="
    shop = "Bridge one-stop shop"
    assert await names(house, f"{there}ZZ99 1AA&proximity=11000") == [shop]
    assert await names(house, f"{there}zz991aa&proximity=11200") == [shop, "Far"]
    assert await names(house, f"{there}ZZ99 1AA&proximity=11200&search=drop") == [shop, "Far"]
    assert await names(house, f"{there}ZZ99 2AA") == ["Far"]  # ten kilometres, unless asked
    assert await names(house, f"{there}ZZ99 9ZZ&proximity=6000") == [shop, "Far"]  # its district
    for query in ("postcode=ZZ98 1AA", "proximity=100", "postcode=ZZ99 1AA&proximity=-1"):
        assert (await ask(house, f"service_at_locations?{query}")).status_code == 422
    # where the confidential service is, is not asked by asking how near it is
    assert (await ask(house, f"{there}ZZ99 7QQ&proximity=1")).json()["contents"] == []


async def test_what_was_seen_is_not_sent_again(house: House) -> None:
    await published(house)
    first = await ask(house, "services")
    again = await ask(house, "services", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await house.good(
        "PUT", "/services/bridge-shop", json={**BRIDGE, "cost": "5 pounds", "name": "S"}
    )
    changed = await ask(house, "services", headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200


async def test_ids_stay_the_same_when_everything_is_made_again(house: House) -> None:
    await published(house)
    before = await told(house, "services")
    await house.directory.offered.rebuild()
    assert await told(house, "services") == before


async def test_the_document_lists_the_calls_and_shapes_without_null(house: House) -> None:
    document = await told(house, "openapi.json")
    assert set(document["paths"]) == {"/"} | {f"/{call}" for call in CALLS} | {
        f"/{call}/{{id}}" for call in CALLS
    }
    asked = {each["name"] for each in document["paths"]["/services"]["get"]["parameters"]}
    assert asked == set(
        "search page per_page taxonomy_term_id taxonomy_id minimum_age maximum_age start_time "
        "end_time day modified_after".split()
    )
    there = document["paths"]["/service_at_locations"]["get"]["parameters"]
    assert {each["name"] for each in there} - asked == {"postcode", "proximity"}
    assert document["servers"][0]["url"].endswith("/directory/open-referral")
    shapes = document["components"]["schemas"]
    assert "null" not in str(shapes)
    told_of = {name for shape in shapes.values() for name in shape.get("properties", {})}
    assert told_of <= FIELDS
