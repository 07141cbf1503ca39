"""Whose word is it, and could they give it freely? Judged for each decision.

Gillick is no fixed age; that 16 and 17-year-olds normally decide for themselves is to be confirmed
by the area. Where a label and an age contradict each other, a person looks.
"""

from typing import Literal

from contracts.events.consent import ConsentGiven, ConsentRefused, ConsentWithdrawn

Told = ConsentGiven | ConsentRefused | ConsentWithdrawn
Whose = Literal["own", "doubtful", "another"]
_DECIDES, _GROWN = 16, 18


def whose_word(told: Told, age: int | None) -> Whose:
    """`age` in whole years on the day on which it was said; None where nobody knows."""
    if told.signed_by == "other-adult":
        return "another"
    if told.signed_by == "representative" or told.capacity in ("lacks", "in-doubt"):
        return "doubtful"
    if told.signed_by == "parent" or told.competence == "parent":
        return _parents_word(told, age)
    if told.competence == "adult" and age is not None and age < _DECIDES:
        return "doubtful"
    return "own"


def _parents_word(told: Told, age: int | None) -> Whose:
    """For a younger child it stands. An adult labelled `parent` is the parent who speaks."""
    if age is not None and age < _DECIDES:
        return "own"
    if age is None or age >= _GROWN:
        return "another" if told.signed_by == "parent" else "own"
    return "another" if isinstance(told, ConsentRefused) else "doubtful"


# Whose presence takes nothing from a free answer. Everybody else's is for a person to judge.
_HARMLESS = frozenset(
    {
        "nobody",
        "no one",
        "none",
        "alone",
        "interpreter",
        "advocate",
        "solicitor",
        "keyworker",
        "key worker",
        "worker",
        "social worker",
        "nurse",
        "doctor",
    }
)


def is_presence_doubtful(in_presence_of: str | None) -> bool:
    return (
        in_presence_of is not None and " ".join(in_presence_of.casefold().split()) not in _HARMLESS
    )
