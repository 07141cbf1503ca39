"""Is it as the story expects? Compares what is seen with what is listed."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.scenario.reading import addresses, decisions, notifications, readable, tasks
from services.scenario.stage import Stage
from services.scenario.story import (
    Expect,
    ExpectedNotification,
    ExpectedTask,
    Nothing,
    SaysNowhere,
)

Json = dict[str, Any]
_GONE = {"superseded", "cancelled"}


@dataclass(frozen=True, kw_only=True)
class Difference:
    expected: str
    actual: str


def parse(value: Any) -> datetime | None:
    """An instant as the product writes it."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.fromisoformat(str(value))


async def compare(stage: Stage, expect: Expect) -> list[Difference]:
    """Every expectation of one step that does not hold."""
    with stage.looking():
        return await _compare(stage, expect)


async def _compare(stage: Stage, expect: Expect) -> list[Difference]:
    seen_notifications = await notifications(stage)
    seen_decisions = [one for one in await decisions(stage) if not one.get("superseded")]
    seen_tasks = await tasks(stage)
    differences: list[Difference] = []
    for listed, seen, group in (
        (expect.notifications, seen_notifications, "audience"),
        (expect.decisions, seen_decisions, "audience"),
        (expect.tasks, seen_tasks, "kind"),
    ):
        if listed is not None:
            differences += _listed(listed, seen, group, exactly=expect.exactly)
    for nothing in expect.none:
        differences += _nothing(nothing, seen_notifications, seen_tasks)
    mail_of = await addresses(stage) if expect.nudges else {}
    for nudges in expect.nudges:
        to = mail_of.get(nudges.contact)
        count = sum(
            1
            for one in stage.mailbox.received
            if one.to == to and (nudges.since is None or one.at >= nudges.since)
        )
        if count != nudges.count:
            differences.append(
                Difference(
                    expected=f"{nudges.count} nudges to {nudges.contact}", actual=f"{count} nudges"
                )
            )
    for delivered in expect.delivered:
        count = sum(1 for one in stage.receiver.arrivals if one.path == delivered.to)
        if count != delivered.attempts:
            differences.append(
                Difference(
                    expected=f"{delivered.attempts} webhook attempts to {delivered.to}",
                    actual=f"{count} attempts",
                )
            )
    for silence in expect.says_nowhere:
        differences += await _says_nowhere(stage, silence)
    return differences


def _listed(
    listed: Sequence[ExpectedNotification | ExpectedTask],
    seen: list[Json],
    group: str,
    *,
    exactly: bool,
) -> list[Difference]:
    pairs = _match(listed, seen)
    differences = [
        Difference(expected=_wish(wish), actual=_closest(wish, seen))
        for number, wish in enumerate(listed)
        if number not in pairs
    ]
    if exactly:
        named = {getattr(wish, group) for wish in listed} - {None}
        named |= {seen[pair].get(group) for pair in pairs.values()}
        taken = set(pairs.values())
        for number, one in enumerate(seen):
            if number in taken or one.get("state") in _GONE or one.get(group) not in named:
                continue
            differences.append(
                Difference(expected=f"nothing more for {one.get(group)}", actual=_brief(one))
            )
    return differences


def _match(
    listed: Sequence[ExpectedNotification | ExpectedTask], seen: list[Json]
) -> dict[int, int]:
    """Each wish its own one, as many as possible: a loose wish gives way to a strict one."""
    fitting = [
        [number for number, one in enumerate(seen) if not _misses(wish, one)] for wish in listed
    ]
    taken_by: dict[int, int] = {}

    def place(wish: int, tried: set[int]) -> bool:
        for one in fitting[wish]:
            if one in tried:
                continue
            tried.add(one)
            if one not in taken_by or place(taken_by[one], tried):
                taken_by[one] = wish
                return True
        return False

    for wish in range(len(listed)):
        place(wish, set())
    return {wish: one for one, wish in taken_by.items()}


def _rules(one: Json) -> list[str]:
    return [
        str(reason.get("rule")) if isinstance(reason, dict) else str(reason)
        for reason in one.get("because") or []
    ]


def _shown(one: Json) -> list[str]:
    return list(one.get("shows") or [])  # a list of paths, or content by path


def _under(path: str, shown: Sequence[str]) -> bool:
    return any(name == path or name.startswith(f"{path}.") for name in shown)


def _value(one: Json, path: str) -> Any:
    shows = one.get("shows")
    return shows.get(path) if isinstance(shows, dict) else None


def _same(wanted: Any, found: Any) -> bool:
    if wanted == found or str(wanted) == str(found):
        return True
    try:
        return parse(wanted) == parse(found) and found is not None
    except (ValueError, TypeError):
        return False


def _by(limit: datetime, found: Any) -> bool:
    moment = parse(found)
    return moment is not None and moment <= limit


_CHECKS: Mapping[str, Callable[[Any, Json], bool]] = {
    "due": lambda wish, one: parse(one.get("due")) == wish,
    "due_by": lambda wish, one: _by(wish, one.get("due")),
    "told_at": lambda wish, one: parse(one.get("told_at")) == wish,
    "told_by": lambda wish, one: _by(wish, one.get("told_at")),
    "shows": lambda wish, one: all(_under(path, _shown(one)) for path in wish),
    "shows_not": lambda wish, one: not any(_under(path, _shown(one)) for path in wish),
    "values": lambda wish, one: all(_same(v, _value(one, path)) for path, v in wish.items()),
    "because": lambda wish, one: set(wish) <= set(_rules(one)),
    "not_readers": lambda wish, one: set(wish) <= set(one.get("not_readers") or []),
    "overdue": lambda wish, one: bool(one.get("overdue")) == wish,
}


def _wishes(wish: ExpectedNotification | ExpectedTask) -> Json:
    return {key: value for key, value in dict(wish).items() if key in wish.model_fields_set}


def _misses(wish: ExpectedNotification | ExpectedTask, one: Json) -> list[str]:
    """The keys in which this one is not what is wished."""
    missed = []
    for key, value in _wishes(wish).items():
        check = _CHECKS.get(key)
        fits = check(value, one) if check and value is not None else _same(value, one.get(key))
        if not fits:
            missed.append(key)
    return missed


def _wish(wish: ExpectedNotification | ExpectedTask) -> str:
    return json.dumps(_wishes(wish), default=str, ensure_ascii=False)


def _closest(wish: ExpectedNotification | ExpectedTask, seen: list[Json]) -> str:
    if not seen:
        return "none at all"
    ranked = sorted(seen, key=lambda one: _distance(wish, one))
    return "; ".join(
        f"{_brief(one, _misses(wish, one))}"
        f" (differs in {', '.join(_misses(wish, one)) or 'nothing, but is taken'})"
        for one in ranked[:2]
    )


def _distance(wish: ExpectedNotification | ExpectedTask, one: Json) -> tuple[int, int]:
    missed = _misses(wish, one)
    heavy = {"to", "about", "audience", "kind"}
    return (sum(1 for key in missed if key in heavy), len(missed))


_BRIEF = (
    "kind",
    "to",
    "owner",
    "about",
    "audience",
    "outcome",
    "agreement",
    "due",
    "told_at",
    "state",
    "overdue",
)


_CONTENT = {"shows", "shows_not", "values"}


def _brief(one: Json, missed: Sequence[str] = ()) -> str:
    brief = {key: one[key] for key in _BRIEF if one.get(key) is not None}
    if "because" in missed:
        brief["because"] = _rules(one)
    if one.get("not_readers"):
        brief["not_readers"] = one["not_readers"]
    if _CONTENT & set(missed):
        brief["shows"] = one["shows"]
    return json.dumps(brief, default=str, ensure_ascii=False)


def _nothing(
    nothing: Nothing, seen_notifications: list[Json], seen_tasks: list[Json]
) -> list[Difference]:
    keys = {key: value for key, value in nothing.model_dump().items() if value is not None}
    if nothing.task is not None:
        wanted = {"kind": keys.pop("task"), **keys}
        if "to" in wanted:
            wanted["owner"] = wanted.pop("to")
        found = [one for one in seen_tasks if one.get("state") != "cancelled"]
    else:
        wanted = keys
        found = [one for one in seen_notifications if one.get("told_at")]
    return [
        Difference(expected=f"nothing of {json.dumps(keys)}", actual=_brief(one))
        for one in found
        if all(one.get(key) == value for key, value in wanted.items())
    ]


async def _says_nowhere(stage: Stage, silence: SaysNowhere) -> list[Difference]:
    text = await readable(stage, silence.to)
    whom = silence.to or "anybody"
    return [
        Difference(expected=f"{whom} reads {wanted!r} nowhere", actual="it stands there")
        for wanted in silence.texts
        if re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text)
    ]
