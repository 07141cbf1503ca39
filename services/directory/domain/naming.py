"""What is meant by the name of an event in a school's calendar? None where nobody can be sure.

What is not understood is shown to a person, and is never taken for something else.
"""

import re
from typing import cast, get_args

from services.directory.domain.entries import Entry, EntryKind

CALLED: dict[str, str] = {
    "term": "Term",
    "half-term": "Half term",
    "inset": "INSET day",
    "closure": "Closed",
    "bank-holiday": "Bank holiday",
    "exam-leave": "Exam leave",
}
_NEITHER = re.compile(
    r"\b(club|trip|evening|meeting|fair|concert|assembly|photos?|performance|party|twilight"
    r"|deadline|applications?|offers?|lists?)\b"
)
# Which day of two it is, and what happens on it, is for the one who wrote it to say.
_EDGE = re.compile(
    r"\b(starts?|begins?|beginning|ends?|first day|last day|breaks? up|returns?|re-?opens?"
    r"|resumes?)\b"
)
_WORDS: tuple[tuple[EntryKind, re.Pattern[str]], ...] = (
    (
        "inset",
        re.compile(
            r"\binset\b|\b(staff|teacher) (training|development)\b|\btraining day|\bnon[- ]pupil"
            r"|\bprofessional development\b|\bpd day"
        ),
    ),
    ("exam-leave", re.compile(r"\b(exam|study) leave\b")),
    (
        "bank-holiday",
        re.compile(
            r"\b(bank|public) holiday\b|\bgood friday\b|\beaster monday\b|\bmay day\b"
            r"|\bchristmas day\b|\bboxing day\b|\bnew year.?s day\b"
        ),
    ),
    ("half-term", re.compile(r"\bhalf[- ]?terms?\b|\bholidays?\b|\bbreak\b|\bvacation\b")),
    ("closure", re.compile(r"\bclosed\b|\bclosure\b|\bsnow day\b|\bstrike\b")),
    ("term", re.compile(r"\bterm\b|\b(autumn|spring|summer) ?[12]\b")),
)
_SHORTEST_TERM = 5  # days; a term of a day or two is the first day of one, or its last


def kind_of(name: str, categories: tuple[str, ...] = ()) -> EntryKind | None:
    for category in categories:
        if category.casefold() in get_args(EntryKind):
            return cast(EntryKind, category.casefold())
    words = name.casefold()
    if _NEITHER.search(words) or _EDGE.search(words):
        return None
    return next((kind for kind, pattern in _WORDS if pattern.search(words)), None)


def named(name: str, kind: str) -> str:
    """What it is called where nobody called it anything is no name."""
    name = " ".join(name.split())[:100]
    return "" if name == CALLED[kind] else name


def why_not(entry: Entry) -> str:
    """Why it is no such thing after all; nothing where it may well be."""
    days = (entry.end - entry.start).days + 1
    if entry.kind == "term" and days < _SHORTEST_TERM:
        return "is too short to be a term"
    if entry.kind in ("inset", "bank-holiday") and days > _SHORTEST_TERM:
        return "is too long for what its name says"
    if days > 370:
        return "is longer than any school's year"
    return ""


NOT_UNDERSTOOD = "is not understood by its name: it says neither term, half term, INSET nor closed"
