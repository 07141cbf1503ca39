"""A school keeps its own contacts and calendar, and nobody else's."""

from pathlib import Path
from typing import Any

import pytest

from services.directory.cli import import_calendar
from tests.directory.house import House

ADA = {"role": "designated-safeguarding-lead", "given_name": "Ada", "family_name": "Test"}
BEN = {"role": "deputy", "given_name": "Ben", "family_name": "Test", "email": "b@alder.example"}


async def school(house: House, name: str = "alder", **more: Any) -> str:
    await house.good("PUT", f"/organisations/{name}", json={"kind": "school", **more})
    return await house.key(name, "recipient")


async def order(house: House) -> list[str]:
    answer = await house.good("GET", "/organisations/alder/contacts")
    return [contact["id"] for contact in answer["contacts"]]


async def test_a_school_keeps_its_order_of_call(house: House) -> None:
    token = await school(house)
    path = "/organisations/alder/contacts"
    await house.good("PUT", f"{path}/ada", json=ADA, token=token)
    await house.good("PUT", f"{path}/ben", json=BEN, token=token)
    assert await order(house) == ["ada", "ben"]
    await house.good("PUT", f"{path}/ben?place=0", json=BEN, token=token)
    assert await order(house) == ["ben", "ada"]
    before = await house.log_size()
    await house.good("PUT", f"{path}/ben", json=BEN, token=token)
    assert await house.log_size() == before
    await house.good("PUT", f"{path}/ben", json={**BEN, "until": "2026-07-31"}, token=token)
    assert await order(house) == ["ben", "ada"]
    await house.good("DELETE", f"{path}/ben", token=token)
    assert await order(house) == ["ada"]
    both = [{**BEN, "id": "ben"}, {**ADA, "id": "ada"}]
    await house.good("PUT", path, json=both, token=token)
    assert await order(house) == ["ben", "ada"]


async def test_a_contact_is_sealed_in_the_log_and_gone_when_the_key_is(house: House) -> None:
    token = await school(house)
    await house.good("PUT", "/organisations/alder/contacts/ben", json=BEN, token=token)
    assert await house.store.destroy_key("contact-alder-ben")
    assert await order(house) == []


async def test_nobody_touches_what_is_another_organisations(house: House) -> None:
    await school(house)
    other = await school(house, "birch")
    base = "/organisations/alder"
    for method, path, body in [
        ("PUT", f"{base}/contacts/ada", ADA),
        ("PUT", f"{base}/contacts", []),
        ("DELETE", f"{base}/contacts/ada", None),
        ("PUT", f"{base}/calendar", {"terms": []}),
        ("DELETE", f"{base}/calendar", None),
        ("POST", f"{base}/pupils", []),
        ("GET", f"{base}/pupils", None),
    ]:
        answer = await house.call(method, path, json=body, token=other)
        assert answer.status_code == 403, path
        assert (await house.call(method, path, json=body, token="")).status_code == 401


async def test_an_organisation_that_is_not_there_has_nothing(house: House) -> None:
    base = "/organisations/nobody"
    assert (await house.call("PUT", f"{base}/contacts/ada", json=ADA)).status_code == 404
    assert (await house.call("PUT", f"{base}/calendar", json={})).status_code == 404
    assert (await house.call("GET", f"{base}/calendar")).status_code == 404
    assert (await house.call("POST", f"{base}/pupils", json=[])).status_code == 404


async def test_a_calendar_is_answered_as_it_is_put_in_order_and_once(house: House) -> None:
    token = await school(house)
    given = {
        "terms": ["2026-02-23/2026-03-27", {"start": "2026-01-05", "end": "2026-02-13"}],
        "inset": ["2026-02-23", "2026-02-23"],
        "closed": ["2026-03-02"],
    }
    kept = {
        "own": True,
        "terms": ["2026-01-05/2026-02-13", "2026-02-23/2026-03-27"],
        "inset": ["2026-02-23"],
        "closed": ["2026-03-02"],
    }
    path = "/organisations/alder/calendar"
    assert await house.good("PUT", path, json=given, token=token) == kept
    before = await house.log_size()
    del kept["own"]
    await house.good("PUT", path, json=kept, token=token)
    assert await house.log_size() == before
    assert (await house.good("DELETE", path, token=token))["own"] is False


@pytest.mark.parametrize(
    ("calendar", "pointer"),
    [
        ({"terms": ["2026-01-05 to 2026-02-13"]}, "/terms/0"),
        ({"terms": ["2026-01-05/2026-02-13", "2026-02-13/2026-03-01"]}, "/terms/1"),
        ({"terms": ["2026-01-05/2027-02-13"]}, "/terms/0"),
        ({"terms": ["2026-02-13/2026-01-05"]}, "/terms/0"),
        ({"inset": ["2026-02-30"]}, "/inset/0"),
        ({"closed": ["tomorrow"]}, "/closed/0"),
        ({"holidays": []}, "/holidays"),
    ],
)
async def test_a_bad_calendar_is_refused_at_its_place(
    house: House, calendar: dict[str, Any], pointer: str
) -> None:
    token = await school(house)
    answer = await house.call("PUT", "/organisations/alder/calendar", json=calendar, token=token)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_calendars_come_by_file_for_many_schools_or_for_none(
    house: House, tmp_path: Path
) -> None:
    await school(house, urn="900001")
    await school(house, "birch")
    path = tmp_path / "terms.csv"
    good = (
        "urn,organisation,kind,start,end\n"
        "900001,,term,2026-01-05,2026-02-13\n"
        "900001,,closed,2026-01-07,2026-01-09\n"
        ",birch,term,2026-01-06,2026-02-13\n"
        ",birch,inset,2026-01-06,\n"
    )
    path.write_text(good)
    assert (await import_calendar(house.directory, path, dry_run=True)).changed == 2
    report = await import_calendar(house.directory, path)
    assert (report.rows, report.changed) == (4, 2)
    alder = await house.good("GET", "/organisations/alder/calendar")
    assert alder["closed"] == ["2026-01-07", "2026-01-08", "2026-01-09"]
    assert (await import_calendar(house.directory, path)).unchanged == 2
    path.write_text(good.replace("birch,inset", "birch,holiday").replace("900001", "900009"))
    before = await house.log_size()
    bad = await import_calendar(house.directory, path)
    assert [(problem.line, problem.column) for problem in bad.refused] == [(5, "kind"), (2, "")]
    assert await house.log_size() == before
