"""What is in an iCalendar file (RFC 5545)? Each VEVENT as part of a year, or why it is none."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar
from icalendar.cal import Component
from icalendar.prop import vRecur

from services.directory.domain.entries import Entry
from services.directory.domain.naming import NOT_UNDERSTOOD, kind_of, named, why_not
from services.directory.domain.reading import Part, Reading, Refused

ONE_OFF = "ONE-OFF"  # a category of closures that were announced by themselves
_LOCAL = ZoneInfo("Europe/London")
_PART_OF_A_DAY = timedelta(hours=5)
_MOST = 100  # times that one event may recur
_READ = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
_SLOW = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}


class _Bad(Exception):
    """`says`, of the property `where`; the whole file is refused."""

    def __init__(self, where: str, says: str) -> None:
        super().__init__(says)
        self.where = where
        self.says = says


class _NotPlaced(Exception):
    """It is well written, and still nobody can say which days it means."""


def read(text: str) -> Reading:
    """Raises Refused, with pointers such as /VEVENT/3/DTSTART; the first event is 0."""
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError):
        raise Refused([("", "is no iCalendar file")]) from None
    events = [event for one in calendars for event in one.walk("VEVENT")]
    if not events:
        raise Refused([("", "has no VEVENT in it")])
    problems = [
        (f"/VEVENT/{number}/{what}", "cannot be read")
        for number, event in enumerate(events)
        for what, _ in event.errors
        if what in _READ
    ]
    if problems:
        raise Refused(problems)
    replaced = {_replaced(event) for event in events} - {None}
    parts: list[Part] = []
    for number, event in enumerate(events):
        try:
            parts.extend(_parts(event, f"/VEVENT/{number}", replaced))
        except _Bad as bad:
            problems.append((f"/VEVENT/{number}/{bad.where}", bad.says))
    if problems:
        raise Refused(problems)
    reading = Reading(source="ical", parts=tuple(parts))
    reading.check()
    return reading


def _parts(event: Component, at: str, replaced: set[tuple[str, date] | None]) -> Iterator[Part]:
    start, last = _days(event)
    name = str(event.get("SUMMARY", ""))
    categories = _categories(event)
    kind = kind_of(name, categories)
    try:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            raise _NotPlaced("was cancelled by who wrote it")
        if ONE_OFF in categories:
            raise _NotPlaced("is a closure by itself, which is announced and not imported")
        if kind is None:
            raise _NotPlaced(NOT_UNDERSTOOD)
        if _part_of_a_day(event):
            raise _NotPlaced("is only part of a day")
        for first in _occurrences(event, start, replaced):
            entry = Entry(
                kind=kind, start=first, end=first + (last - start), name=named(name, kind)
            )
            says = why_not(entry)
            yield Part(at=at, name=name, entry=None if says else entry, says=says)
    except _NotPlaced as why:
        yield Part(at=at, name=name, says=str(why))


def _days(event: Component) -> tuple[date, date]:
    """The first and the last day, in London. DTEND is the day, or the moment, after the end."""
    start = _moment(event, "DTSTART")
    if start is None:
        raise _Bad("DTSTART", "is missing")
    end = _end(event, start)
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise _Bad("DTEND", "is a day where the start is a time, or the other way round")
    if not isinstance(start, datetime):
        last = end - timedelta(days=1) if end > start else end
    else:
        assert isinstance(end, datetime)
        midnight = end.time() == time(0) and end > start
        last = end.date() - timedelta(days=1) if midnight else end.date()
    first = start.date() if isinstance(start, datetime) else start
    if last < first:
        raise _Bad("DTEND", "comes before the start")
    return first, last


def _end(event: Component, start: date | datetime) -> date | datetime:
    end = _moment(event, "DTEND")
    if end is not None:
        return end
    length = event.get("DURATION")
    if length is not None and isinstance(getattr(length, "dt", None), timedelta):
        added: date | datetime = start + length.dt
        return added
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def _moment(event: Component, what: str) -> date | datetime | None:
    """A time is put on London's clock and loses its zone; without a zone it is London's."""
    given = event.get(what)
    if given is None:
        return None
    moment = getattr(given, "dt", None)
    if isinstance(moment, datetime):
        return moment.astimezone(_LOCAL).replace(tzinfo=None) if moment.tzinfo else moment
    if isinstance(moment, date):
        return moment
    raise _Bad(what, "is no date and no time")


def _part_of_a_day(event: Component) -> bool:
    start = _moment(event, "DTSTART")
    if start is None or not isinstance(start, datetime):
        return False
    end = _end(event, start)
    return not isinstance(end, datetime) or end - start < _PART_OF_A_DAY


def _occurrences(
    event: Component, start: date, replaced: set[tuple[str, date] | None]
) -> Iterator[date]:
    rule = event.get("RRULE")
    days = [start] if rule is None else _recurring(rule, start)
    days += _listed(event, "RDATE")
    out = set(_listed(event, "EXDATE"))
    uid = str(event.get("UID", ""))
    own = _replaced(event)
    for day in sorted(set(days) - out):
        if own is not None or (uid, day) not in replaced:
            yield day


def _recurring(rule: vRecur | list[vRecur], start: date) -> list[date]:
    if not isinstance(rule, vRecur) or str(rule.get("FREQ", [""])[0]) not in _SLOW:
        raise _NotPlaced("recurs in a way that no school's year has")
    if not rule.get("COUNT") and not rule.get("UNTIL"):
        raise _NotPlaced("recurs without an end")
    told = vRecur({**rule, **_until(rule)}).to_ical().decode()  # type: ignore[no-untyped-call]
    found: list[date] = []
    try:
        for one in rrulestr(told, dtstart=datetime.combine(start, time(0))):
            found.append(one.date())
            if len(found) > _MOST:
                raise _NotPlaced("recurs too often")
    except ValueError:
        raise _Bad("RRULE", "cannot be read") from None
    return found


def _until(rule: vRecur) -> dict[str, list[datetime]]:
    """To the end of the day, in London, on which it ends."""
    given = rule.get("UNTIL")
    if not given:
        return {}
    last = given[0]
    if isinstance(last, datetime):
        last = (last.astimezone(_LOCAL) if last.tzinfo else last).date()
    return {"UNTIL": [datetime.combine(last, time(23, 59))]}


def _listed(event: Component, what: str) -> list[date]:
    given = event.get(what, [])
    days: list[date] = []
    for one in given if isinstance(given, list) else [given]:
        for each in getattr(one, "dts", ()):
            moment = each.dt
            if isinstance(moment, datetime):
                moment = (moment.astimezone(_LOCAL) if moment.tzinfo else moment).date()
            if not isinstance(moment, date):
                raise _Bad(what, "is no list of dates")
            days.append(moment)
    return days


def _replaced(event: Component) -> tuple[str, date] | None:
    """Which time of a recurring event this one stands for, if any."""
    moment = _moment(event, "RECURRENCE-ID") if event.get("RECURRENCE-ID") else None
    if moment is None:
        return None
    return str(event.get("UID", "")), moment.date() if isinstance(moment, datetime) else moment


def _categories(event: Component) -> tuple[str, ...]:
    given = event.get("CATEGORIES", [])
    lists = given if isinstance(given, list) else [given]
    return tuple(str(each).upper() for one in lists for each in getattr(one, "cats", ()))
