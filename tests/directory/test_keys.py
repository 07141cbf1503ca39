"""Keys of agencies: shown once, kept as a hash, dead when revoked."""

from services.directory.cli import issue_key
from tests.directory.house import House


async def test_a_key_opens_what_its_roles_open_and_is_kept_only_as_a_hash(house: House) -> None:
    issued = await house.good(
        "POST", "/keys", json={"agency": "county", "roles": ["administrator"]}
    )
    answer = await house.good("GET", "/keys", token=issued["key"])
    (listed,) = answer["keys"]
    assert (listed["key_id"], listed["agency"]) == (issued["key_id"], "county")
    assert (listed["roles"], listed["revoked"]) == (["administrator"], False)
    secret = issued["key"].rsplit("_", 1)[-1]
    assert secret not in repr(await house.store.read_all(0))
    assert secret not in str(answer)


async def test_a_revoked_key_opens_nothing_from_then_on(house: House) -> None:
    token = await house.key("county", "administrator")
    (listed,) = (await house.good("GET", "/keys"))["keys"]
    await house.good("POST", f"/keys/{listed['key_id']}/revoke", token=token)
    assert (await house.call("GET", "/keys", token=token)).status_code == 401
    await house.good("POST", f"/keys/{listed['key_id']}/revoke")
    (after,) = (await house.good("GET", "/keys?agency=county"))["keys"]
    assert after["revoked"] is True


async def test_bad_requests_for_keys_are_refused(house: House) -> None:
    for body, pointer in [
        ({"agency": "county", "roles": ["king"]}, "/roles/0"),
        ({"agency": "county", "roles": ["service"]}, "/roles/0"),
        ({"agency": "county", "roles": []}, "/roles"),
        ({"agency": "a b", "roles": ["recipient"]}, "/agency"),
    ]:
        answer = await house.call("POST", "/keys", json=body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert (await house.call("POST", "/keys/nothing/revoke")).status_code == 404


async def test_agencies_neither_issue_nor_list_keys(house: House) -> None:
    token = await house.key("alder", "publisher", "recipient")
    body = {"agency": "alder", "roles": ["administrator"]}
    assert (await house.call("POST", "/keys", json=body, token=token)).status_code == 403
    assert (await house.call("GET", "/keys", token=token)).status_code == 403


async def test_the_first_administrator_needs_nobody_to_ask(house: House) -> None:
    issued = await issue_key(house.directory, agency="county", roles=["administrator"])
    assert issued.key not in repr(issued)
    assert (await house.call("GET", "/keys", token=issued.key)).status_code == 200
