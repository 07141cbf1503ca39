"""Which of an organisation's notifications stand on one page of its list? The newest first."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.domain.notification import Status
from services.notify.readmodels.places import Place, earlier, newer
from services.notify.readmodels.state import DECISIONS, NOTIFICATIONS

PAGE = 500  # and the most
_OF = NOTIFICATIONS.c
_SHOWN = tuple(state for state in Status if state is not Status.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`states`: none means all. `one` and `together`: only that one, only those of one event."""

    states: tuple[Status, ...] = ()
    after: Place | None = None
    before: Place | None = None
    limit: int = PAGE
    one: UUID | None = None
    together: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    rows: list[Row[Any]]
    next: Place | None
    previous: Place | None


async def page(
    tx: AsyncConnection, organisation: str, wish: Wish, may_see: Callable[[Row[Any]], bool]
) -> Page:
    """Filled up with what the reader may see: neither its length nor its end tells of the rest."""
    found: list[Row[Any]] = []
    ahead, at_once = wish, wish.limit + 1
    while len(found) <= wish.limit:
        rows = list(await tx.execute(_rows(organisation, ahead, at_once)))
        found += [row for row in rows if may_see(row)]
        if len(rows) < at_once:
            break
        ahead = _beyond(ahead, rows[-1])
    shown, more = found[: wish.limit], len(found) > wish.limit
    if wish.before is not None:
        shown.reverse()
        return _page(shown, follows=bool(shown), precedes=more)
    return _page(shown, follows=more, precedes=bool(shown) and wish.after is not None)


def _page(shown: list[Row[Any]], *, follows: bool, precedes: bool) -> Page:
    return Page(
        rows=shown,
        next=_place(shown[-1]) if follows else None,
        previous=_place(shown[0]) if precedes else None,
    )


def _place(row: Row[Any]) -> Place:
    return Place(row.available_at, row.notification)


def _beyond(wish: Wish, last: Row[Any]) -> Wish:
    if wish.before is not None:
        return replace(wish, before=_place(last))
    return replace(wish, after=_place(last))


def of_organisation(organisation: str, which: ColumnElement[bool]) -> Select[Any]:
    """Its own, and what it reads in the place of another."""
    mine = (_OF.organisation == organisation) | (_OF.diverted_to == organisation)
    return _with_routing().where(mine, which)


def _with_routing() -> Select[Any]:
    return select(NOTIFICATIONS, DECISIONS.c.routing).join(
        DECISIONS, DECISIONS.c.decision == _OF.decision
    )


def _rows(organisation: str, wish: Wish, limit: int) -> Select[Any]:
    """A few from the end of each part of an index: a long inbox costs what a short one does."""
    order = _order(_OF.available_at, _OF.notification, wish)
    parts = [
        select(_OF.notification, _OF.available_at)
        .where(whose == organisation, _OF.state == state.value, *_which(wish))
        .order_by(*order)
        .limit(limit)
        .subquery()
        for whose in (_OF.organisation, _OF.diverted_to)
        for state in wish.states or _SHOWN
        if state in _SHOWN
    ]
    if not parts:
        return _with_routing().where(_OF.notification.is_(None))
    chosen = union(*[select(part) for part in parts]).subquery()
    ids = select(chosen.c.notification).order_by(
        *_order(chosen.c.available_at, chosen.c.notification, wish)
    )
    return _with_routing().where(_OF.notification.in_(ids.limit(limit))).order_by(*order)


def _which(wish: Wish) -> list[ColumnElement[bool]]:
    which: list[ColumnElement[bool]] = [_OF.available_at.is_not(None)]
    if wish.before is not None:
        which.append(newer(_OF.available_at, _OF.notification, wish.before))
    elif wish.after is not None:
        which.append(earlier(_OF.available_at, _OF.notification, wish.after))
    if wish.one is not None:
        which.append(_OF.notification == wish.one)
    if wish.together is not None:
        which.append(_OF.case_id == wish.together)
    return which


def _order(moment: Any, one: Any, wish: Wish) -> tuple[Any, Any]:
    return (moment, one.desc()) if wish.before is not None else (moment.desc(), one)
