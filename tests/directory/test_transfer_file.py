"""Which pupils does a Common Transfer File name? A few facts of each, and nothing of the rest."""

from datetime import date

import pytest

from services.directory.domain.report import UnreadableFile
from services.directory.pupils import ctf_file
from services.directory.pupils.ctf_file import read_transfer_file
from services.directory.pupils.given import Given

HEADER = """<Header><DocumentName>Common Transfer File</DocumentName><CTFversion>25.0</CTFversion>
<SourceSchool><LEA>999</LEA><Estab>4001</Estab><SchoolName>Alder</SchoolName><URN>900001</URN>
</SourceSchool></Header>"""
CAT = """<Pupil><UPN>W999400018001</UPN><Surname>O’Test</Surname><Forename>Siân</Forename>
<DOB>2018-02-28</DOB><Sex>F</Sex>
<BasicDetails><PreferredForename>Shan</PreferredForename><PreferredSurname>Test</PreferredSurname>
<FormerSurname>Former-Test</FormerSurname><EnrolStatus>C</EnrolStatus></BasicDetails>
<Address><BS7666Address><PAON>1</PAON></BS7666Address><PostCode>ZZ99 3CZ</PostCode></Address>
<SchoolHistory>
<School><LEA>999</LEA><Estab>4002</Estab><EntryDate>2021-09-01</EntryDate>
<LeavingDate>2022-07-20</LeavingDate></School>
<School><LEA>999</LEA><Estab>4001</Estab><EntryDate>2022-09-01</EntryDate></School>
</SchoolHistory></Pupil>"""
UNNEEDED = """<Pupil><UPN>W999400018001</UPN><Surname>Test</Surname><Forename>Cat</Forename>
<DOB>2018-02-28</DOB>
<BasicDetails><Ethnicity>SECRET-E</Ethnicity><EnrolStatus>C</EnrolStatus>
<Languages><Type>SECRET-L</Type></Languages><MedicalFlag>SECRET-F</MedicalFlag></BasicDetails>
<Address><PostCode>ZZ99 3CZ</PostCode><Street>SECRET-A</Street></Address>
<Phones><Phone><PhoneNo>SECRET-P</PhoneNo></Phone></Phones><Email>SECRET-M</Email>
<LookedAfter><CareAuthority>SECRET-C</CareAuthority></LookedAfter>
<SENhistory><SEN><SENprovision>SECRET-S</SENprovision></SEN></SENhistory>
<FSMhistory><FSM><FSMstartDate>SECRET-D</FSMstartDate></FSM></FSMhistory>
<Medical><MedicalNote>SECRET-N</MedicalNote></Medical>
<Attendance><Year>SECRET-Y</Year></Attendance>
<StageAssessments><Stage><Result>SECRET-R</Result></Stage></StageAssessments>
<Contacts><Contact><Surname>SECRET-K</Surname><Forename>SECRET-O</Forename>
<Address><PostCode>SECRET-Q</PostCode></Address></Contact></Contacts></Pupil>"""


def file(*pupils: str, header: str = HEADER) -> str:
    body = "\n".join(pupils)
    return f"<CTfile>\n{header}\n<CTFpupilData>\n{body}\n</CTFpupilData></CTfile>"


def held(given: Given) -> dict[str, object]:
    return {name: getattr(given, name) for name in Given.__slots__}


def test_what_finding_a_school_needs_is_read() -> None:
    (cat,), problems = read_transfer_file(file(CAT).encode(), "900001")
    assert problems == []
    assert held(cat) == {
        "line": 6,
        "given_name": "Siân",
        "family_name": "O’Test",
        "date_of_birth": date(2018, 2, 28),
        "postcode": "ZZ99 3CZ",
        "upn": "W999400018001",
        "starts": date(2022, 9, 1),
        "until": None,
        "nhs_number": None,
        "preferred_given_name": "Shan",
        "preferred_family_name": "Test",
        "former_given_name": "",
        "former_family_name": "Former-Test",
        "status": "C",
    }


def test_what_is_not_needed_is_not_even_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    take = ctf_file._Reading._take

    def taking(self: ctf_file._Reading, text: str) -> None:
        seen.append(text)
        take(self, text)

    monkeypatch.setattr(ctf_file._Reading, "_take", taking)
    (cat,), _ = read_transfer_file(file(UNNEEDED).encode())
    assert "ZZ99 3CZ" in seen  # the parser was watched
    assert "SECRET" not in f"{seen} {held(cat)} {cat.pupil(bytes(32)).details}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_encodings_of_every_system_are_understood(encoding: str) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    text = f'<?xml version="1.0" encoding="{declared}"?>\n' + file(CAT).replace("’", "'")
    (cat,), _ = read_transfer_file(text.encode(encoding))
    assert cat.given_name == "Siân"


def test_a_bad_pupil_is_told_by_line_and_fact_and_nothing_of_the_child() -> None:
    bad = (
        CAT.replace("W999400018001", "W999400018002")
        .replace("2018-02-28", "2018-02-30")
        .replace(">C<", ">X<")
    )
    pupils, problems = read_transfer_file(file(CAT, bad).encode())
    assert len(pupils) == 1
    assert [(one.line, one.column) for one in problems] == [
        (16, "upn"),
        (16, "date_of_birth"),
        (16, "status"),
    ]
    said = " ".join(map(str, problems))
    for secret in ("Test", "Siân", "W999400018002", "2018-02-30", "ZZ99"):
        assert secret not in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (file(CAT)[:-40], "not whole"),
        ("not xml at all", "not XML"),
        ("<Other><CTFpupilData/></Other>", "not a Common Transfer File"),
        (file(), "names no pupil"),
        ('<!DOCTYPE CTfile [<!ENTITY a "b">]>' + file(CAT), "document type"),
        (
            '<!DOCTYPE CTfile SYSTEM "file:///etc/hostname">' + file(CAT),
            "document type",
        ),
        ('<?xml version="1.0" encoding="no-such"?>' + file(CAT), "not XML|encoding"),
    ],
)
def test_what_is_no_whole_transfer_file_is_refused(text: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as refused:
        read_transfer_file(text.encode())
    assert "Test" not in str(refused.value)


def test_the_file_of_another_school_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="another school"):
        read_transfer_file(file(CAT).encode(), "900002")
    no_urn = HEADER.replace("<URN>900001</URN>", "")
    pupils, _ = read_transfer_file(file(CAT, header=no_urn).encode(), "900002")
    assert len(pupils) == 1
