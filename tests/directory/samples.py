"""Synthetic files in the true layouts of the schools register, and pupils that never lived."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

AGREED = (
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),"
    "TypeOfEstablishment (name),EstablishmentTypeGroup (code),EstablishmentTypeGroup (name),"
    "EstablishmentStatus (code),EstablishmentStatus (name),ReasonEstablishmentOpened (code),"
    "ReasonEstablishmentOpened (name),OpenDate,ReasonEstablishmentClosed (code),"
    "ReasonEstablishmentClosed (name),CloseDate,PhaseOfEducation (code),PhaseOfEducation (name),"
    "StatutoryLowAge,StatutoryHighAge,Boarders (code),Boarders (name),NurseryProvision (name),"
    "OfficialSixthForm (code),OfficialSixthForm (name),Gender (code),Gender (name),"
    "ReligiousCharacter (code),ReligiousCharacter (name),ReligiousEthos (name),Diocese (code),"
    "Diocese (name),AdmissionsPolicy (code),AdmissionsPolicy (name),SchoolCapacity,"
    "SpecialClasses (code),SpecialClasses (name),CensusDate,NumberOfPupils,NumberOfBoys,"
    "NumberOfGirls,PercentageFSM,TrustSchoolFlag (code),TrustSchoolFlag (name),Trusts (code),"
    "Trusts (name),SchoolSponsorFlag (name),SchoolSponsors (name),FederationFlag (name),"
    "Federations (code),Federations (name),UKPRN,FEHEIdentifier,FurtherEducationType (name)"
).split(",")
# Where each layout has the area's code, as counted in the register's own files of these years.
GSS_AT = {120: 101, 133: 112, 135: 109, 138: 112, 139: 112, 140: 112}
TOWN_AT = {120: 62, 133: 62, 135: 59, 138: 62, 139: 62, 140: 62}
POSTCODE_AT = {120: 64, 133: 64, 135: 61, 138: 64, 139: 64, 140: 64}
FORMER_AT = {120: 112, 133: 123, 135: 119, 138: 122, 139: 122, 140: 122}
HEAD_AT = 69  # the head teacher's name stands about here; it is never read

Cells = Mapping[str, str]

OPEN_SCHOOL: Cells = {
    "LA (code)": "999",
    "LA (name)": "Northshire",
    "EstablishmentNumber": "4001",
    "TypeOfEstablishment (code)": "01",
    "EstablishmentTypeGroup (code)": "4",
    "EstablishmentStatus (code)": "1",
    "StatutoryLowAge": "4",
    "StatutoryHighAge": "11",
    "PhaseOfEducation (code)": "0",
    "GSSLACode (name)": "E06000999",
}


def heading(width: int = 135) -> list[str]:
    """The 55 columns that all layouts share, then others, the area's in its place."""
    names = [*AGREED, *(f"Column {at}" for at in range(len(AGREED), width))]
    names[GSS_AT[width]] = "GSSLACode (name)"
    names[TOWN_AT[width]], names[POSTCODE_AT[width]] = "Town", "Postcode"
    names[FORMER_AT[width]] = "PreviousLA (code)"
    names[FORMER_AT[width] + 2] = "PreviousEstablishmentNumber"
    names[HEAD_AT] = "HeadLastName"
    return names


def row(urn: int | str, name: str = "Alder Primary", *, width: Any = 135, **said: Any) -> list[str]:
    """One establishment; keys of `said` are those of `short`."""
    short = {
        "TYPE": "TypeOfEstablishment (code)",
        "GROUP": "EstablishmentTypeGroup (code)",
        "STATUS": "EstablishmentStatus (code)",
        "OPEN": "OpenDate",
        "CLOSE": "CloseDate",
        "LOW": "StatutoryLowAge",
        "HIGH": "StatutoryHighAge",
        "GSS": "GSSLACode (name)",
        "LA": "LA (code)",
        "NUMBER": "EstablishmentNumber",
        "TRUST": "Trusts (code)",
        "FEDERATION": "Federations (code)",
        "TOWN": "Town",
        "POSTCODE": "Postcode",
        "FORMER_LA": "PreviousLA (code)",
        "FORMER": "PreviousEstablishmentNumber",
    }
    cells = {
        **OPEN_SCHOOL,
        "URN": str(urn),
        "EstablishmentName": name,
        "HeadLastName": "Headteacher-Test",
        **{short[key]: value for key, value in said.items()},
    }
    return [cells.get(column, "") for column in heading(width)]


def as_file(rows: Iterable[Sequence[str]]) -> bytes:
    """As the register writes it: windows-1252, CRLF."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("cp1252")


def register_file(*rows: Sequence[str], width: int = 135) -> bytes:
    return as_file([heading(width), *rows])


def links_file(*links: tuple[int, int, str]) -> bytes:
    names = ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"]
    return as_file(
        [names, *([str(a), str(b), "School Test", kind, "31-08-2025"] for a, b, kind in links)]
    )


GROUP_HEADING = (
    "Group UID,Group ID,Group Name,Companies House Number,Group Type (code),Group Type,"
    "Closed Date,Open date,Incorporated on (open date),Group Status (code),Group Status,"
    "Group Street,Group Locality,Group Address 3,Group Town,Group County,Group Postcode,"
    "Head of Group Title,Head of Group First Name,Head of Group Last Name,UKPRN"
).split(",")


def group(uid: int | str, name: str, **said: str) -> list[str]:
    """A trust or federation; keys of `said` are TYPE, STATUS, CLOSED, ID."""
    cells = {
        "Group UID": str(uid),
        "Group ID": said.get("ID", "TR00001"),
        "Group Name": name,
        "Group Type (code)": said.get("TYPE", "06"),
        "Group Status (code)": said.get("STATUS", "OPEN"),
        "Closed Date": said.get("CLOSED", ""),
        "Open date": "01/09/2020",
        "Head of Group Last Name": "Headteacher-Test",
    }
    return [cells.get(column, "") for column in GROUP_HEADING]


WELSH_HEADING = (
    "School Number,School Name,LA Code,Local Authority,Sector,Governance - see notes,"
    "School Language Category - see notes,School Type,Religious Character - see notes,"
    "Address 1,Address 2,Address 3,Address 4,Postcode,Phone Number,Pupils - see notes"
).split(",")


def welsh(number: int | str, name: str, **said: str) -> list[str]:
    """A school of Wales; keys of `said` are SECTOR, LANGUAGE, TYPE, TOWN."""
    cells = {
        "School Number": str(number),
        "School Name": name,
        "LA Code": str(number)[:3],
        "Local Authority": "Sir Test",
        "Sector": said.get("SECTOR", "Primary"),
        "School Language Category - see notes": said.get("LANGUAGE", ""),
        "School Type": said.get("TYPE", ""),
        "Address 1": "Heol Test",
        "Address 2": said.get("TOWN", "Trefprawf"),
        "Postcode": "ZZ99 4CZ",
    }
    return [cells.get(column, "") for column in WELSH_HEADING]


def spreadsheet(**sheets: Iterable[Sequence[str]]) -> bytes:
    """An OpenDocument spreadsheet with these sheets, empty cells written as their number."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    names = (
        f'xmlns:o="{office}:office:1.0" xmlns:t="{office}:table:1.0" xmlns:x="{office}:text:1.0"'
    )
    tables = "".join(
        f'<t:table t:name="{name}">{"".join(_row(row) for row in rows)}</t:table>'
        for name, rows in sheets.items()
    )
    content = (
        f"<o:document-content {names}><o:body><o:spreadsheet>{tables}"
        "</o:spreadsheet></o:body></o:document-content>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", content)
    return packed.getvalue()


def _row(row: Sequence[str]) -> str:
    cells = "".join(
        f"<t:table-cell><x:p>{escape(cell)}</x:p></t:table-cell>"
        if cell
        else '<t:table-cell t:number-columns-repeated="1"/>'
        for cell in row
    )
    filled_up = '<t:table-cell t:number-columns-repeated="16300"/>'
    return f"<t:table-row>{cells}{filled_up}</t:table-row>"
