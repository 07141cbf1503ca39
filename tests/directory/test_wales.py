"""Is a Welsh school one organisation, whichever list names it first?"""

from pathlib import Path

import pytest

from services.directory.cli import import_gias, import_wales
from services.directory.domain.report import Report, UnreadableFile
from tests.directory.house import House
from tests.directory.samples import (
    WELSH_HEADING,
    as_file,
    register_file,
    row,
    spreadsheet,
    welsh,
)

TITLE = ["Address list of schools", "As at 1 April"]
DERWEN = welsh(6609001, "Ysgol Derwen", LANGUAGE="Welsh medium school / provision")
GIAS = row(
    400901,
    "Derwen School",
    TYPE="30",
    GROUP="6",
    LA="660",
    NUMBER="9001",
    LOW="",
    HIGH="",
    GSS="W06000001",
)


async def wales(house: House, tmp_path: Path, *maintained: list[str]) -> Report:
    path = tmp_path / "address-list.ods"
    independent = [WELSH_HEADING, welsh(6816001, "Test College School", SECTOR="")]
    path.write_bytes(
        spreadsheet(
            Contents=[TITLE],
            Maintained=[TITLE, [], WELSH_HEADING, *maintained],
            Independent=independent,
            PRU=[WELSH_HEADING, welsh(6811101, "Test PRU", SECTOR="")],
        )
    )
    return await import_wales(house.directory, path)


async def gias(house: House, tmp_path: Path, *rows: list[str]) -> Report:
    path = tmp_path / "edubasealldata.csv"
    path.write_bytes(register_file(*rows))
    return await import_gias(house.directory, path)


async def test_the_published_spreadsheet_becomes_organisations(
    house: House, tmp_path: Path
) -> None:
    report = await wales(
        house,
        tmp_path,
        DERWEN,
        welsh(6809002, "Test Nursery", SECTOR="Nursery"),
        welsh(6659003, "Test Middle", SECTOR="Middle", TYPE="Middle (ages 3-16)"),
        welsh(6509004, "Not in Wales"),
        welsh("12", "Not a number"),
    )
    assert (report.rows, report.added, len(report.refused)) == (7, 5, 2)
    derwen = await house.good("GET", "/schools/6609001")
    assert (derwen["id"], derwen["kind"], derwen["ages"]) == ("wales-6609001", "school", None)
    assert (derwen["local_authority"], derwen["name"]) == ("W06000001", "Ysgol Derwen")
    assert (await house.good("GET", "/schools/6809002"))["kind"] == "nursery"
    assert (await house.good("GET", "/schools/6809002"))["local_authority"] == "W06000022"
    assert (await house.good("GET", "/schools/6659003"))["ages"] == [3, 16]
    assert (await house.good("GET", "/schools/6811101"))["local_authority"] == "W06000015"


@pytest.mark.parametrize("first", ["wales", "gias"])
async def test_one_school_in_both_registers_is_one_organisation(
    house: House, tmp_path: Path, first: str
) -> None:
    if first == "wales":
        await wales(house, tmp_path, DERWEN)
    await gias(house, tmp_path, GIAS)
    await wales(house, tmp_path, DERWEN)
    found = await house.good("GET", "/schools/400901")
    assert found["name"] == "Ysgol Derwen"  # its own list's
    assert found["id"] == ("wales-6609001" if first == "wales" else "urn-400901")
    every = await house.good("GET", "/organisations?local_authority=W06000001")
    assert every["organisations"] == [found]
    before = await house.log_size()
    assert (await gias(house, tmp_path, GIAS)).changed == 0
    assert (await wales(house, tmp_path, DERWEN)).changed == 0
    assert await house.log_size() == before


async def test_the_english_register_says_when_a_welsh_school_closes(
    house: House, tmp_path: Path
) -> None:
    await wales(house, tmp_path, DERWEN)
    closed = list(GIAS)
    closed[9], closed[16] = "2", "31-12-2025"  # the status and its day
    await gias(house, tmp_path, closed)
    assert (await house.good("GET", "/schools/400901"))["closed_on"] == "2025-12-31"
    report = await wales(house, tmp_path, DERWEN)
    assert [note.says for note in report.notes] == ["is closed here and stands in the list"]


async def test_one_sheet_as_csv_is_read_too_and_a_cut_file_is_refused(
    house: House, tmp_path: Path
) -> None:
    path = tmp_path / "maintained.csv"
    data = as_file([TITLE, WELSH_HEADING, DERWEN])
    path.write_bytes(data)
    assert (await import_wales(house.directory, path)).added == 1
    whole = spreadsheet(Maintained=[WELSH_HEADING, DERWEN])
    for name, wrong, says in (
        ("cut.csv", data[: data.rindex(b"Trefprawf")], "middle of a row"),
        ("other.csv", register_file(row(900001)), "no column School Number"),
        ("cut.ods", whole[: len(whole) // 2], "not the whole of one"),
        ("sheets.ods", whole, "no sheet Independent, PRU"),
    ):
        path = tmp_path / name
        path.write_bytes(wrong)
        with pytest.raises(UnreadableFile, match=says):
            await import_wales(house.directory, path)
