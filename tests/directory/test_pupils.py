"""Registers of pupils: all or nothing, found by hashes, sealed in the log."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.identity import person_key, upn_key
from services.directory.cli import import_pupils
from services.directory.domain.report import UnreadableFile
from services.directory.streams.register import PupilRegistered
from tests.directory.house import House

CAT: dict[str, Any] = {
    "given_name": "Cat",
    "family_name": "Secretname",
    "date_of_birth": "2018-05-01",
    "postcode": "ZZ99 3CZ",
    "from": "2022-09-01",
}
UPN = "W999400018001"
PATH = "/organisations/alder/pupils"
CSV = {"content-type": "text/csv; charset=utf-8"}
HEADING = "UPN,Forename,Surname,DOB,Postcode,From,Until\n"


@pytest.fixture
async def alder(house: House) -> House:
    await house.good("PUT", "/organisations/alder", json={"kind": "school"})
    await house.work()
    house.heard.clear()
    return house


async def told(house: House) -> list[dict[str, Any]]:
    await house.work()
    bodies = [message.body for message in house.heard if message.type == "pupil.state"]
    house.heard.clear()
    return bodies


async def test_a_pupil_is_told_of_by_hashes_and_can_be_read_nowhere(alder: House) -> None:
    answer = await alder.good("POST", PATH, json=[{**CAT, "upn": UPN}])
    assert (answer["added"], answer["changed"], answer["unchanged"]) == (1, 0, 0)
    (state,) = await told(alder)
    pepper = alder.settings.pepper_bytes
    born = date(2018, 5, 1)
    assert state["person"] == person_key(pepper, "CAT", "secretname", born, "zz993cz")
    assert state["upn"] == upn_key(pepper, UPN)
    assert (state["organisation"], state["starts"], state["until"]) == ("alder", "2022-09-01", None)
    for text in (
        str(state),
        str(await alder.good("GET", PATH)),
        str(await alder.good("GET", "/state")),
    ):
        for secret in ("Secretname", UPN, "2018-05-01", "ZZ99"):
            assert secret not in text


async def test_what_the_log_holds_of_a_pupil_dies_with_the_key(alder: House) -> None:
    answer = await alder.good("POST", PATH, json=[CAT])
    enrolment = answer["pupils"][0]["enrolment"]
    await alder.good("DELETE", f"{PATH}/{enrolment}")
    log = [each.event for each in await alder.store.read_all(0)]
    (registered,) = [event for event in log if isinstance(event, PupilRegistered)]
    assert registered.details.value is None
    first, last = await told(alder)
    assert (first["removed"], last["removed"], last["person"]) == (False, True, None)
    assert (await alder.good("GET", PATH))["pupils"] == []


async def test_the_same_upload_again_changes_nothing(alder: House) -> None:
    await alder.good("POST", PATH, json=[CAT])
    before = await alder.log_size()
    answer = await alder.good("POST", PATH, json=[CAT])
    assert (answer["added"], answer["unchanged"]) == (0, 1)
    assert await alder.log_size() == before


async def test_an_upload_adds_and_changes_and_leaves_the_others(alder: House) -> None:
    await alder.good("POST", PATH, json=[CAT, {**CAT, "given_name": "Dan"}])
    later = [{**CAT, "until": "2026-02-12"}, {**CAT, "given_name": "Eve"}]
    answer = await alder.good("POST", PATH, json=later)
    assert (answer["added"], answer["changed"]) == (1, 1)
    roll = (await alder.good("GET", PATH))["pupils"]
    assert sorted(str(each["until"]) for each in roll) == ["2026-02-12", "None", "None"]


async def test_a_child_who_moves_house_or_gets_a_number_stays_one_enrolment(alder: House) -> None:
    (first,) = (await alder.good("POST", PATH, json=[CAT]))["pupils"]
    (numbered,) = (await alder.good("POST", PATH, json=[{**CAT, "upn": UPN}]))["pupils"]
    moved = {**CAT, "upn": UPN, "postcode": "ZZ99 9XX"}
    (after,) = (await alder.good("POST", PATH, json=[moved]))["pupils"]
    assert first["enrolment"] == numbered["enrolment"] == after["enrolment"]
    assert len((await alder.good("GET", PATH))["pupils"]) == 1


async def test_twins_are_two(alder: House) -> None:
    answer = await alder.good("POST", PATH, json=[CAT, {**CAT, "given_name": "Dan"}])
    assert len({each["enrolment"] for each in answer["pupils"]}) == 2


async def test_a_child_at_two_schools_has_two_enrolments_with_the_same_hashes(
    alder: House,
) -> None:
    await alder.good("PUT", "/organisations/unit", json={"kind": "school"})
    await alder.good("POST", PATH, json=[CAT])
    await alder.good("POST", "/organisations/unit/pupils", json=[CAT])
    one, two = await told(alder)
    assert one["person"] == two["person"]
    assert one["enrolment"] != two["enrolment"]


async def test_a_whole_register_marks_who_is_missing_as_left_yesterday(alder: House) -> None:
    gone = {**CAT, "given_name": "Gone", "until": "2025-07-20"}
    await alder.good("POST", PATH, json=[CAT, {**CAT, "given_name": "Dan"}, gone])
    await told(alder)
    await alder.good("POST", f"{PATH}?whole=true", json=[CAT])
    (left,) = await told(alder)
    assert left["until"] == "2026-02-12"


async def test_a_pupil_leaves_on_a_day(alder: House) -> None:
    (cat,) = (await alder.good("POST", PATH, json=[CAT]))["pupils"]
    path = f"{PATH}/{cat['enrolment']}/left"
    await alder.good("POST", path, json={"until": "2026-02-27"})
    assert (await told(alder))[-1]["until"] == "2026-02-27"
    unknown = f"{PATH}/00000000-0000-0000-0000-000000000000/left"
    assert (await alder.call("POST", unknown, json={"until": "2026-02-27"})).status_code == 404


async def test_one_bad_row_and_nothing_is_taken(alder: House) -> None:
    data = (
        HEADING
        + f"{UPN},Cat,Secretname,01/05/2018,ZZ99 3CZ,,\n"
        + "W999400018002,Dan,Secretname,01/05/2018,ZZ99 3CZ,,\n"
        + ",Eve,Secretname,,,,\n"
        + ",Fay,Secretname,01/05/2018,ZZ99 3CZ,01/09/2022,01/09/2021\n"
        + ",Gil,Secretname,01/05/1958,ZZ99 3CZ,,\n"
        + f"{UPN},Cat,Secretname,01/05/2018,ZZ99 3CZ,,\n"
    )
    before = await alder.log_size()
    answer = await alder.call("POST", PATH, content=data.encode(), headers=CSV)
    assert answer.status_code == 422
    assert [error["detail"] for error in answer.json()["errors"]] == [
        "line 3, column UPN: the check letter does not fit the number",
        "line 4: needs a UPN, or a name with date of birth and postcode",
        "line 5, column until: is before the first day",
        "line 6, column date_of_birth: is not of a pupil's age",
        "line 7: is the same pupil as line 2",
    ]
    assert "Secretname" not in answer.text
    assert await alder.log_size() == before


async def test_a_list_is_taken_with_a_check_letter_that_does_not_fit_as_events_are(
    alder: House,
) -> None:
    assert (await alder.call("POST", PATH, json=[{**CAT, "upn": "W999400018002"}])).is_success


@pytest.mark.parametrize(
    ("pupil", "pointer"),
    [
        ({**CAT, "upn": "W99940001800"}, "/0/upn"),
        ({**CAT, "date_of_birth": "2018-02-30"}, "/0/date_of_birth"),
        ({**CAT, "until": "2020-01-01"}, "/0/until"),
        ({**CAT, "postcode": None}, "/0"),
        ({**CAT, "date_of_birth": "2030-01-01"}, "/0/date_of_birth"),
        ("Secretname", "/0"),
    ],
)
async def test_a_bad_pupil_in_a_list_is_refused_at_its_place(
    alder: House, pupil: Any, pointer: str
) -> None:
    answer = await alder.call("POST", PATH, json=[pupil])
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert "Secretname" not in answer.text


async def test_members_that_are_not_needed_are_dropped(alder: House) -> None:
    await alder.good("POST", PATH, json=[{**CAT, "ethnicity": "X-SECRET", "school": "alder"}])
    log = await alder.store.read_all(0)
    assert "X-SECRET" not in repr([getattr(each.event, "details", None) for each in log])
    (registered,) = [each.event for each in log if isinstance(each.event, PupilRegistered)]
    assert "X-SECRET" not in str(registered.details.value)


async def test_what_is_no_list_and_no_file_is_refused(alder: House) -> None:
    for content, headers, status in [
        (b"{", {"content-type": "application/json"}, 400),
        (b"{}", {"content-type": "application/json"}, 422),
        (b"a,b\n1,2\n", CSV, 422),
        (b"<xml/>", {"content-type": "application/xml"}, 422),
        (b"%PDF", {"content-type": "application/pdf"}, 415),
    ]:
        answer = await alder.call("POST", PATH, content=content, headers=headers)
        assert answer.status_code == status


async def test_a_large_schools_export_is_one_upload(alder: House) -> None:
    rows = "".join(
        f",Pupil{at},Test,01/05/2012,ZZ99 3CZ,01/09/2022,,{'x' * 150}\n" for at in range(2000)
    )
    data = (HEADING.strip() + ",Ignored\n" + rows).encode()
    assert len(data) > 256 * 1024
    answer = await alder.good("POST", PATH, content=data, headers=CSV)
    assert answer["added"] == 2000
    assert len(await told(alder)) == 2000
    again = await alder.good("POST", PATH, content=data, headers=CSV)
    assert again["unchanged"] == 2000


async def test_a_dry_run_reports_and_writes_nothing(alder: House) -> None:
    before = await alder.log_size()
    answer = await alder.good("POST", f"{PATH}?dry_run=true", json=[CAT])
    assert (answer["added"], answer["dry_run"]) == (1, True)
    assert await alder.log_size() == before


async def test_a_school_uploads_its_own_register(alder: House) -> None:
    token = await alder.key("alder", "recipient")
    answer = await alder.good("POST", PATH, json=[CAT], token=token)
    assert answer["added"] == 1


async def test_a_file_may_come_by_the_command_line(alder: House, tmp_path: Path) -> None:
    path = tmp_path / "pupils.csv"
    path.write_text(HEADING + f"{UPN},Cat,Test,01/05/2018,ZZ99 3CZ,,\n")
    report = await import_pupils(alder.directory, path, organisation="alder")
    assert (report.rows, report.added) == (1, 1)
    with pytest.raises(UnreadableFile, match="no such organisation"):
        await import_pupils(alder.directory, path, organisation="nobody")
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        await import_pupils(alder.directory, tmp_path / "none.csv", organisation="alder")


async def test_two_uploads_at_the_same_moment_both_count(alder: House) -> None:
    names = ["Cat", "Dan", "Eve"]
    answers = await asyncio.gather(
        *(alder.good("POST", PATH, json=[{**CAT, "given_name": name}]) for name in names)
    )
    assert [answer["added"] for answer in answers] == [1, 1, 1]
    assert len((await alder.good("GET", PATH))["pupils"]) == 3
