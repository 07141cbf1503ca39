"""What comes in on which day, and which hour? By the public figures, for an area of this size."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from services.demo import treatment
from services.demo.chance import chance, poisson, weighted
from services.demo.households import Household, Households
from services.demo.incidents import by_chance, corrected, recorded, retracted
from services.demo.school_year import LONDON, at

Json = dict[str, Any]
_DAY = timedelta(days=1)

# 1,350,460 incidents in England and Wales in a year (ONS, March 2025) are 3,700 a day; England
# has 24,453 schools (DfE, January 2024), the area 40 of them.
A_DAY = 1_350_460 / 365 * 40 / 24_453
# Reports by the day of the week, Monday first, and by three hours from midnight: a sample of the
# Metropolitan Police, 2006, with Saturday at 21.4 % and 20.9 % after midnight.
WEEKDAYS = (13.2, 12.6, 12.4, 13.0, 13.3, 21.4, 14.1)
THREE_HOURS = (20.9, 6.0, 6.0, 10.0, 11.0, 14.5, 14.6, 17.0)
# 0.78 children an incident (Blackpool, 2005-07), at 1.8 in a family that has any.
WITH_CHILDREN = 0.43
# The same address again within a month (London, 2007-19).
AGAIN = 0.41
BIG_NIGHT = 4
_CORRECTED, _RETRACTED = 0.05, 0.02
_LONGEST_CHAIN = 90 * _DAY
_TURN = 5  # families a day that are passed on in turn


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Planned:
    """`big`: only on a big night."""

    at: datetime
    id: str
    big: bool
    event: Json

    @property
    def agency(self) -> str:
        return str(self.event["source"]).removeprefix("/agencies/")


class Nights:
    """Everything that is told on a day, whoever asks and however often: by chance, but the same."""

    def __init__(self, households: Households) -> None:
        self._households = households
        self.of = lru_cache(maxsize=64)(self._of)
        self._chains = lru_cache(maxsize=256)(self._chains_of)

    def _of(self, day: date) -> tuple[Planned, ...]:
        return tuple(sorted(self._all_of(day), key=lambda one: (one.at, one.id)))

    def _all_of(self, day: date) -> Iterator[Planned]:
        usual = list(self._families(day))
        yield from self._told(day, usual, big=False)
        more = round(len(usual) * (BIG_NIGHT - 1)) or BIG_NIGHT
        yield from self._told(day, [self._anybody("big", day, n) for n in range(more)], big=True)
        yield from self._by_providers(day)

    def _families(self, day: date) -> Iterator[Household]:
        """To whom something happens: for the first time in a while, or once more."""
        for back in range(_LONGEST_CHAIN // _DAY):
            first = day - _DAY * back
            yield from (family for when, family in self._chains(first) if when == day)

    def _chains_of(self, first: date) -> tuple[tuple[date, Household], ...]:
        """Whatever begins on that day, with the days on which it happens again."""
        rng = chance("first", first)
        count = poisson(rng, A_DAY * (1 - AGAIN) * WEEKDAYS[first.weekday()] * 7 / 100)
        found: list[tuple[date, Household]] = []
        for number in range(count):
            family, day = self._next_one(first, number), first
            found.append((day, family))
            while rng.random() < AGAIN:
                day += _DAY * rng.randrange(1, 29)
                found.append((day, family))
        return tuple(found)

    def _next_one(self, day: date, number: int) -> Household:
        """In turn, so that what happens again within a month is what was meant to."""
        families = self._households.families
        place = day.toordinal() * _TURN + number % _TURN
        return self._of_a_kind(families[place % len(families)], day, number)

    def _anybody(self, *named: object) -> Household:
        return self._of_a_kind(chance("anybody", *named).choice(self._households.families), *named)

    def _of_a_kind(self, family: Household, *named: object) -> Household:
        """A family with children as often as the figures say."""
        if chance("who", *named).random() < WITH_CHILDREN:
            return family
        return self._households.without_children(*named)

    def _told(self, day: date, families: list[Household], *, big: bool) -> Iterator[Planned]:
        for number, family in enumerate(families, 1):
            name = f"{day:%y%m%d}-{'b' if big else ''}{number:02}"
            rng = chance("told", name)
            when = _moment(day, rng)
            event = recorded(family, when=when, event_id=name, twist=by_chance(family, rng))
            yield Planned(at=when, id=name, big=big, event=event)
            after = when + timedelta(minutes=rng.randrange(60, 200))
            dice = rng.random()
            if dice < _CORRECTED:
                changed = corrected(event, when=after)
                yield Planned(at=after, id=changed["id"], big=big, event=changed)
            elif dice < _CORRECTED + _RETRACTED:
                gone = retracted(event, when=after)
                yield Planned(at=after, id=gone["id"], big=big, event=gone)

    def _by_providers(self, day: date) -> Iterator[Planned]:
        """On working days, now and then: an ended treatment, or an assessment nobody came to."""
        rng = chance("providers", day)
        if day.weekday() > 4:
            return
        client = treatment.of_clients(self._households.families, rng.randrange(1000))
        when = at(day, f"{rng.randrange(10, 17)}:{rng.randrange(60):02}")
        name = f"{day:%y%m%d}-t"
        match weighted(rng, (("ended", 3.0), ("referred", 3.0), ("missed", 2.0), ("", 4.0))):
            case "ended":
                event = treatment.dropped_out(client, when=when, event_id=name)
            case "referred":
                event = treatment.missed_assessment(
                    client, when=when, event_id=name, referred_by="north-csc"
                )
            case "missed":
                event = treatment.missed_assessment(
                    client, when=when, event_id=name, referred_by=None
                )
            case _:
                return
        yield Planned(at=when, id=name, big=False, event=event)


def _moment(day: date, rng: Random) -> datetime:
    block = weighted(rng, tuple(enumerate(THREE_HOURS)))
    minutes = block * 180 + rng.randrange(180)
    return at(day, f"{minutes // 60:02}:{minutes % 60:02}") + timedelta(seconds=rng.randrange(60))


class Story:
    """The opening days as they are written, and after them the nights."""

    def __init__(
        self,
        written: tuple[Planned, ...],
        nights: Nights,
        *,
        until: datetime,
        big: Callable[[], bool],
    ) -> None:
        """`until`: the written days end then, and the nights begin."""
        self._written = sorted(written, key=lambda one: (one.at, one.id))
        self._moments = [one.at for one in self._written]
        self._nights = nights
        self._until = until
        self._big = big

    def after(self, moment: datetime) -> Planned | None:
        """The next that will be told."""
        place = bisect_right(self._moments, moment)
        first = self._written[place : place + 1]
        day = max(moment, self._until).astimezone(LONDON).date() - _DAY
        for _ in range(9):
            found = [one for one in self._of(day) if one.at > moment]
            if found:
                return min([*first, *found], key=lambda one: one.at)
            day += _DAY
        return first[0] if first else None

    def between(self, after: datetime, until: datetime) -> list[Planned]:
        """Later than `after` and not later than `until`, in order."""
        found = [one for one in self._written if after < one.at <= until]
        day = after.astimezone(LONDON).date() - _DAY
        while day <= until.astimezone(LONDON).date():
            found += [one for one in self._of(day) if after < one.at <= until]
            day += _DAY
        return sorted(found, key=lambda one: (one.at, one.id))

    def _of(self, day: date) -> list[Planned]:
        """A correction may follow after midnight: its day is that of the incident."""
        big = self._big()
        return [
            one for one in self._nights.of(day) if one.at > self._until and (big or not one.big)
        ]
