"""What was not disclosed in some days: counted by rule and agreement, down to the one decision."""

from datetime import date

from services.front.governing.refusals import days
from tests.front.house import Door
from tests.front.test_access_search import opened
from tests.front.test_governing import governor

TODAY = date(2026, 11, 23)


async def test_counts_lead_to_the_decision_and_its_event(embedded_door: Door) -> None:
    receipt = await opened(embedded_door)
    browser = await governor(embedded_door)
    asked = await embedded_door.stage.request("GET", "/consent/v1/decisions")
    withheld = [one for one in asked.json()["decisions"] if one["outcome"] == "withheld"]
    assert withheld
    page = await browser.get("/governance/refusals")
    assert f"{len(withheld)} decision" in page.text
    for one in withheld:
        assert all(reason["rule"] in page.text for reason in one["because"])
    kind = "&rule=child-is-home-educated&agreement=education-home"
    single = await browser.get(f"/governance/refusals?since=2026-11-17&until=2026-11-23{kind}")
    assert f"/events/{receipt}" in single.text
    assert "Nothing says that the child is educated at home." in single.text
    before = await browser.get("/governance/refusals?since=2026-10-01&until=2026-11-22")
    assert "0 decisions to tell nobody" in before.text
    wrong = await browser.get("/governance/refusals?since=yesterday&until=2026-11-22")
    assert (wrong.status_code, "Enter both days" in wrong.text) == (422, True)


async def test_keys_of_agencies_may_not_look(embedded_door: Door) -> None:
    path = "/consent/v1/refusals?since=2026-11-17&until=2026-11-23"
    answer = await embedded_door.stage.request("GET", path, agency="north-police")
    assert answer.status_code == 403
    path = "/consent/v1/refusals?since=2026-01-01&until=2026-11-23"
    assert (await embedded_door.stage.request("GET", path)).status_code == 422


def test_the_days_are_a_week_or_those_that_were_asked_for() -> None:
    assert days("", "", TODAY) == (date(2026, 11, 17), TODAY, "")
    assert days("2026-11-01", "2026-11-02", TODAY)[2] == ""
    assert "must not be before" in days("2026-11-03", "2026-11-02", TODAY)[2]
    assert "92 days" in days("2026-01-01", "2026-11-02", TODAY)[2]
