"""Can a school send its register from a page: look at it first, then have it taken?"""

import re
from typing import Any

from tests.front.house import DSL, OFFICER, Door

HEAD = "Forename,Surname,DOB,Postcode,Ethnicity\n"
ROW = "Cat,Secretname-Test,01/05/2018,ZZ99 3CZ,SECRET\n"


def file(text: str, name: str = "export.csv") -> dict[str, Any]:
    return {"file": (name, text.encode(), "application/octet-stream")}


async def test_a_file_is_checked_then_taken_and_another_is_not(embedded_door: Door) -> None:
    browser = await embedded_door.signed_in(DSL)
    first = await browser.get("/pupils")
    assert "0 entries are in the register" in first.text
    checked = await browser.post("/pupils", data={"whole": "yes"}, files=file(HEAD + ROW))
    assert checked.status_code == 200
    assert "What the file would change" in checked.text
    assert "0 entries are in the register" in checked.text
    (digest,) = re.findall(r'name="checked" value="([0-9a-f]{64})"', checked.text)
    form = {"whole": "yes", "action": "take", "checked": digest}
    other = await browser.post("/pupils", data=form, files=file(HEAD + ROW + ROW))
    assert (other.status_code, "not the file that was checked" in other.text) == (422, True)
    taken = await browser.post("/pupils", data=form, files=file(HEAD + ROW))
    assert "The register is taken" in taken.text
    assert "1 entry is in the register, as of" in taken.text
    for page in (checked, other, taken):
        assert "SECRET" not in page.text
        assert "Secretname" not in page.text


async def test_what_is_wrong_is_said_by_line_and_not_repeated(embedded_door: Door) -> None:
    browser = await embedded_door.signed_in(DSL)
    bad = await browser.post("/pupils", files=file(HEAD + ROW.replace("01/05/2018", "31/02/2018")))
    assert bad.status_code == 422
    assert "line 2, column DOB" in bad.text
    assert "31/02/2018" not in bad.text
    none = await browser.post("/pupils", files=file(""))
    assert "Choose the file" in none.text
    broken = await browser.post("/pupils", files=file("<CTfile>", "register.xml"))
    assert "not whole" in broken.text


async def test_headings_of_a_schools_own_are_remembered(embedded_door: Door) -> None:
    browser = await embedded_door.signed_in(DSL)
    text = (HEAD + ROW).replace("Forename", "Vorname")
    assert (await browser.post("/pupils", files=file(text))).status_code == 422
    kept = await browser.post("/pupils/columns", data={"given_name": "Vorname"})
    assert 'value="Vorname"' in kept.text
    assert (await browser.post("/pupils", files=file(text))).status_code == 200


async def test_only_a_school_has_pupils(embedded_door: Door) -> None:
    browser = await embedded_door.signed_in(OFFICER)
    assert (await browser.get("/pupils")).status_code == 404
    forged = await (await embedded_door.signed_in(DSL)).post(
        "/pupils", files=file(HEAD + ROW), headers={"sec-fetch-site": "cross-site"}
    )
    assert forged.status_code == 403
