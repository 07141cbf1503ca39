"""Which pupils does a school's export name? SIMS, Arbor and Bromcom headings; the rest is not read.

Columns that are not needed (ethnicity, meals, special needs, attendance) end here: they are never
held in anything that this module answers, and a problem names a line and a column only.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from services.directory.domain.enrolling import UnknownStatus, read_status
from services.directory.domain.nhs import MalformedNhsNumber, read_nhs_number
from services.directory.domain.report import RowProblem, UnreadableFile
from services.directory.domain.upn import MalformedUpn, read_upn
from services.directory.pupils.given import Given

# The spellings of each heading without case, spaces and signs; legal names before preferred ones.
_SPELLINGS: Mapping[str, Sequence[str]] = {
    "given_name": (
        "legalforename legalfirstname forename firstname givenname preferredforename "
        "preferredfirstname"
    ).split(),
    "family_name": (
        "legalsurname legallastname surname lastname familyname preferredsurname preferredlastname"
    ).split(),
    "date_of_birth": "dateofbirth dob birthdate birthday".split(),
    "postcode": "postcode homepostcode addresspostcode postalcode".split(),
    "upn": "upn uniquepupilnumber".split(),
    "nhs_number": "nhsnumber nhsno nhs".split(),
    "preferred_given_name": (
        "preferredforename preferredfirstname preferredgivenname chosenname chosenforename "
        "chosenfirstname knownas"
    ).split(),
    "preferred_family_name": "preferredsurname preferredlastname preferredfamilyname".split(),
    "former_given_name": "formerforename formerfirstname formergivenname".split(),
    "former_family_name": "formersurname formerlastname formerfamilyname previoussurname".split(),
    "status": "enrolstatus enrolmentstatus enrollmentstatus".split(),
    "starts": "from startdate entrydate admissiondate dateofadmission dateofentry doa".split(),
    "until": "until leavingdate dateofleaving leavedate enddate dateleft dol".split(),
}
_NUMBERED = {"nhs_number", "date_of_birth"}
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y")


def read_pupils(
    data: bytes, chosen: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[Given], list[RowProblem]]:
    """The pupils and every bad row. Raises UnreadableFile when it is no such file at all.

    `chosen`: the heading under which a school keeps a fact, where that is not one of ours.
    """
    rows = _rows(data)
    heading = next(rows, None)
    if heading is None:
        raise UnreadableFile("the file is empty")
    columns = _columns(heading[1], chosen)
    pupils: list[Given] = []
    problems: list[RowProblem] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < len(heading[1]) or any(cells[len(heading[1]) :]):
            says = f"{len(cells)} cells under {len(heading[1])} headings"
            problems.append(RowProblem(line=line, says=says))
            continue
        given, wrong = _given(line, cells, columns)
        problems.extend(wrong)
        if not wrong:
            pupils.append(given)
    if not pupils and not problems:
        raise UnreadableFile("the file has headings and no rows")
    return pupils, problems


def _rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(data)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise UnreadableFile(f"the quotation marks do not match, from line {line}") from None


def _decoded(data: bytes) -> str:
    """UTF-16 by its mark, else UTF-8, else windows-1252: what spreadsheets in schools write."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("the file is in none of UTF-8, UTF-16 and windows-1252")


def columns_read(data: bytes, chosen: Mapping[str, str]) -> dict[str, str]:
    """Under which heading each fact is read. Other headings are not answered: where a file has
    none, its first line is a child's. Raises UnreadableFile."""
    heading = next(_rows(data), None)
    found = _columns(heading[1] if heading else [], chosen)
    return {fact: name for fact, (_, name) in found.items()}


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _columns(heading: Sequence[str], chosen: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    """Where each fact stands, and under which heading."""
    spelled = [_bare(name) for name in heading]
    found: dict[str, tuple[int, str]] = {}
    for fact, spellings in _SPELLINGS.items():
        mine = _bare(chosen.get(fact, ""))
        for spelling in [mine] if mine in spelled and mine else spellings:
            if spelled.count(spelling) > 1:
                raise UnreadableFile(f"two columns are headed {spelling}")
            if spelling in spelled:
                at = spelled.index(spelling)
                found[fact] = (at, heading[at].strip())
                break
    whole = {"given_name", "family_name", "date_of_birth", "postcode"} <= found.keys()
    if not whole and "upn" not in found and not found.keys() >= _NUMBERED:
        raise UnreadableFile(
            "needs a column UPN, or columns for forename, surname, date of birth and postcode"
        )
    return found


def _given(
    line: int, cells: Sequence[str], columns: Mapping[str, tuple[int, str]]
) -> tuple[Given, list[RowProblem]]:
    said = {fact: cells[at].strip() for fact, (at, _) in columns.items()}
    facts: dict[str, str | date | None] = {}
    wrong: list[RowProblem] = []
    for fact, text in said.items():
        try:
            facts[fact] = _read(fact, text)
        except (MalformedUpn, MalformedNhsNumber, UnknownStatus) as bad:
            wrong.append(RowProblem(line=line, column=columns[fact][1], says=str(bad)))
        except ValueError:
            says = "is not a date such as 31/08/2026"
            wrong.append(RowProblem(line=line, column=columns[fact][1], says=says))
    return Given(line=line, **({} if wrong else facts)), wrong  # type: ignore[arg-type]


def _read(fact: str, text: str) -> str | date | None:
    if fact == "upn":
        return read_upn(text)
    if fact == "nhs_number":
        return read_nhs_number(text)
    if fact == "status":
        return read_status(text)
    if fact in ("date_of_birth", "starts", "until"):
        return _day(text) if text else None
    return " ".join(text.split())


def _day(text: str) -> date:
    plain = re.sub(r"[ T]00:00(:00(\.0+)?)?$", "", text)
    for form in _DATES:
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a date, no time
        except ValueError:
            continue
    raise ValueError
