"""Which schools would not be reached, and why? Each list is one condition over the same rows.

A further list is one more entry of `LISTS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select

from services.directory.readmodels.schools import CONTACTS, SCHOOLS, UNCLEAR

TOLD = ("school", "college")  # a nursery is no recipient of an incident


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleList:
    """`says` is a sentence for the person who looks after these schools."""

    name: str
    title: str
    says: str
    where: Callable[[date], ColumnElement[bool]]


def _open(day: date) -> ColumnElement[bool]:
    return and_(
        SCHOOLS.c.kind.in_(TOLD),
        or_(SCHOOLS.c.open_from.is_(None), SCHOOLS.c.open_from <= day),
        or_(SCHOOLS.c.closed_on.is_(None), SCHOOLS.c.closed_on > day),
    )


def _listed(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(CONTACTS.c.organisation == SCHOOLS.c.id, *where)


def _serves(day: date) -> ColumnElement[bool]:
    return and_(
        or_(CONTACTS.c.since.is_(None), CONTACTS.c.since <= day),
        or_(CONTACTS.c.until.is_(None), CONTACTS.c.until >= day),
    )


def _no_contact(day: date) -> ColumnElement[bool]:
    return and_(_open(day), ~_listed())


def _nobody_now(day: date) -> ColumnElement[bool]:
    return and_(_open(day), _listed(), ~_listed(_serves(day)))


def _to_confirm(day: date) -> ColumnElement[bool]:
    return and_(_open(day), _listed(_serves(day), CONTACTS.c.state == "to-confirm"))


def _default_calendar(day: date) -> ColumnElement[bool]:
    """Neither its own, nor its trust's, nor its authority's, or none that speaks of today."""
    above = SCHOOLS.alias("above")
    trusts = select(above.c.id).where(above.c.kind == "trust", above.c.calendar_until >= day)
    authorities = select(above.c.local_authority).where(
        above.c.kind == "local-authority",
        above.c.calendar_until >= day,
        above.c.local_authority.is_not(None),
    )
    return and_(
        _open(day),
        or_(SCHOOLS.c.calendar_until.is_(None), SCHOOLS.c.calendar_until < day),
        or_(SCHOOLS.c.trust.is_(None), SCHOOLS.c.trust.not_in(trusts)),
        or_(
            SCHOOLS.c.local_authority.is_(None),
            SCHOOLS.c.local_authority.not_in(authorities),
        ),
    )


def _no_successor(_: date) -> ColumnElement[bool]:
    return exists().where(UNCLEAR.c.organisation == SCHOOLS.c.id)


LISTS = {
    each.name: each
    for each in (
        StaleList(
            name="no-contact",
            title="Nobody is listed",
            says="No person is known who could be told. The notification waits in an inbox that "
            "nobody opens.",
            where=_no_contact,
        ),
        StaleList(
            name="nobody-now",
            title="Everybody listed has left",
            says="The last day of everybody listed is over, or their first is still to come.",
            where=_nobody_now,
        ),
        StaleList(
            name="to-confirm",
            title="People to be confirmed",
            says="They were carried over from the school that closed, or have not been confirmed "
            "for too long. They are still told.",
            where=_to_confirm,
        ),
        StaleList(
            name="default-calendar",
            title="On the default calendar",
            says="No term dates of today are known of the school, its trust or its council: "
            "Monday to Friday less bank holidays is taken.",
            where=_default_calendar,
        ),
        StaleList(
            name="no-successor",
            title="Closed, and nobody knows which school took its place",
            says="The register names several schools, or none that is open. Choose the one where "
            "the children are now, or leave it where they were divided.",
            where=_no_successor,
        ),
    )
}
