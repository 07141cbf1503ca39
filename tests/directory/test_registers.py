"""How is a register kept from day to day? Who comes, who goes, who is at two schools at once."""

from datetime import timedelta
from typing import Any

import pytest

from services.directory.domain.enrolling import STATUSES
from services.directory.domain.nhs import MalformedNhsNumber, check_digit, read_nhs_number
from services.directory.domain.upn import check_letter, read_upn
from tests.directory.house import House
from tests.directory.test_pupils import CAT, CSV, PATH
from tests.directory.test_transfer_file import CAT as CTF_PUPIL
from tests.directory.test_transfer_file import file as transfer_file

XML = {"content-type": "application/xml"}
NHS = "9990000018"


@pytest.fixture
async def alder(house: House) -> House:
    await house.good("PUT", "/organisations/alder", json={"kind": "school", "urn": "900001"})
    return house


def many(count: int) -> list[dict[str, Any]]:
    return [{**CAT, "given_name": f"Pupil{at}"} for at in range(count)]


async def told(house: House) -> list[dict[str, Any]]:
    await house.work()
    bodies = [message.body for message in house.heard if message.type == "pupil.state"]
    house.heard.clear()
    return bodies


async def test_a_transfer_file_is_an_upload_like_any_other(alder: House) -> None:
    data = transfer_file(CTF_PUPIL).encode()
    answer = await alder.good("POST", PATH, content=data, headers=XML)
    assert (answer["added"], answer["left"]) == (1, 0)
    (state,) = await told(alder)
    assert (state["starts"], len(state["also"])) == ("2022-09-01", 4)  # two names, each of two
    again = await alder.good("POST", PATH, content=data, headers=XML)
    assert again["unchanged"] == 1
    assert "Siân" not in str([state, answer, again, await alder.good("GET", "/state")])


async def test_both_schools_of_two_and_a_college_are_told_and_a_guests_is_not(
    alder: House,
) -> None:
    rows = [{**CAT, "given_name": f"Pupil{one}", "status": one} for one in sorted(STATUSES)]
    answer = await alder.good("POST", PATH, json=rows)
    assert (answer["rows"], answer["added"], answer["guests"]) == (5, 4, 1)
    assert len(await told(alder)) == 4
    bad = await alder.call("POST", PATH, json=[{**CAT, "status": "X"}])
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/0/status")


async def test_a_register_that_would_lose_a_year_at_once_asks_first(alder: House) -> None:
    await alder.good("POST", PATH, json=many(50))
    before = await alder.log_size()
    refused = await alder.call("POST", f"{PATH}?whole=true", json=many(39))
    assert refused.status_code == 409
    assert "11 of 50 pupils" in refused.json()["errors"][0]["detail"]
    assert "Secretname" not in refused.text
    assert await alder.log_size() == before
    wrong = await alder.call("POST", f"{PATH}?whole=true&leavers=12", json=many(39))
    assert wrong.status_code == 409
    preview = await alder.good("POST", f"{PATH}?whole=true&dry_run=true", json=many(39))
    assert preview["left"] == 11
    taken = await alder.good("POST", f"{PATH}?whole=true&leavers=11", json=many(39))
    assert (taken["left"], taken["unchanged"]) == (11, 39)


async def test_nine_may_leave_unasked_and_so_may_a_fifth(alder: House) -> None:
    await alder.good("POST", PATH, json=many(59))
    assert (await alder.good("POST", f"{PATH}?whole=true", json=many(50)))["left"] == 9
    assert (await alder.good("POST", f"{PATH}?whole=true", json=many(40)))["left"] == 10


async def test_a_register_says_as_of_when_it_stands(alder: House) -> None:
    assert (await alder.good("GET", PATH))["as_of"] is None
    await alder.good("POST", f"{PATH}?whole=true", json=[CAT])
    first = (await alder.good("GET", PATH))["as_of"]
    alder.clock.set(alder.clock.now() + timedelta(days=1))
    await alder.good("POST", PATH, json=[{**CAT, "given_name": "Dan"}])  # one pupil, no register
    assert (await alder.good("GET", PATH))["as_of"] == first
    await alder.good("POST", f"{PATH}?whole=true", json=[CAT])
    roll = await alder.good("GET", PATH)
    assert (roll["as_of"] > first, roll["whole"]) == (True, True)


async def test_what_a_school_calls_its_columns_is_remembered(alder: House) -> None:
    text = b"Vorname,Surname,DOB,Postcode\nCat,Secretname,01/05/2018,ZZ99 3CZ\n"
    assert (await alder.call("POST", PATH, content=text, headers=CSV)).status_code == 422
    token = await alder.key("alder", "recipient")
    columns = {"columns": {"given_name": "VORNAME", "family_name": ""}}
    await alder.good("PUT", f"{PATH}/columns", json=columns, token=token)
    answer = await alder.good("POST", PATH, content=text, headers=CSV)
    assert answer["columns"] == {
        "given_name": "Vorname",
        "family_name": "Surname",
        "date_of_birth": "DOB",
        "postcode": "Postcode",
    }
    bad = {"columns": {"ethnicity": "Ethnicity"}}
    assert (await alder.call("PUT", f"{PATH}/columns", json=bad)).status_code == 422
    other = await alder.key("birch", "recipient")
    refused = await alder.call("PUT", f"{PATH}/columns", json=columns, token=other)
    assert refused.status_code == 403


async def test_an_nhs_number_with_a_birth_date_is_enough_and_leaves_only_as_a_hash(
    alder: House,
) -> None:
    number = NHS[:9] + str(check_digit(NHS[:9]))
    pupil = {"nhs_number": number, "date_of_birth": "2018-05-01"}
    (first,) = (await alder.good("POST", PATH, json=[pupil]))["pupils"]
    (state,) = await told(alder)
    assert state["nhs"]
    assert number not in str(state)
    (named,) = (await alder.good("POST", PATH, json=[{**CAT, "nhs_number": number}]))["pupils"]
    assert first["enrolment"] == named["enrolment"]
    text = f"NHS Number,DOB\n{number[:9]}{(int(number[9]) + 1) % 10},01/05/2018\n"
    answer = await alder.call("POST", PATH, content=text.encode(), headers=CSV)
    assert answer.json()["errors"][0]["detail"] == (
        "line 2, column NHS Number: the check digit does not fit the number"
    )


@pytest.mark.parametrize("wrong", ["123", "99900000181", "999000001x", "\u0669990000018"])
def test_a_wrong_nhs_number_is_not_repeated(wrong: str) -> None:
    with pytest.raises(MalformedNhsNumber) as refused:
        read_nhs_number(wrong)
    assert wrong not in str(refused.value)


def test_every_authority_and_every_temporary_letter_has_its_check_letter() -> None:
    """All the codes there can be, permanent and temporary; no other first letter is taken."""
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    for code in range(1_000):
        for last in ("1", letters[code % 23]):
            rest = f"{code:03}40001800{last}"
            right = check_letter(rest)
            assert read_upn(right + rest) == right + rest
