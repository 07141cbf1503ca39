"""Which school is meant? By number, by postcode, or by words of its name and town."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.readmodels.schools import NUMBERS, SCHOOLS, plain
from services.directory.readmodels.showing import ESTABLISHMENTS

_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)(?: ?([0-9][A-Z]{2}))?")
_NUMBER = re.compile(r"[0-9]{5,7}")
_MOST_WORDS = 8


def meant(asked: str) -> ColumnElement[bool] | None:
    """None: nothing that could be searched for."""
    text = " ".join(asked.split()).upper()
    digits = re.sub(r"[ /-]", "", text)
    if _NUMBER.fullmatch(digits):
        numbered = select(NUMBERS.c.organisation).where(NUMBERS.c.number == digits)
        return or_(SCHOOLS.c.urn == digits, SCHOOLS.c.id.in_(numbered))
    if found := _POSTCODE.fullmatch(text):
        outward, inward = found.groups()
        return SCHOOLS.c.postcode.like(f"{outward} {inward or '%'}")
    words = plain(asked).split()[:_MOST_WORDS]
    if not words:
        return None
    return and_(*(SCHOOLS.c.words.like(f"% {word}%") for word in words))


async def search(
    tx: AsyncConnection,
    wanted: ColumnElement[bool],
    *,
    day: date,
    closed: bool,
    page: int,
    size: int,
) -> tuple[Sequence[Row[Any]], int]:
    """The rows of this page, open schools first, and how many there are in all."""
    is_closed = and_(SCHOOLS.c.closed_on.is_not(None), SCHOOLS.c.closed_on <= day)
    where = [wanted, SCHOOLS.c.kind.in_(ESTABLISHMENTS)]
    if not closed:
        where.append(or_(SCHOOLS.c.closed_on.is_(None), SCHOOLS.c.closed_on > day))
    total = (await tx.execute(select(func.count()).select_from(SCHOOLS).where(*where))).scalar_one()
    query = select(SCHOOLS).where(*where).order_by(is_closed, SCHOOLS.c.name, SCHOOLS.c.id)
    rows = (await tx.execute(query.limit(size).offset((page - 1) * size))).all()
    return rows, total
