"""Why was each of them told, and why not the others? The story of one event, in sentences."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.front import labels
from services.front.agreements import Ground
from services.front.happenings import Happening, happening, newest_first
from services.front.vocabulary import AUDIENCES, EVENTS, TASKS, UNPLACED, cause, word
from services.front.words import day_and_time, listed, near, number_of, until_due

Json = dict[str, Any]
TOLD, TO_BE_TOLD, NOT_TOLD, WAITING = "Told", "Will be told", "Not told", "Waiting for a person"
NO_LONGER = "Told no longer"
COLOURS = {
    TOLD: "green",
    TO_BE_TOLD: "blue",
    NOT_TOLD: "grey",
    WAITING: "yellow",
    NO_LONGER: "grey",
}
_ORDER = (WAITING, TOLD, TO_BE_TOLD, NOT_TOLD, NO_LONGER)
_SAW = ("announced", "opened", "acknowledged")
_OVER = ("withdrawn", "superseded", "cancelled", "not-ours")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    called: str
    due: str
    overdue: bool
    happenings: list[Happening]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """What one decision came to: one audience and one person whom it is about."""

    audience: str
    about: str
    outcome: str
    because: list[Json]
    ground: Ground | None
    shows: list[str]
    rests_on_consent: bool
    decided_at: str
    unplaced: str = ""
    recipients: list[Recipient] = field(default_factory=list)

    @property
    def colour(self) -> str:
        return COLOURS[self.outcome]


def heading(event: Json) -> str:
    return f"{word(EVENTS)(event['type'])}, received {day_and_time(event['received_at'])}"


def outcome(decision: Json) -> str:
    if decision["outcome"] == "withheld":
        return NOT_TOLD
    if decision["outcome"] == "held" or decision["unplaced"]:
        return WAITING
    states = [one["state"] for one in decision["notifications"]]
    if any(state in _SAW for state in states):
        return TOLD
    if states and all(state in _OVER for state in states):
        return NO_LONGER
    return TO_BE_TOLD


def summary(chapters: Sequence[Chapter], note: str) -> str:
    """Two are told, one is not told and one waits for a person."""
    if not chapters:
        return note or "No agreement asks that anybody be told of this."
    counts = Counter(chapter.outcome for chapter in chapters)
    said = {
        TOLD: ("is told", "are told"),
        TO_BE_TOLD: ("will be told", "will be told"),
        NOT_TOLD: ("is not told", "are not told"),
        WAITING: ("waits for a person", "wait for a person"),
        NO_LONGER: ("is told no longer", "are told no longer"),
    }
    parts = [
        number_of(counts[one], *said[one])
        for one in (TOLD, TO_BE_TOLD, NOT_TOLD, WAITING, NO_LONGER)
        if counts[one]
    ]
    return f"{listed(parts)}."


def chapters(
    why: Json,
    grounds: Mapping[tuple[str | None, str | None], Ground | None],
    names: Mapping[str, str],
    people: Mapping[str, str],
    now: datetime,
    *,
    superseded: bool,
) -> list[Chapter]:
    """What waits for a person first. `superseded`: those that a later decision has replaced."""
    mine = [one for one in why["decisions"] if one["superseded"] is superseded]
    found = [
        Chapter(
            audience=word(AUDIENCES)(one["audience"]),
            about=one["about"],
            outcome=outcome(one),
            because=one.get("because", []),
            ground=grounds.get((one.get("agreement"), one.get("agreement_version"))),
            shows=[labels.label(path) for path in labels.in_order(set(one.get("shows", ())))],
            rests_on_consent=bool(one.get("rests_on_consent")),
            decided_at=one["decided_at"],
            unplaced=UNPLACED.get(one["unplaced"] or "", one["unplaced"] or ""),
            recipients=[
                _recipient(told, number, names, people, now)
                for number, told in enumerate(one["notifications"], 1)
            ],
        )
        for one in mine
    ]
    return sorted(found, key=lambda one: _ORDER.index(one.outcome))


def _recipient(
    told: Json, number: int, names: Mapping[str, str], people: Mapping[str, str], now: datetime
) -> Recipient:
    named = names.get(
        told.get("organisation") or "", told.get("organisation") or f"Recipient {number}"
    )
    diverted = told.get("diverted_to")
    steps = [happening(step, people) for step in told["steps"]]
    return Recipient(
        called=f"{named}, read by {names.get(diverted, diverted)} in its place"
        if diverted
        else named,
        due=day_and_time(told["due"]),
        overdue=told["overdue"],
        happenings=newest_first(steps),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    called: str
    owner: str
    state: str
    clock: str
    overdue: bool
    why: str = ""
    passed_on: str = ""  # to whom, since its moment has gone by


def deeds(why: Json, names: Mapping[str, str], now: datetime) -> list[Deed]:
    return [
        Deed(
            called=word(TASKS)(one["kind"]),
            owner=names.get(one["owner"], one["owner"]),
            state={"open": "Open", "done": "Done", "cancelled": "Not needed any more"}[
                one["state"]
            ],
            clock=_clock(one, now),
            overdue=one["overdue"] and one["state"] == "open",
            why=cause(one.get("why")),
            passed_on=names.get(one.get("escalated_to") or "", one.get("escalated_to") or ""),
        )
        for one in why["tasks"]
    ]


def _clock(one: Json, now: datetime) -> str:
    if one["closed_at"]:
        return f"Closed {day_and_time(one['closed_at'])}"
    return f"{near(one['due'], now)}, {until_due(one['due'], now)}"


def ids(why: Json) -> set[str]:
    """Every organisation that the story names."""
    told = [one for decision in why["decisions"] for one in decision["notifications"]]
    found = {one.get(key) for one in told for key in ("organisation", "diverted_to")}
    found |= {one.get("escalated_to") for one in why["tasks"]}
    found |= {one.get("organisation") for one in why["deletions"]}
    found |= {one["owner"] for one in why["tasks"]} | {why["source"].rsplit("/", 1)[-1]}
    found |= {step["owner"] for one in told for step in one["steps"] if step.get("owner")}
    return {one for one in found if one}


def outcome_words(counts: Mapping[str, int], decided: bool) -> str:
    """For the list: to 3 audiences, not to 1, 1 waits for a person."""
    if not decided:
        return "Not decided yet"
    unplaced = counts.get("unplaced", 0)  # disclosed, and nobody to tell was found
    disclosed, waiting = counts.get("disclosed", 0) - unplaced, counts.get("held", 0) + unplaced
    parts = [
        f"disclosed to {disclosed}" if disclosed else "",
        f"not to {counts['withheld']}" if counts.get("withheld") else "",
        number_of(waiting, "waits for a person", "wait for a person") if waiting else "",
    ]
    text = listed([part for part in parts if part])
    return text[:1].upper() + text[1:] if text else "Nobody is to be told"


def newest(receipts: Sequence[Json]) -> str:
    return max((str(one["received_at"]) for one in receipts), default="")


def count_since(receipts: Sequence[Json], since: str) -> int:
    try:
        after = datetime.fromisoformat(since) if since else None
    except ValueError:
        return 0
    received = [datetime.fromisoformat(one["received_at"]) for one in receipts]
    return sum(after is None or one > after for one in received)
