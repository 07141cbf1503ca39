"""Does a public text say what is private? Traces to compare, and what no public text may hold.

A trace is a run of words, letters and figures only, as it may stand in any text: `Ada Test` and
`ada.test@north.example` share one. What is private and what is public are cut alike and compared
by keyed hashes, so that no list of names is kept for it (ADR 0042).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST = 5  # words in a trace; what is longer is compared piece by piece
_FIGURES = 6  # of a telephone number: those that are left when no code is dialled

_APOSTROPHES = re.compile("['\u2018\u2019\u201b\u02bc\u02bb\u0060\u00b4]")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d(?:[^\w:]{0,3}\d)+")
_MAIL = re.compile(r"[^\s@]@[^\s@]|\(\s*at\s*\)|\[\s*at\s*\]", re.IGNORECASE)
_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?[^\w]{0,3}\d[a-z]{2}\b", re.IGNORECASE)
_DISTRICT = re.compile(r"\b[a-z]{1,2}\d{1,2}[a-z]?\b", re.IGNORECASE)
_DOOR = re.compile(
    r"\b\d+[a-z]?,?\s+(?:\w+[\s'-]){1,4}(?:street|st|road|rd|avenue|ave|lane|close|drive|way|court|"
    r"crescent|place|terrace|gardens|grove|square|hill|row|walk|mews)\b",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Rev|Revd)\b\.?\s+[^\W\d_a-z]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`at` points into the offer; `says` never repeats what stands there."""

    at: str
    says: str


def plain(text: str) -> str:
    """Without accents, widths, invisible signs or apostrophes, in lower case."""
    taken = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
    seen = (sign for sign in taken if unicodedata.category(sign) not in ("Mn", "Cf"))
    return _APOSTROPHES.sub("", unicodedata.normalize("NFKC", "".join(seen)).casefold())


def words(text: str) -> list[str]:
    return _WORD.findall(plain(text))


def traces(text: str) -> frozenset[str]:
    """Everything in a public text that could be something private."""
    said = words(text)
    runs = {
        " ".join(said[at : at + length])
        for length in range(1, LONGEST + 1)
        for at in range(len(said) - length + 1)
    }
    return frozenset(runs | set(_numbers(text)))


def of_phrase(text: str) -> frozenset[str]:
    """What gives away a name, an address or a mailbox; piece by piece when it is long."""
    said = words(text)
    if len(said) == 1 and len(said[0]) == 1:
        return frozenset()  # one letter is in every text and tells of nobody
    return _of_words(said)


def of_person(given: str, family: str) -> frozenset[str]:
    """Either order, run together as in a mailbox, and with the first of several given names."""
    first, last = words(given), words(family)
    if not first or not last:
        return of_phrase(f"{given} {family}")
    orders = (names for each in (first, first[:1]) for names in (each + last, last + each))
    return frozenset().union(*(_of_words(each) for each in orders)) | {first[0][0] + "".join(last)}


def _of_words(said: list[str]) -> frozenset[str]:
    if len(said) <= LONGEST:
        return frozenset({" ".join(said), "".join(said)} - {""})
    return frozenset(" ".join(said[at : at + LONGEST]) for at in range(len(said) - LONGEST + 1))


def of_number(phone: str) -> frozenset[str]:
    """By its last figures, which stay the same with and without a code."""
    figures = re.sub(r"\D", "", plain(phone))
    return frozenset({f"#{figures[-_FIGURES:]}"}) if len(figures) >= _FIGURES else frozenset()


def of_address(*lines: str) -> frozenset[str]:
    """Each line of it, and a street without the number of the house."""
    streets = (re.sub(r"^\W*(?:\d+\w?\W+)+", "", line) for line in lines)
    said = (*lines, *(street for street in streets if len(words(street)) > 1))
    return frozenset().union(*(of_phrase(each) for each in said))


def _numbers(text: str) -> Iterator[str]:
    for run in _runs(text):
        for at in range(len(run) - _FIGURES + 1):
            yield f"#{run[at : at + _FIGURES]}"


def _runs(text: str) -> Iterator[str]:
    for found in _NUMBER.findall(plain(text)):
        yield re.sub(r"\D", "", found)


def findings(
    texts: Iterable[tuple[str, str]], *, own_phone: str = "", confidential: bool = False
) -> tuple[Finding, ...]:
    """What stands in these free texts, by pointer, and has no business in any.

    `own_phone` is the number that the owner gives to everybody.
    """
    own = _national(re.sub(r"\D", "", plain(own_phone)))
    return tuple(
        Finding(at=at, says=says)
        for at, text in texts
        for says in _says(text, own, confidential=confidential)
    )


def _says(text: str, own: str, *, confidential: bool) -> Iterator[str]:
    told = plain(text)
    if _MAIL.search(told):
        yield "has an e-mail address: give the role's mailbox in contact"
    if any(_telephone(_national(run)) and _national(run) != own for run in _runs(text)):
        yield "has a telephone number that is not the one in contact"
    if _POSTCODE.search(told):
        yield "has a postcode: give it in location, unless it is confidential"
    if _TITLED.search(_APOSTROPHES.sub("", unicodedata.normalize("NFKC", text))):
        yield "reads as if it named a person: name the role instead"
    if confidential and (_DOOR.search(told) or _DISTRICT.search(told)):
        yield "reads as if it said where the service is, which is confidential"


def _telephone(run: str) -> bool:
    """National numbers begin with 0; 999, 111, 116 123 and 0800 1111 are for everybody."""
    return len(run) >= 10 or (len(run) == 9 and run.startswith("0"))


def _national(run: str) -> str:
    return re.sub(r"^(?:00)?440?(?=\d{9,10}$)", "0", run)
