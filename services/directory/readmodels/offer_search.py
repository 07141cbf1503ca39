"""Which services are wanted? Conditions that all hold together, asked of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, not_, or_, select

from services.chassis.database import Database
from services.directory.domain.wordings import words
from services.directory.readmodels.offer_tables import HOURS, OFFERS, WORDS
from services.directory.readmodels.offer_texts import REFUGE

_L = OFFERS.c
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Word:
    """Any of the words, in one of the lists of a service; of all lists where none is named."""

    of: str
    any_of: frozenset[str]


def published(today: date) -> Condition:
    """What everybody may read: confirmed by its owner as public, and saying nothing private.

    No service of a refuge ever is.
    """
    return and_(
        _L.publish,
        _L.findings == 0,
        _L.hits == 0,
        _L.owner_name != "",
        _L.owner_kind != REFUGE,
        or_(_L.owner_closed_on.is_(None), _L.owner_closed_on > today),
    )


def held(today: date) -> Condition:
    return and_(_L.publish, not_(published(today)))


def saying(text: str) -> list[Condition]:
    """Every word of it, somewhere in the public texts."""
    return [_L.words.contains(word, autoescape=True) for word in words(text)]


def has(word: Word) -> Condition:
    of = WORDS.c.list == word.of if word.of else WORDS.c.list != "places"
    return exists().where(WORDS.c.offer == _L.id, of, WORDS.c.word.in_(sorted(word.any_of)))


def in_list(name: str) -> Condition:
    return exists().where(WORDS.c.offer == _L.id, WORDS.c.list == name)


def named(offer: str) -> Condition:
    return _L.id == offer


def of_kind(kind: str) -> Condition:
    return _L.kind == kind


def of_organisation(organisation: str) -> Condition:
    return _L.organisation == organisation


def in_status(status: Sequence[str]) -> Condition:
    return _L.status.in_(status)


def covers(place: str) -> Condition:
    """A local authority, by its GSS code."""
    return or_(_L.nationwide, has(Word("places", frozenset({place}))))


def takes(age: int) -> Condition:
    return and_(
        or_(_L.low_age.is_(None), _L.low_age <= age), or_(_L.high_age.is_(None), _L.high_age >= age)
    )


def opens(
    *, day: str | None = None, after: str | None = None, until: str | None = None
) -> Condition:
    """One of its hours, on that day, opening no earlier and closing no later."""
    asked = [HOURS.c.offer == _L.id]
    asked += [HOURS.c.day == day] if day else []
    asked += [HOURS.c.opens >= after] if after else []
    asked += [HOURS.c.closes <= until] if until else []
    return exists().where(*asked)


def unverified_since(day: date) -> Condition:
    return or_(_L.verified_on.is_(None), _L.verified_on < day)


def changed_since(moment: datetime) -> Condition:
    return _L.changed_at >= moment


async def found(
    database: Database,
    conditions: Sequence[Condition],
    *,
    offset: int = 0,
    limit: int | None = None,
) -> Sequence[Row[Any]]:
    """In the order of their ids."""
    asked = select(OFFERS).where(*conditions).order_by(_L.id).offset(offset)
    if limit is not None:
        asked = asked.limit(limit)
    async with database.reading() as connection:
        return (await connection.execute(asked)).all()


async def hits(database: Database, offer: str) -> int:
    """How many traces of what is private its public texts have."""
    async with database.reading() as connection:
        return int(await connection.scalar(select(_L.hits).where(_L.id == offer)) or 0)


async def counted(database: Database, conditions: Sequence[Condition]) -> int:
    asked = select(func.count()).select_from(OFFERS).where(*conditions)
    async with database.reading() as connection:
        return int((await connection.execute(asked)).scalar_one())
