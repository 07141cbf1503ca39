"""Is anybody's name, address or story readable in what consent keeps, logs or answers?"""

import pytest

from services.consent.streams.case import stream_of
from services.consent.streams.events import DecisionTaken, EventTaken
from services.consent.streams.pieces import Forgotten, whole
from services.consent.telling import with_content
from tests.consent.house import House
from tests.consent.story import ENDED, Json, child, client, ended, event, harmed, incident

MARKS = {
    "given name": "Zephyrine",
    "family name": "Testquill",
    "child": "Quillonette",
    "postcode": "ZZ99 4XX",
    "street": "Testlane Nowhere",
    "words": "He threw the blue lamp",
    "summary": "A window was found broken",
    "reader": "Barnabastest",
    "nhs": "999 123 4567",
    "reason": "Because of the grandmother",
    "resolution": "Spoke with Inspector Testmoor",
}


def marked() -> Json:
    home = {"kind": "home", "postcode": MARKS["postcode"], "lines": [MARKS["street"]]}
    kid = child(given=MARKS["child"], identifiers={"nhs_number": MARKS["nhs"]}, addresses=[home])
    return incident(
        kid,
        harmed=harmed(given_name=MARKS["given name"], family_name=MARKS["family name"]),
        intent_reason=MARKS["reason"],
        circumstances={"kinds": ["damage"], "summary": MARKS["summary"]},
        entries=[
            {
                "ref": "c1",
                "presence": "present",
                "spoken_to": {"outcome": "spoken-to", "words": MARKS["words"]},
            }
        ],
        handling={
            "covert": True,
            "not_readers": [
                {"given_name": MARKS["reader"], "family_name": "Test", "reason": "Kin"}
            ],
        },
    )


async def test_nothing_personal_stands_in_any_file_or_log_line(
    embedded: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await embedded.accept(marked())
    await embedded.accept(ended(child("k", MARKS["child"])), ENDED, "haven", "e-1")
    token = await embedded.key("haven", "publisher")
    await embedded.good("POST", "/consents", json=consent(), token=token)
    [hold] = (await embedded.good("GET", "/holds"))["holds"]
    told = {"outcome": "disclosed", "reason": MARKS["resolution"], "by": "reviewer-1"}
    await embedded.good("POST", f"/holds/{hold['hold_id']}/resolve", json=told)
    await embedded.work()
    assert embedded.made("education")[-1].disclosure is not None

    files = [file for file in embedded.folder.iterdir() if file.is_file()]
    assert {"log.db", "read.db", "bus.db"} <= {file.name for file in files}
    written = b"".join(file.read_bytes() for file in files)
    logged = capsys.readouterr()
    for what, mark in MARKS.items():
        assert mark.encode() not in written, what
        assert mark not in logged.out + logged.err, what


def consent() -> Json:
    return {
        "person": client(given_name=MARKS["given name"], family_name=MARKS["family name"]),
        "method": "written",
        "taken_by": "keyworker",
        "competence": "adult",
        "given_at": "2026-02-01T10:00:00Z",
        "reason": MARKS["reason"],
    }


async def test_the_event_can_be_put_together_again_until_somebody_is_forgotten(
    house: House,
) -> None:
    await house.accept(incident())
    case = house.made()[0].case
    taken = await first(house, case)
    assert whole(taken) == event(incident())

    [kid] = [described for described in taken.people if described.ref == "c1"]
    await house.store.destroy_key(kid.person.subject)

    with pytest.raises(Forgotten):
        whole(await first(house, case))
    recorded = await house.store.read_stream(stream_of(case))
    school = [
        one.event
        for one in recorded
        if isinstance(one.event, DecisionTaken) and one.event.message.audience == "education"
    ]
    told = with_content(school[0]).disclosure
    assert told is not None
    assert told.content == {}

    await house.store.destroy_key(taken.rest.subject)
    with pytest.raises(Forgotten):
        whole(await first(house, case))


async def first(house: House, case: object) -> EventTaken:
    taken = (await house.store.read_stream(f"case-{case}"))[0].event
    assert isinstance(taken, EventTaken)
    return taken


async def test_the_rows_can_be_made_again_from_the_log(house: House) -> None:
    await house.accept(incident())
    await house.accept(incident(grading="standard"), id_="2")
    before = await house.good("GET", "/decisions")

    [register, *_] = [worker for worker in house.service.workers if hasattr(worker, "rebuild")]
    await register.rebuild()

    assert await house.good("GET", "/decisions") == before
    await house.accept(incident(reference="N/2", occurred_at="2026-02-13T22:50:00Z"), id_="3")
    last = house.made("education")[-1].disclosure
    assert last is not None
    assert last.content["history.count_12_months"] == 1
