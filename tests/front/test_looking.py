"""Does who must find a child's school see which pupils it may be, beside what they sent?"""

from typing import Any

from tests.front.house import DSL, OFFICER, Door
from tests.front.test_tasks import URN, of_kind, tasks

Json = dict[str, Any]
CAT: Json = {
    "given_name": "Cat",
    "family_name": "Secretname-Test",
    "date_of_birth": "2019-03-02",
    "postcode": "ZZ99 9XX",
}


async def enrolled(door: Door) -> None:
    body = {"kind": "school", "name": "Birch Academy", "urn": URN}
    await door.directory("PUT", "birch", json=body)
    await door.directory("POST", "birch/pupils", json=[CAT])
    await door.stage.house.settle()


async def test_a_candidate_is_shown_beside_what_was_sent_and_chosen_by_a_person(
    embedded_door: Door,
) -> None:
    door = embedded_door
    task = await of_kind(door, "resolve-school")
    await enrolled(door)
    browser = await door.signed_in(OFFICER)
    path = f"/tasks/{task['id']}/look"
    assert path in (await browser.get(f"/tasks/{task['id']}")).text
    form = await browser.get(path)
    assert 'value="Cat"' in form.text  # as the event said

    typed = {**CAT, "family_name": "Secretname-Tset", "date_of_birth": "2019-02-03", "postcode": ""}
    page = await browser.post(path, data=typed)
    assert page.status_code == 200
    for words in (
        "Birch Academy",
        "Day and month are swapped",
        "One letter differs",
        "On the roll today",
        "Secretname-Tset",
    ):
        assert words in page.text
    for secret in ("Secretname-Test", "2019-03-02", "9XX"):
        assert secret not in page.text

    done = await browser.post(f"/tasks/{task['id']}", data={"urn": URN})
    assert done.status_code == 303
    assert task["id"] not in [one["id"] for one in await tasks(door)]
    over = await browser.get(path)
    assert over.status_code == 404
    assert "Cat" not in over.text
    searches = await door.stage.request("GET", "/directory/v1/pupils/searches")
    (looked,) = searches.json()["searches"]
    assert (looked["agency"], looked["person"], looked["task"]) == (
        "north-police",
        "desk",
        task["id"],
    )


async def test_nothing_is_looked_for_by_a_name_alone_or_by_somebody_else(
    embedded_door: Door,
) -> None:
    door = embedded_door
    task = await of_kind(door, "resolve-school")
    browser = await door.signed_in(OFFICER)
    path = f"/tasks/{task['id']}/look"
    for typed, says in (
        ({"given_name": "Cat"}, "a name alone finds nobody"),
        ({"date_of_birth": "2018-05-01"}, "Enter a name"),
        ({"given_name": "Cat", "date_of_birth": "1 May"}, "Enter a date such as"),
        ({"given_name": "Cat", "postcode": "ZZ99 3CZ" * 2}, "Enter a postcode"),
    ):
        page = await browser.post(path, data=typed)
        assert (page.status_code, says in page.text) == (422, True)
    nobody = await browser.post(path, data={**CAT, "given_name": "Zed"})
    assert "No entry of a register is like this child" in nobody.text
    school = await door.signed_in(DSL)
    assert (await school.get(path)).status_code == 404
    assert (await school.post(path, data=CAT)).status_code == 404
    forged = await browser.post(path, data=CAT, headers={"sec-fetch-site": "cross-site"})
    assert forged.status_code == 403
