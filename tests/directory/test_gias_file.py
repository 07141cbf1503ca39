"""What does a register's file say? Every layout by heading; a wrong file is refused whole."""

from pathlib import Path

import pytest

from services.directory.domain.establishments import Establishment, Status
from services.directory.domain.report import RowProblem, UnreadableFile
from services.directory.gias.establishments_file import open_establishments
from services.directory.gias.links_file import open_links
from tests.directory.samples import GSS_AT, as_file, heading, links_file, register_file, row


def read(tmp_path: Path, data: bytes) -> tuple[list[Establishment], list[RowProblem], list[str]]:
    path = tmp_path / "edubasealldata20260213.csv"
    path.write_bytes(data)
    each = list(open_establishments(path))
    refused = [one for one in each if isinstance(one, RowProblem)]
    taken = [one for one in each if not isinstance(one, RowProblem)]
    return [one[1] for one in taken], refused, [one[2] for one in taken if one[2]]


def why(tmp_path: Path, data: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(tmp_path, data)
    return str(refused.value)


@pytest.mark.parametrize("width", sorted(GSS_AT))
def test_every_layout_is_read_by_its_headings(tmp_path: Path, width: int) -> None:
    data = register_file(row(900001, LOW="3", TYPE="02", width=width), width=width)
    (school,), refused, notes = read(tmp_path, data)
    assert (school.urn, school.type, school.low_age) == ("900001", 2, 3)
    assert (school.local_authority, school.status) == ("E06000999", Status.OPEN)
    assert (refused, notes) == ([], [])


def test_the_encoding_is_the_registers_own(tmp_path: Path) -> None:
    (school,), _, _ = read(tmp_path, register_file(row(900001, "St Thomas à Test’s  School")))
    assert school.name == "St Thomas à Test’s School"


def test_a_file_saved_again_as_utf_8_is_read_as_such(tmp_path: Path) -> None:
    data = register_file(row(900001, "Ysgol Tŷ-Test".replace("ŷ", "â"))).decode("cp1252")
    for encoding in ("utf-8", "utf-8-sig"):
        (school,), _, _ = read(tmp_path, data.encode(encoding))
        assert school.name == "Ysgol Tâ-Test"


def test_dates_and_codes_are_read_as_what_they_are(tmp_path: Path) -> None:
    data = register_file(
        row(900001, STATUS="2", OPEN="01-09-1999", CLOSE="31-08-2025", GROUP="04"),
        row("0900002", STATUS="04", OPEN="01-09-2026", LOW="", HIGH="", GSS=""),
    )
    (closed, proposed), _, _ = read(tmp_path, data)
    assert str(closed.closed) == "2025-08-31"
    assert (closed.status, closed.group) == (Status.CLOSED, 4)
    assert (proposed.urn, proposed.status) == ("900002", Status.PROPOSED)
    assert (proposed.low_age, str(proposed.opened)) == (None, "2026-09-01")


def test_a_row_of_another_layout_is_read_only_where_all_layouts_agree(tmp_path: Path) -> None:
    """By the heading of 120 the area of a row of 135 would be somewhere else in the country."""
    wide = row(900002, "Birch Academy", width=135, GSS="E10000999", LA="998")
    same_area = row(900003, "Cedar School", width=135)
    data = as_file([heading(120), row(900001, width=120), wide, same_area])
    (_, birch, cedar), refused, notes = read(tmp_path, data)
    assert (birch.name, birch.local_authority) == ("Birch Academy", None)
    assert cedar.local_authority == "E06000999"  # by the authority's number, from the whole row
    assert refused == []
    assert notes == ["135 cells under 120 headings: read only as far as all layouts agree"] * 2


def test_a_row_with_a_cell_too_many_is_refused_with_its_line(tmp_path: Path) -> None:
    bad = row(900002)
    bad.insert(4, "School, that was split at its comma")
    school, refused, _ = read(tmp_path, register_file(row(900001), bad, row(900003)))
    assert [each.urn for each in school] == ["900001", "900003"]
    assert [(each.line, each.column) for each in refused] == [(3, "EstablishmentStatus (code)")]


@pytest.mark.parametrize("cells", [134, 137, 40])
def test_a_row_of_no_known_width_is_refused_with_its_line(tmp_path: Path, cells: int) -> None:
    bad = [*row(900002), "x", "y"][:cells]
    _, refused, _ = read(tmp_path, register_file(row(900001), bad, row(900003)))
    assert refused == [RowProblem(line=3, says=f"{cells} cells under 135 headings")]


def test_empty_cells_at_the_end_of_a_row_do_no_harm(tmp_path: Path) -> None:
    data = register_file([*row(900001), "", ""], row(900002))
    (school, _), refused, notes = read(tmp_path, data)
    assert (school.local_authority, refused, len(notes)) == ("E06000999", [], 1)


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ({"TYPE": "Community school"}, "TypeOfEstablishment (code)"),
        ({"STATUS": "9"}, "EstablishmentStatus (code)"),
        ({"STATUS": ""}, "EstablishmentStatus (code)"),
        ({"CLOSE": "2025-08-31"}, "CloseDate"),
        ({"OPEN": "31-02-2025"}, "OpenDate"),
        ({"LOW": "four"}, "StatutoryLowAge"),
    ],
)
def test_a_cell_that_cannot_be_read_refuses_its_row_and_names_the_column(
    tmp_path: Path, said: dict[str, str], column: str
) -> None:
    _, refused, _ = read(tmp_path, register_file(row(900001), row(900002, **said)))
    assert [(each.line, each.column) for each in refused] == [(3, column)]
    assert next(iter(said.values())) == "" or next(iter(said.values())) not in refused[0].says


def test_the_head_teacher_is_never_read(tmp_path: Path) -> None:
    data = register_file(row(900001), row(900002, STATUS="x"))
    assert b"Headteacher-Test" in data
    assert "Headteacher-Test" not in repr(read(tmp_path, data))


def test_a_line_number_counts_lines_inside_quotation_marks(tmp_path: Path) -> None:
    data = register_file(row(900001, "Alder\r\nPrimary"), row(900002, STATUS="x"))
    (school,), refused, _ = read(tmp_path, data)
    assert school.name == "Alder Primary"
    assert refused[0].line == 4


GOOD = register_file(row(900001), row(900002), row(900003))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\r\n", "empty"),
        (as_file([heading()]), "no rows"),
        (as_file([["URN", "Name"], ["1", "2"]]), "first headings are not"),
        (as_file([heading()[1:], row(900001)[1:]]), "first headings are not"),
        (as_file([heading(), ["", *row(900001)[:-1]]]), "does not start with a number"),
        (GOOD[:-150], "middle of a row, on line 4"),
        (GOOD[: -len(as_file([row(900003)])) + 12], "middle of a row, on line 4"),
        (register_file(row(900001, 'Quoted "name')).replace(b'"', b"", 1)[:-80], ""),
        (as_file([[*heading()[:-1], "URN"], row(900001)]), "the same heading"),
        (GOOD.replace(b"OpenDate", b"Opened on"), "no column OpenDate"),
        (GOOD.decode("cp1252").encode("utf-16"), "first headings are not"),
        (b"\x81\x8d\x8f,\r\n", "neither in windows-1252 nor"),
        (GOOD[: GOOD.rindex(b"900003")] + b'900003,"cut inside', "quotation marks"),
    ],
)
def test_a_file_that_is_cut_or_shifted_is_refused_whole_in_one_line(
    tmp_path: Path, data: bytes, says: str
) -> None:
    line = why(tmp_path, data)
    assert says in line
    assert "\n" not in line


def test_a_file_that_is_not_there_is_one_line_too(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        open_establishments(tmp_path / "nothing.csv")
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        open_establishments(tmp_path)


def test_links_are_successors_of_every_kind_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_bytes(
        links_file(
            (1, 2, "Successor"),
            (3, 2, "Successor - merged"),
            (4, 5, "Successor - Split School"),
            (4, 6, "Successor - Split School"),
            (2, 1, "Predecessor"),
            (7, 8, "Sixth Form Centre Link"),
        )
    )
    links = open_links(path)
    assert links.rows == 6
    assert links.successors == {
        "1": frozenset({"2"}),
        "3": frozenset({"2"}),
        "4": frozenset({"5", "6"}),
    }
    assert links.lines["4"] == 4


def test_a_register_is_not_a_links_file(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(GOOD)
    with pytest.raises(UnreadableFile):
        open_links(path)
