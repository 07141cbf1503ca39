"""Services by a file: JSON as the API takes them, or CSV; row by row, all or nothing."""

import json
from pathlib import Path

import pytest

from services.directory.cli import import_services
from services.directory.domain.report import UnreadableFile
from services.directory.offers.services_file import HEADINGS, read
from tests.architecture.sources import ROOT
from tests.directory.house import House
from tests.directory.offers import BRIDGE, SHELTER, open_bridge

DOCUMENTED = (ROOT / "docs" / "services.md").read_text()
HEADING = "id,organisation,name,needs,who,places,days,opens,closes,refer_self,publish,"
HEADING += "confidential_location,line,town,postcode,contact_title,private_phone,minimum_age\n"
ROW = "shop,bridge,Shop,homelessness housing-advice,adults,E06000999,MO TU,09:00,17:00,"
ROW += 'Walk in,yes,no,1 Synthetic Street,Northtown,ZZ99 1AA,"Desk, ground floor",01632 960777,16\n'


async def test_a_list_comes_by_json_and_again_changes_nothing(house: House, tmp_path: Path) -> None:
    await open_bridge(house)
    path = tmp_path / "services.json"
    path.write_text(json.dumps([{"id": "shop", **BRIDGE}, {"id": "stay", **SHELTER}]))
    before = await house.log_size()
    assert (await import_services(house.directory, path, dry_run=True)).added == 2
    assert await house.log_size() == before
    report = await import_services(house.directory, path)
    assert (report.rows, report.added, report.refused) == (2, 2, ())
    assert (await house.good("GET", "/services/shop"))["published"] is True
    path.write_text(json.dumps({"services": [{"id": "shop", **BRIDGE, "cost": "5 pounds"}]}))
    again = await import_services(house.directory, path)
    assert (again.added, again.changed, again.unchanged) == (0, 1, 0)
    size = await house.log_size()
    assert (await import_services(house.directory, path)).unchanged == 1
    assert await house.log_size() == size


async def test_a_list_comes_by_csv(house: House, tmp_path: Path) -> None:
    await open_bridge(house)
    path = tmp_path / "services.csv"
    path.write_text(HEADING + ROW)
    assert (await import_services(house.directory, path)).added == 1
    told = await house.good("GET", "/services/shop")
    assert told["needs"] == ["homelessness", "housing-advice"]
    assert told["hours"][0]["days"] == ["MO", "TU"]
    assert (told["minimum_age"], told["publish"]) == (16, True)
    assert told["referral"] == [{"by": "self", "how": "Walk in"}]
    assert told["contact"]["title"] == "Desk, ground floor"
    assert (told["location"]["line"], told["private"]["phone"]) == (
        "1 Synthetic Street",
        "01632 960777",
    )


async def test_what_the_documentation_shows_is_taken(house: House) -> None:
    await open_bridge(house)
    example = json.loads(DOCUMENTED.split("```json")[1].split("```")[0])
    told = await house.good("PUT", "/services/shop", json=example)
    assert (told["published"], told["held"]) == (True, [])
    headings = {word for word in DOCUMENTED.split() if word in HEADINGS}
    assert headings == HEADINGS


async def test_one_bad_row_and_none_is_taken(house: House, tmp_path: Path) -> None:
    await open_bridge(house)
    path = tmp_path / "services.csv"
    twice = ROW.replace("homelessness", "a-need").replace("shop,", "two,", 1)
    late = ROW.replace("17:00", "08:00").replace("shop,", "three,", 1)
    maybe = ROW.replace(",yes,", ",maybe,").replace("shop,", "four,", 1)
    nobody = ROW.replace("bridge", "nobody").replace("shop,", "five,", 1)
    path.write_text(HEADING + ROW + ROW + twice + late + maybe + nobody)
    before = await house.log_size()
    report = await import_services(house.directory, path)
    assert [(problem.line, problem.column) for problem in report.refused] == [
        (3, "id"),
        (4, "needs/0"),
        (5, "hours/0/closes"),
        (6, "publish"),
        (7, "organisation"),
    ]
    assert "maybe" not in str(report)
    assert await house.log_size() == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "just words"),
        ("a.json", '{"services": [1]}'),
        ("a.csv", "name\nShop\n"),
        ("a.csv", "id,organisation,name,colour\nshop,bridge,Shop,green\n"),
        ("a.csv", 'id,organisation,name\nshop,bridge,"Sho'),
    ],
)
def test_what_is_no_list_of_services_is_one_line(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(UnreadableFile) as refused:
        read(path)
    assert "\n" not in str(refused.value)
    assert "Sho" not in str(refused.value)
