"""Which pupils does a Common Transfer File name? Read element by element, for the few we need.

Ethnicity, special needs, meals, health, looked-after, attendance and assessments stand in such a
file too: the text of an element that is not named here is never put together (data minimisation,
UK GDPR Art. 5(1)(c)). A document type, and with it every entity, is refused.
"""

import io
from collections.abc import Mapping
from datetime import date
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, InputSource, Locator

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from services.directory.domain.enrolling import UnknownStatus, read_status
from services.directory.domain.nhs import MalformedNhsNumber, read_nhs_number
from services.directory.domain.report import RowProblem, UnreadableFile
from services.directory.domain.upn import MalformedUpn, read_upn
from services.directory.pupils.given import Given

_ROOT = "CTfile"
_PUPIL = (_ROOT, "CTFpupilData", "Pupil")
_HEADER = (_ROOT, "Header", "SourceSchool")
_STAY = (*_PUPIL, "SchoolHistory", "School")
_FACTS: Mapping[tuple[str, ...], str] = {
    (*_PUPIL, "UPN"): "upn",
    (*_PUPIL, "Surname"): "family_name",
    (*_PUPIL, "Forename"): "given_name",
    (*_PUPIL, "DOB"): "date_of_birth",
    (*_PUPIL, "BasicDetails", "PreferredSurname"): "preferred_family_name",
    (*_PUPIL, "BasicDetails", "PreferredForename"): "preferred_given_name",
    (*_PUPIL, "BasicDetails", "FormerSurname"): "former_family_name",
    (*_PUPIL, "BasicDetails", "FormerForename"): "former_given_name",
    (*_PUPIL, "BasicDetails", "EnrolStatus"): "status",
    (*_PUPIL, "BasicDetails", "NHSNumber"): "nhs_number",
    (*_PUPIL, "Address", "PostCode"): "postcode",
    (*_PUPIL, "Address", "BS7666Address", "PostCode"): "postcode",
}
_SCHOOL = ("LEA", "Estab", "URN")
_DAYS = {"EntryDate": "starts", "LeavingDate": "until"}


def read_transfer_file(data: bytes, urn: str | None = None) -> tuple[list[Given], list[RowProblem]]:
    """The pupils and every bad one. `urn` is of the school whose register it is to be.

    Raises UnreadableFile when it is no such file, is broken off, or is another school's.
    """
    reading = _Reading()
    parser = defusedxml.sax.make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(reading)
    source = InputSource()
    source.setByteStream(io.BytesIO(data))
    try:
        parser.parse(source)
    except DefusedXmlException:
        raise UnreadableFile("the file has a document type, which no transfer file has") from None
    except SAXException:
        says = f"the file is not whole, or is not XML, from line {reading.line}"
        raise UnreadableFile(says) from None
    except (LookupError, UnicodeError, ValueError):
        raise UnreadableFile("the file is in an encoding that cannot be read") from None
    if not reading.is_transfer_file:
        raise UnreadableFile("the file is not a Common Transfer File")
    theirs = reading.school.get("URN")
    if urn is not None and theirs and theirs != urn:
        raise UnreadableFile("the file was made by another school")
    if not reading.pupils and not reading.problems:
        raise UnreadableFile("the file names no pupil")
    return reading.pupils, reading.problems


class _Reading(ContentHandler):
    """Keeps the text of an element only while it is one of those that are needed."""

    def __init__(self) -> None:
        super().__init__()
        self.pupils: list[Given] = []
        self.problems: list[RowProblem] = []
        self.school: dict[str, str] = {}
        self.is_transfer_file = False
        self._path: tuple[str, ...] = ()
        self._text: list[str] | None = None
        self._said: dict[str, str] = {}
        self._stay: dict[str, str] = {}
        self._begins = 0
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - the parser's own name
        self._locator = locator

    @property
    def line(self) -> int:
        return (self._locator.getLineNumber() or 0) if self._locator else 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        self._path = (*self._path, name)
        self.is_transfer_file = self.is_transfer_file or self._path == (_ROOT, "CTFpupilData")
        if self._path == _PUPIL:
            self._said, self._begins = {}, self.line
        if self._path == _STAY:
            self._stay = {}
        self._text = [] if self._is_needed() else None

    def characters(self, content: str) -> None:
        if self._text is not None:
            self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        if self._text is not None:
            self._take("".join(self._text).strip())
        self._text = None
        if self._path == _STAY:
            self._stayed()
        if self._path == _PUPIL:
            self._pupil()
        self._path = self._path[:-1]

    def _is_needed(self) -> bool:
        above, name = self._path[:-1], self._path[-1]
        of_school = above in (_HEADER, _STAY) and name in _SCHOOL
        return self._path in _FACTS or of_school or (above == _STAY and name in _DAYS)

    def _take(self, text: str) -> None:
        above, name = self._path[:-1], self._path[-1]
        if above == _HEADER:
            self.school[name] = text
        elif above == _STAY:
            self._stay[name] = text
        elif text:
            self._said[_FACTS[self._path]] = text

    def _stayed(self) -> None:
        """Of the schools of a child, the one that made the file says when the child came."""
        here = all(self._stay.get(name) == self.school.get(name) for name in ("LEA", "Estab"))
        if here and self._stay.get("Estab"):
            for name, fact in _DAYS.items():
                if self._stay.get(name):
                    self._said[fact] = self._stay[name]

    def _pupil(self) -> None:
        facts: dict[str, str | date | None] = {}
        wrong: list[RowProblem] = []
        for fact, text in self._said.items():
            try:
                facts[fact] = _read(fact, text)
            except (MalformedUpn, MalformedNhsNumber, UnknownStatus) as bad:
                wrong.append(RowProblem(line=self._begins, column=fact, says=str(bad)))
            except ValueError:
                says = "is not a date such as 2026-08-31"
                wrong.append(RowProblem(line=self._begins, column=fact, says=says))
        self._said = {}
        self.problems.extend(wrong)
        if not wrong:
            self.pupils.append(Given(line=self._begins, **facts))  # type: ignore[arg-type]


def _read(fact: str, text: str) -> str | date | None:
    match fact:
        case "upn":
            return read_upn(text)
        case "nhs_number":
            return read_nhs_number(text)
        case "status":
            return read_status(text)
        case "date_of_birth" | "starts" | "until":
            return date.fromisoformat(text)
        case _:
            return " ".join(text.split())
