"""Was everybody told in time this morning? The numbers in one sentence, and who must act now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from services.front.vocabulary import SHORT, TASKS, cause, word
from services.front.words import listed, near, number_of, until_due

Json = dict[str, Any]
NOWHERE = "(no establishment)"
LONGEST = 200
COLUMNS = (
    ("received", "Received"),
    ("told", "Told"),
    ("in_time", "Read in time"),
    ("late", "Late"),
    ("open", "Open"),
    ("held", "Held"),
    ("withheld", "Not to be told"),
    ("no_longer", "No longer needed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    called: str
    receipt: str
    audience: str
    due: str
    how_far: str
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    called: str
    owner: str
    due: str
    how_far: str
    overdue: bool
    why: str = ""
    passed_on: str = ""  # to whom, since its moment has gone by


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    called: str
    numbers: tuple[int, ...]


def promise(totals: Mapping[str, int]) -> str:
    """14 of 18 are told; 3 are still open and 1 is held. The parts add up to the whole."""
    promised = totals["received"] - totals["withheld"]
    if not promised:
        return "Nobody was to be told this morning."
    rest = [
        _are(totals["open"], "still open"),
        _are(totals["held"], "held for a person to decide"),
        _are(totals["no_longer"], "no longer needed"),
    ]
    told = f"{totals['told']:,} of {promised:,} {'is' if totals['told'] == 1 else 'are'} told"
    others = listed([part for part in rest if part])
    return f"{told}; {others}." if others else f"{told}."


def in_time(totals: Mapping[str, int]) -> str:
    """Of the 14 told, 11 were read in time, 1 was read late and 2 are not read yet. They add up."""
    in_time, opened = totals["in_time"], totals["opened"]
    read_late, waits = opened - in_time, totals["told"] - opened
    missed = totals["late"] - read_late
    parts = [
        f"{number_of(in_time, 'was', 'were')} read in time",
        f"{number_of(read_late, 'was', 'were')} read late" if read_late else "",
        _are(waits, "not read yet"),
    ]
    overdue = f", {missed:,} of them overdue" if missed > 0 and waits else ""
    return f"Of the {totals['told']:,} told, {listed([part for part in parts if part])}{overdue}."


def withheld(totals: Mapping[str, int]) -> str:
    """What is not in the promise, so that the two together are all that came in."""
    if not totals["withheld"]:
        return ""
    decided = number_of(totals["received"], "decision")
    return f"{decided} in all: in {totals['withheld']:,} of them nobody is to be told."


def _are(count: int, what: str) -> str:
    return f"{number_of(count, 'is', 'are')} {what}" if count else ""


def unexplained(totals: Mapping[str, int]) -> str:
    """A difference is shown and not computed away."""
    count = abs(totals["unexplained"])
    return f"{number_of(count, 'does', 'do')} not add up. Look for it now." if count else ""


def open_ones(found: Sequence[Json], names: Mapping[str, str], now: datetime) -> list[Open]:
    """Late ones first, then by their due moments."""
    ordered = sorted(found, key=lambda one: (not one["overdue"], one["due"], one["establishment"]))
    return [
        Open(
            called=names.get(one["establishment"], one["establishment"]),
            receipt=one["receipt"],
            audience=word(SHORT)(one["audience"]),
            due=near(one["due"], now),
            how_far=until_due(one["due"], now),
            overdue=one["overdue"],
        )
        for one in ordered
    ]


def tasks(found: Sequence[Json], names: Mapping[str, str], now: datetime) -> list[Task]:
    return [
        Task(
            called=word(TASKS)(one["kind"]),
            owner=names.get(one["owner"], one["owner"]),
            due=near(one["due"], now),
            how_far=until_due(one["due"], now),
            overdue=one["overdue"],
            why=cause(one.get("why")),
            passed_on=names.get(one.get("escalated_to") or "", one.get("escalated_to") or ""),
        )
        for one in sorted(found, key=lambda one: (not one["overdue"], one["due"]))
    ]


def lines(found: Sequence[Json], by: str, names: Mapping[str, str]) -> list[Line]:
    table = [
        Line(
            called="Nobody to tell, or not known yet"
            if one[by] == NOWHERE
            else names.get(one[by], one[by]),
            numbers=tuple(one[key] for key, _ in COLUMNS),
        )
        for one in found
    ]
    return sorted(table, key=lambda line: line.called)


def ids(board: Json) -> set[str]:
    """Every organisation that the board speaks of."""
    found = {one["establishment"] for one in board["by_establishment"] + board["open"]}
    found |= {one["force"] for one in board["by_force"]} | {one["owner"] for one in board["tasks"]}
    found |= {one.get("escalated_to") for one in board["tasks"]}
    return {one for one in found if one and one != NOWHERE}


def day_wanted(text: str, today: date) -> date:
    """What is no date shows today."""
    try:
        return date.fromisoformat(text) if text else today
    except ValueError:
        return today


def beside(day: date) -> tuple[date, date]:
    return day - timedelta(days=1), day + timedelta(days=1)
