"""What waits in an inbox, and what is done? The list as a reader at ten to eight needs it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.front.words import local_day, near, ordinal, until_due

Json = dict[str, Any]
QUIET = timedelta(hours=12)  # after which an empty inbox may be a silence
UNREAD, _LIVE = ("scheduled", "announced"), ("scheduled", "announced", "opened")
_LONGEST = 50
_COLOURS = {"New": "blue", "Read": "yellow", "Recorded": "green"}
_SCHOOL = "education"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    id: str
    called: str
    with_it: str  # of the same event, in words; empty for the first
    kind: str  # the agreement's title, for who receives under several
    state: str
    unread: bool
    overdue: bool
    due: str
    received_at: str
    repeat: str
    telephone_first: bool
    correction: bool
    closed_at: str | None = None
    what_to_do: str | None = None
    recorded_at: str | None = None

    @property
    def left_to_do(self) -> str:
        """Of one that is not closed."""
        if self.unread:
            return "Read it"
        return "Say what you do about it" if self.state in _LIVE else "Nothing more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    summary: list[str]
    waiting: list[Item]
    earlier: list[Item]


def inbox(found: Sequence[Json], titles: dict[str, str], now: datetime) -> Inbox:
    """`titles`: of agreements, by id."""
    live = [one for one in found if one["state"] in _LIVE]
    rest = sorted((one for one in found if one["state"] not in _LIVE), key=_ended, reverse=True)
    return Inbox(
        summary=summary([one for one in live if one["state"] in UNREAD], now),
        waiting=items(_joined(live), titles),
        earlier=items(rest[:_LONGEST], titles),
    )


def summary(unread: Sequence[Json], now: datetime) -> list[str]:
    """How many need reading, and by when: the overdue, then what is due today, then the rest."""
    late = [one for one in unread if one["overdue"]]
    due = sorted(one["due"] for one in unread if not one["overdue"])
    today = [moment for moment in due if local_day(moment) == local_day(now)]
    said = [f"{_needs(len(late))} reading now: overdue"] if late else []
    for moments in (today, due[len(today) :]):
        if moments:
            one_time = near(moments[0], now) == near(moments[-1], now)
            when = "before" if one_time else "the first before"
            comma = "" if one_time else ","
            said.append(f"{_needs(len(moments))} reading{comma} {when} {near(moments[0], now)}")
    return said


def _needs(count: int) -> str:
    return f"{count:,} {'needs' if count == 1 else 'need'}"


def is_quiet(last_decided_at: str | None, now: datetime) -> bool:
    """Has the service gone without any event for so long that it may be deaf?"""
    return last_decided_at is None or now - datetime.fromisoformat(last_decided_at) > QUIET


def is_closed(one: Json) -> bool:
    return one["state"] not in (*_LIVE, "acknowledged")


def _joined(live: Sequence[Json]) -> list[Json]:
    """Unread before read, the earliest due first, and children of one event one below another."""
    groups: dict[str, list[Json]] = defaultdict(list)
    for one in live:
        groups[one["together"]].append(one)
    for group in groups.values():
        group.sort(key=_urgency)
    return [
        one
        for group in sorted(groups.values(), key=lambda each: _urgency(each[0]))
        for one in group
    ]


def _urgency(one: Json) -> tuple[bool, str, str, str]:
    return (one["state"] not in UNREAD, one["due"], one["received_at"], called(one))


def _ended(one: Json) -> str:
    return str(one.get("closed_at") or one.get("acknowledged_at") or one["received_at"])


def items(found: Sequence[Json], titles: dict[str, str]) -> list[Item]:
    """In the order given; whoever is of the same event as the one before says so."""
    return [
        _item(one, found[number - 1] if number else None, titles)
        for number, one in enumerate(found)
    ]


def _item(one: Json, before: Json | None, titles: dict[str, str]) -> Item:
    same = before is not None and before["together"] == one["together"]
    return Item(
        id=one["id"],
        called=called(one),
        with_it=f"Same event as {called(before)}" if before and same else "",
        kind="" if one["audience"] == _SCHOOL else titles.get(one.get("agreement") or "", ""),
        state=one["state"],
        unread=one["state"] in UNREAD,
        overdue=one["overdue"],
        due=one["due"],
        received_at=one["received_at"],
        repeat=_repeat(one.get("earlier_in_12_months")),
        telephone_first=bool(one.get("telephone_first")),
        correction=bool(one.get("correction")),
        closed_at=one.get("closed_at"),
        what_to_do=one.get("what_to_do"),
        recorded_at=one.get("acknowledged_at"),
    )


def called(one: Json) -> str:
    """C.T., Year 3; the police's reference where the content is closed."""
    if one.get("reference"):
        return f"Reference {one['reference']}"
    parts = [one.get("initials"), one.get("year_group")]
    return ", ".join(part for part in parts if part) or "Notification"


def _repeat(earlier: int | None) -> str:
    """This one counted: the third, where two came before it."""
    return f"{ordinal(earlier + 1)} in 12 months" if earlier else ""


def colour(word: str) -> str:
    return _COLOURS.get(word, "grey")


def due_words(item: Item, now: datetime) -> str:
    """Read by 8:10am, in 22 minutes; Overdue: was due at 8:10am, 12 minutes late."""
    when, far = near(item.due, now), until_due(item.due, now)
    if item.overdue:
        return f"{when}, {far}" if far.endswith("late") else when
    return f"{when}, {far}" if item.unread else when
