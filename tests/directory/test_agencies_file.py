"""Organisations by file: YAML as in a story's area, or CSV; all of them or none."""

from pathlib import Path

import pytest

from services.directory.cli import import_agencies
from services.directory.domain.report import UnreadableFile
from tests.directory.house import House

AREA = """
organisations:
  - {id: north-police, kind: police, name: Northshire Police, police_area: E23000099}
  - id: alder
    kind: school
    urn: 900001
    ages: [4, 11]
    opens: 10:30
    lead_minutes: 30
    police_area: null
    contacts:
      - {id: ada, role: head, given_name: Ada, family_name: Test, email: ada@alder.example}
    calendar: {terms: [2026-01-05/2026-02-13], inset: [2026-01-05], closed: []}
"""


async def test_an_area_comes_by_yaml_and_again_changes_nothing(
    house: House, tmp_path: Path
) -> None:
    path = tmp_path / "area.yaml"
    path.write_text(AREA)
    assert (await import_agencies(house.directory, path, dry_run=True)).added == 2
    assert await house.log_size() == 0
    report = await import_agencies(house.directory, path)
    assert (report.rows, report.added, report.refused) == (2, 2, ())
    alder = await house.good("GET", "/schools/900001")
    assert (alder["opens"], alder["ages"], alder["police_area"]) == ("10:30:00", [4, 11], None)
    assert alder["contacts"][0]["email"] == "ada@alder.example"
    before = await house.log_size()
    again = await import_agencies(house.directory, path)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert await house.log_size() == before


async def test_a_bad_organisation_and_none_is_taken(house: House, tmp_path: Path) -> None:
    path = tmp_path / "area.yaml"
    path.write_text(
        AREA
        + "  - {id: birch, kind: academy}\n"
        + "  - {kind: school}\n"
        + "  - {id: cedar, kind: school, urn: 900001}\n"
        + "  - {id: dale, kind: school, ages: [11, 4]}\n"
    )
    report = await import_agencies(house.directory, path)
    assert [(problem.line, problem.column) for problem in report.refused] == [
        (3, "kind"),
        (4, ""),
        (5, "urn"),
        (6, "ages"),
    ]
    assert await house.log_size() == 0


async def test_organisations_come_by_csv(house: House, tmp_path: Path) -> None:
    path = tmp_path / "agencies.csv"
    path.write_text(
        "id,kind,name,local_authority,opens\n"
        "north-csc,childrens-social-care,North,E06000999,\n"
        "alder,school,Alder,,08:40\n"
    )
    assert (await import_agencies(house.directory, path)).added == 2
    path.write_text("id,kind,colour\nash,school,green\n")
    (problem,) = (await import_agencies(house.directory, path)).refused
    assert (problem.line, problem.column) == (2, "colour")


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.yaml", "just words"), ("a.yaml", "{:"), ("a.yaml", "- one"), ("a.csv", "name\nAlder\n")],
)
async def test_what_is_no_list_of_organisations_is_one_line(
    house: House, tmp_path: Path, name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(UnreadableFile) as refused:
        await import_agencies(house.directory, path)
    assert "\n" not in str(refused.value)
