"""What does a school's export name? Seven facts, whatever the system; nothing else gets in."""

import pytest

from services.directory.domain.report import RowProblem, UnreadableFile
from services.directory.pupils.csv_file import read_pupils
from services.directory.pupils.given import Given

CAT = ("Cat", "Test", "2018-05-01", "ZZ99 3CZ", "W999400018001")


def read(text: str, encoding: str = "utf-8") -> tuple[list[Given], list[RowProblem]]:
    return read_pupils(text.encode(encoding))


def facts(given: Given) -> tuple[str, str, str, str, str | None]:
    born = str(given.date_of_birth)
    return (given.given_name, given.family_name, born, given.postcode, given.upn)


@pytest.mark.parametrize(
    "text",
    [
        "UPN,Forename,Surname,DOB,Postcode\nW999400018001,Cat,Test,01/05/2018,ZZ99 3CZ\n",
        "First name,Last name,UPN,Date of birth,Post code\n"
        "Cat,Test,W999400018001,01-05-2018,ZZ99 3CZ\n",
        "FirstName;LastName;UPN;DateOfBirth;HomePostcode\n"
        "Cat;Test;W999400018001;2018-05-01;ZZ99 3CZ\n",
        "Legal Forename\tPreferred Forename\tLegal Surname\tDate of Birth\tPostcode\tUPN\n"
        "Cat\tKitty\tTest\t1 May 2018\tZZ99 3CZ\tw999400018001\n",
        "given_name,family_name,date_of_birth,postcode,upn\r\n"
        "Cat,Test,2018-05-01 00:00:00,ZZ99 3CZ,W999400018001\r\n",
    ],
)
def test_the_headings_of_every_system_are_understood(text: str) -> None:
    (cat,), problems = read(text)
    assert facts(cat) == CAT
    assert problems == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_of_every_system_are_understood(encoding: str) -> None:
    text = "Forename,Surname,DOB,Postcode\nZoë,O’Test,01/05/2018,ZZ99 3CZ\n"
    (zoe,), _ = read(text, encoding)
    assert (zoe.given_name, zoe.family_name) == ("Zoë", "O’Test")


def test_columns_that_are_not_needed_are_never_held() -> None:
    text = (
        "UPN,Forename,Surname,DOB,Postcode,Ethnicity,FSM,SEN,Attendance,Medical,Phone\n"
        "W999400018001,Cat,Test,01/05/2018,ZZ99 3CZ,E-SECRET,F-SECRET,S-SECRET,9-SECRET,M-SECRET,"
        "01632 960001\n"
    )
    (cat,), _ = read(text)
    held = {name: getattr(cat, name) for name in Given.__slots__}
    assert "SECRET" not in str(held)
    assert "01632" not in str(held)
    assert "SECRET" not in str(cat.pupil(bytes(32)).details)
    assert set(cat.pupil(bytes(32)).details) == {
        "given_name",
        "family_name",
        "date_of_birth",
        "postcode",
        "upn",
    }


def test_every_bad_row_is_listed_by_line_and_column_and_says_nothing_of_the_pupil() -> None:
    text = (
        "UPN,Forename,Surname,DOB,Postcode,From\n"
        "W999400018002,Cat,Secretname,01/05/2018,ZZ99 3CZ,\n"
        ",Dan,Secretname,31/02/2018,ZZ99 3CZ,soon\n"
        "\n"
        ",Eve,Secretname,01/05/2018\n"
        ",Fay,Test,01/05/2018,ZZ99 3CZ,01/09/2022\n"
    )
    pupils, problems = read(text)
    assert [given.line for given in pupils] == [6]
    assert [(problem.line, problem.column) for problem in problems] == [
        (2, "UPN"),
        (3, "DOB"),
        (3, "From"),
        (5, ""),
    ]
    said = " ".join(map(str, problems))
    for secret in ("Secretname", "W999400018002", "31/02/2018", "soon", "ZZ99"):
        assert secret not in said


def test_no_number_known_is_no_problem() -> None:
    text = "UPN,Forename,Surname,DOB,Postcode\nUN3,Cat,Test,01/05/2018,ZZ99 3CZ\n"
    (cat,), problems = read(text)
    assert (cat.upn, problems) == (None, [])


def test_a_name_in_quotation_marks_may_hold_anything() -> None:
    text = 'Forename,Surname,DOB,Postcode\n"Cat, ""Kit""\nAnn",Te-st\\x,01/05/2018,ZZ99 3CZ\n'
    (cat,), _ = read(text)
    assert (cat.given_name, cat.family_name) == ('Cat, "Kit" Ann', "Te-st\\x")


def test_numbers_alone_are_enough() -> None:
    (cat,), problems = read("upn\nW999400018001\n")
    assert (cat.upn, problems) == ("W999400018001", [])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("UPN,Forename\n", "no rows"),
        ("Forename,Surname,DOB\nCat,Test,01/05/2018\n", "needs a column"),
        ("Name,Form\nCat Test,3B\n", "needs a column"),
        ("UPN,upn\nW999400018001,W999400018001\n", "two columns are headed upn"),
        ('UPN\n"W9994', "quotation marks"),
    ],
)
def test_a_file_that_is_no_register_is_refused_in_one_line(text: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as refused:
        read(text)
    assert "W9994" not in str(refused.value)
