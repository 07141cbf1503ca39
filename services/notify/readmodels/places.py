"""Where does a page of a list begin or end? After a moment and an id, as text for who asks."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Column, ColumnElement, and_, or_

from services.chassis.problems import Problem

_FORM = "%Y%m%dT%H%M%S.%fZ"


class Place(NamedTuple):
    """Stays where it is, whatever becomes of the row that it was taken from."""

    at: datetime
    one: UUID

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).strftime(_FORM)}_{self.one}"


def place(text: str | None, name: str) -> Place | None:
    """Raises a Problem for what no list has answered; `name`: of the parameter."""
    if text is None:
        return None
    moment, _, one = text.partition("_")
    try:
        return Place(datetime.strptime(moment, _FORM).replace(tzinfo=UTC), UUID(one))
    except ValueError:
        detail = {"pointer": f"/{name}", "detail": "no page of this list has ended there"}
        raise Problem(422, "There is no such place in the list", [detail]) from None


def later(moment: Column[datetime], one: Column[UUID], at: Place) -> ColumnElement[bool]:
    """Behind it where the earliest comes first, and by the id what is of one moment."""
    return and_(moment >= at.at, or_(moment > at.at, one > at.one))


def earlier(moment: Column[datetime], one: Column[UUID], at: Place) -> ColumnElement[bool]:
    """Behind it where the newest comes first, and by the id what is of one moment."""
    return and_(moment <= at.at, or_(moment < at.at, one > at.one))


def newer(moment: Column[datetime], one: Column[UUID], at: Place) -> ColumnElement[bool]:
    """Before it where the newest comes first."""
    return and_(moment >= at.at, or_(moment > at.at, one < at.one))
