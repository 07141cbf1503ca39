"""Which services are wanted? Conditions that all hold together, asked of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, not_, or_, select

from services.chassis.database import Database
from services.directory.domain.wordings import words
from services.directory.readmodels.offer_tables import HOURS, OFFERS, PRIVATE, WORDS
from services.directory.readmodels.offer_texts import REFUGE, traces
from services.directory.readmodels.tables import ORGANISATIONS

_O = OFFERS.c
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
        _O.publish,
        _O.findings == 0,
        _O.hits == 0,
        _O.owner_name != "",
        _O.owner_kind != REFUGE,
        or_(_O.owner_closed_on.is_(None), _O.owner_closed_on > today),
    )


def held(today: date) -> Condition:
    return and_(_O.publish, not_(published(today)))


def saying(text: str) -> list[Condition]:
    """Every word of it, somewhere in the public texts."""
    return [_O.words.contains(word, autoescape=True) for word in words(text)]


def has(word: Word) -> Condition:
    of = WORDS.c.list == word.of if word.of else WORDS.c.list != "places"
    return exists().where(WORDS.c.offer == _O.id, of, WORDS.c.word.in_(sorted(word.any_of)))


def in_list(name: str) -> Condition:
    return exists().where(WORDS.c.offer == _O.id, WORDS.c.list == name)


def named(offer: str) -> Condition:
    return _O.id == offer


def opened_as(open_id: str) -> Condition:
    return _O.open_id == open_id.lower()


def there_as(open_id: str) -> Condition:
    return _O.open_id_there == open_id.lower()


def somewhere() -> Condition:
    return _O.open_id_there.is_not(None)


def of_kind(kind: str) -> Condition:
    return _O.kind == kind


def of_organisation(organisation: str) -> Condition:
    return _O.organisation == organisation


def in_status(status: Sequence[str]) -> Condition:
    return _O.status.in_(status)


def covers(place: str) -> Condition:
    """A local authority, by its GSS code."""
    return or_(_O.nationwide, has(Word("places", frozenset({place}))))


def takes(age: int) -> Condition:
    return and_(
        or_(_O.low_age.is_(None), _O.low_age <= age), or_(_O.high_age.is_(None), _O.high_age >= age)
    )


def from_age(age: float) -> Condition:
    """Takes nobody younger; a service without a lowest age is not known to."""
    return _O.low_age >= age


def to_age(age: float) -> Condition:
    return _O.high_age <= age


def opens(
    *, day: str | None = None, after: str | None = None, until: str | None = None
) -> Condition:
    """One of its hours, on that day, opening no earlier and closing no later."""
    asked = [HOURS.c.offer == _O.id]
    asked += [HOURS.c.day == day] if day else []
    asked += [HOURS.c.opens >= after] if after else []
    asked += [HOURS.c.closes <= until] if until else []
    return exists().where(*asked)


def unverified_since(day: date) -> Condition:
    return or_(_O.verified_on.is_(None), _O.verified_on < day)


def changed_since(moment: datetime) -> Condition:
    return _O.changed_at >= moment


async def found(
    database: Database,
    conditions: Sequence[Condition],
    *,
    offset: int = 0,
    limit: int | None = None,
    openly: bool = False,
) -> Sequence[Row[Any]]:
    """In the order of their ids; `openly`: of those under which they leave."""
    order = _O.open_id if openly else _O.id
    asked = select(OFFERS).where(*conditions).order_by(order).offset(offset)
    if limit is not None:
        asked = asked.limit(limit)
    async with database.reading() as connection:
        return (await connection.execute(asked)).all()


async def places(database: Database, pepper: bytes, codes: frozenset[str]) -> dict[str, str]:
    """Names of these local authorities, by GSS code: of each that says nothing private."""
    table = ORGANISATIONS.c
    query = select(table.local_authority, table.name).where(
        table.kind == "local-authority", table.name != "", table.local_authority.in_(sorted(codes))
    )
    async with database.reading() as connection:
        named = (await connection.execute(query)).all()
        return {
            code: name
            for code, name in named
            if not await connection.scalar(
                select(PRIVATE.c.trace).where(PRIVATE.c.trace.in_(traces([name], pepper))).limit(1)
            )
        }


async def hits(database: Database, offer: str) -> int:
    """How many traces of what is private its public texts have."""
    async with database.reading() as connection:
        return int(await connection.scalar(select(_O.hits).where(_O.id == offer)) or 0)


async def counted(database: Database, conditions: Sequence[Condition]) -> int:
    asked = select(func.count()).select_from(OFFERS).where(*conditions)
    async with database.reading() as connection:
        return int((await connection.execute(asked)).scalar_one())
