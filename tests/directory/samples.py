"""Synthetic files in the true layouts of the schools register, and pupils that never lived."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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
    names[HEAD_AT] = "HeadLastName"
    return names


def row(urn: int | str, name: str = "Alder Primary", *, width: Any = 135, **said: Any) -> list[str]:
    """One establishment; keys of `said` are TYPE, GROUP, STATUS, OPEN, CLOSE, LOW, HIGH, GSS."""
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
