"""Does who looks after schools find them, and see which would not be reached?"""

import pytest

from services.directory.handles import acting, open_directory
from services.directory.streams import succession
from services.directory.streams.succession import NoteUnclear
from tests.front.house import DSL, OFFICER, Door

COUNCIL = "safeguarding@council.example"
AREA = "E06000999"


@pytest.fixture
async def divided(embedded_door: Door) -> Door:
    """Cedar has closed; the register names Dell and Elm. The council looks after all of them."""
    door = embedded_door
    person = {"id": "gil", "role": "education-safeguarding", "given_name": "Gil", "email": COUNCIL}
    council = {"kind": "local-authority", "name": "Council", "local_authority": AREA}
    await door.directory("PUT", "council", json={**council, "contacts": [person]})
    for name in ("cedar", "dell", "elm"):
        body = {"kind": "school", "name": f"{name.title()} School", "local_authority": AREA}
        await door.directory("PUT", name, json=body)
    await door.directory("POST", "cedar/close", json={"on": "2026-08-31"})
    stage = door.stage
    directory = open_directory(
        store=stage.storage.stores["directory"],
        database=stage.storage.databases["directory"],
        clock=stage.house.clock,
        settings=stage.settings,
    )
    note = NoteUnclear(
        organisation="cedar",
        why="several",
        candidates=("dell", "elm"),
        at=stage.house.clock.now(),
    )
    stream = succession.stream_of("cedar")
    await directory.successions.handle(stream, note, acting("import-gias"))
    return door


async def test_a_school_is_found_and_says_where_its_children_may_be(divided: Door) -> None:
    browser = await divided.signed_in(OFFICER)
    page = await browser.get("/schools?q=cedar")
    assert "Cedar School" in page.text
    assert "31 August 2026" in page.text
    assert "The register names several schools: Dell School; Elm School." in page.text
    assert "No school is found by that" in (await browser.get("/schools?q=no such")).text
    assert 'aria-current="page">Schools' in (await browser.get("/schools")).text


async def test_the_council_says_which_school_took_its_place(divided: Door) -> None:
    browser = await divided.signed_in(COUNCIL)
    lists = await browser.get("/schools/lists")
    assert "/schools/lists/no-successor" in lists.text
    page = await browser.get("/schools/lists/no-successor")
    assert page.text.count("Its children are at") == 2
    form = {"school": "cedar", "successor": "elm"}
    elsewhere = {"sec-fetch-site": "cross-site"}
    refused = await browser.post("/schools/lists/no-successor", data=form, headers=elsewhere)
    assert refused.status_code == 403
    wrong = await browser.post(
        "/schools/lists/no-successor", data={"school": "cedar", "successor": "council"}
    )
    assert wrong.status_code == 422
    assert "Nothing was changed" in wrong.text
    done = await browser.post("/schools/lists/no-successor", data=form)
    assert done.status_code == 303
    after = await browser.get(done.headers["location"])
    assert "It is recorded, under your name" in after.text
    assert "Cedar School" not in after.text
    assert "Its children are at Elm School" in (await browser.get("/schools?q=cedar")).text


async def test_a_school_sees_its_own_and_a_file_is_the_directorys(divided: Door) -> None:
    school = await divided.signed_in(DSL)
    page = await school.get("/schools/lists")
    assert "Your own." in page.text
    assert "/schools/lists/no-contact" not in page.text
    assert (await school.get("/schools/lists/default-calendar")).text.count("Alder Primary") == 1
    council = await divided.signed_in(COUNCIL)
    answer = await council.get("/schools/lists/no-contact.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="no-contact.csv"'
    assert [line.split(",")[2] for line in answer.text.splitlines()[1:]] == [
        "Dell School",
        "Elm School",
    ]
    assert (await council.get("/schools/lists/no-such")).status_code == 404
