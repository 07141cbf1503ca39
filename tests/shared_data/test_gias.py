"""Do we read the schools register's own files as they are? Real layouts, real traps."""

import csv
from pathlib import Path

import pytest

from services.directory.domain.establishments import Establishment, Status, kind_of
from services.directory.domain.report import RowProblem, UnreadableFile
from services.directory.gias.establishments_file import Taken, open_establishments
from services.directory.gias.links_file import open_links
from tests.directory.samples import AGREED, FORMER_AT, GSS_AT, POSTCODE_AT, TOWN_AT
from tests.shared_data.folder import shared_data

FOLDER = shared_data("gias")
REGISTERS = {
    "edubase_2025_layout.csv": 10,
    "edubase_example_schools.csv": 2,
    "edubase_ragged_120_and_135.csv": 19,
    "edubase_sample_2018.csv": 4,
}


def taken(name: str) -> list[Taken]:
    each = list(open_establishments(FOLDER / name))
    assert not [one for one in each if isinstance(one, RowProblem)]
    return [one for one in each if not isinstance(one, RowProblem)]


def by_urn(name: str) -> dict[str, Establishment]:
    return {one.urn: one for _, one, _ in taken(name)}


@pytest.mark.parametrize(("name", "rows"), REGISTERS.items())
def test_every_row_of_every_layout_is_taken(name: str, rows: int) -> None:
    assert len(taken(name)) == rows


@pytest.mark.parametrize("name", REGISTERS)
def test_our_synthetic_layouts_are_the_true_ones(name: str) -> None:
    with (FOLDER / name).open(encoding="cp1252", newline="") as file:
        heading = next(csv.reader(file))
    assert heading[: len(AGREED)] == AGREED
    assert heading.index("GSSLACode (name)") == GSS_AT[len(heading)]
    assert heading.index("Town") == TOWN_AT[len(heading)]
    assert heading.index("Postcode") == POSTCODE_AT[len(heading)]
    assert heading.index("PreviousLA (code)") == FORMER_AT[len(heading)]
    assert heading.index("PreviousEstablishmentNumber") == FORMER_AT[len(heading)] + 2


@pytest.mark.parametrize("name", ["columns_2025-04-22.txt", "columns_all_seen_2023_2025.txt"])
def test_the_listed_columns_agree_as_far_as_we_say_that_all_do(name: str) -> None:
    columns = (FOLDER / name).read_text().splitlines()
    assert columns[: len(AGREED)] == AGREED
    assert columns.index("GSSLACode (name)") == GSS_AT[len(columns)]


def test_what_is_read_is_what_stands_there() -> None:
    academy = by_urn("edubase_2025_layout.csv")["105135"]
    assert (academy.name, academy.type, academy.group) == ("St Paul's Academy", 28, 10)
    assert (academy.status, academy.kind) == (Status.OPEN, "school")
    assert (academy.low_age, academy.high_age) == (11, 16)
    assert academy.local_authority == "E09000011"
    closed = by_urn("edubase_example_schools.csv")["140134"]
    assert (closed.status, str(closed.closed)) == (Status.CLOSED, "2022-12-31")


def test_a_ragged_row_is_never_given_the_area_of_another_column() -> None:
    """Under the heading of 120 columns, row 124930 would be in Surrey Heath, a district."""
    ragged = by_urn("edubase_ragged_120_and_135.csv")
    whole = by_urn("edubase_2025_layout.csv")
    assert whole["124930"].local_authority == "E10000030"
    for urn, establishment in whole.items():
        assert ragged[urn].local_authority in (None, establishment.local_authority)
        assert ragged[urn].name == establishment.name
    notes = [line for line, _, note in taken("edubase_ragged_120_and_135.csv") if note]
    assert notes == list(range(11, 21))


def test_adults_colleges_are_nobody_to_tell_of_a_child() -> None:
    kinds = [one.kind for one in by_urn("edubase_2025_layout.csv").values()]
    assert kinds.count(None) == 7
    assert sorted(filter(None, kinds)) == ["college", "school", "school"]


def test_no_head_teacher_or_proprietor_is_in_what_was_read() -> None:
    for name in REGISTERS:
        assert not [one for one in taken(name) if "Headteacher" in repr(one)]


def test_every_type_of_establishment_is_in_scope_or_out_of_it_on_purpose() -> None:
    with (FOLDER / "establishment-types-2025-04-22.csv").open(encoding="utf-8-sig") as file:
        types = {
            int(line["type-of-establishment-code"]): int(line["establishment-type-group-code"])
            for line in csv.DictReader(file)
        }
    out = {code for code, group in types.items() if kind_of(code, group, 11, 16) is None}
    assert out == {24, 25, 26, 27, 29, 32, 37, 49, 56}
    colleges = {code for code, group in types.items() if kind_of(code, group, 16, 19) == "college"}
    assert colleges == {18, 31, 39, 45, 46, 57}


def test_the_links_are_read_with_their_accents_and_their_splits() -> None:
    links = open_links(FOLDER / "links_edubasealldata_sample_20250422.csv")
    assert (links.rows, links.refused) == (209, ())
    assert len(links.successors) == 155  # 123 told by their own side, the rest by the other
    assert sum(links.left_out.values()) == 31
    assert any(len(found) > 1 for found in links.successors.values())


@pytest.mark.parametrize("name", ["allgroupsdata_sample.csv", "alllinksdata_sample.csv"])
def test_the_registers_other_files_are_refused_by_their_headings(name: str) -> None:
    for opened in (open_establishments, open_links):
        with pytest.raises(UnreadableFile, match="first headings are not"):
            opened(FOLDER / name)


@pytest.mark.parametrize("name", REGISTERS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_real_file_that_is_cut_in_its_last_row_is_refused(
    name: str, share: float, tmp_path: Path
) -> None:
    data = (FOLDER / name).read_bytes().rstrip(b"\r\n")
    start, last_comma = data.rindex(b"\n") + 1, data.rindex(b",")
    path = tmp_path / name
    path.write_bytes(data[: start + int((last_comma - start) * share)])
    with pytest.raises(UnreadableFile, match=r"middle of a row|quotation marks"):
        open_establishments(path)


def test_numbers_places_and_groups_are_read_from_rows_that_are_whole() -> None:
    school = by_urn("edubase_2025_layout.csv")["132803"]
    assert (school.number, school.town, school.postcode) == (
        "8258290",
        "Great Missenden",
        "HP16 0BD",
    )
    assert by_urn("edubase_example_schools.csv")["138130"].groups == (5711,)
    assert by_urn("edubase_sample_2018.csv")["100171"].groups == (16268,)
    ragged = by_urn("edubase_ragged_120_and_135.csv")
    for urn, whole in by_urn("edubase_2025_layout.csv").items():
        assert ragged[urn].number == whole.number
        assert ragged[urn].town in ("", whole.town)
        assert ragged[urn].postcode in ("", whole.postcode)
