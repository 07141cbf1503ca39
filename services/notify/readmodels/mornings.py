"""When does the day of an establishment begin, as far as anybody has said? And of a whole place?"""

from datetime import datetime

from contracts.messages import ClockKind, ClockRule, Organisation
from services.notify.domain.calendars import BankHolidays, PupilDays
from services.notify.domain.deadlines import LEAD_MINUTES, Due, Morning, due
from services.notify.domain.localtime import local_day
from services.notify.domain.placement import is_open
from services.notify.readmodels.lookups import Lookups


async def authority_of(look: Lookups, place: str | None) -> Organisation | None:
    """The organisation of the local authority that this GSS code names."""
    return await look.authority(place) if place is not None else None


async def pupil_days(look: Lookups, one: Organisation, bank_holidays: BankHolidays) -> PupilDays:
    return _pupil_days(one, await authority_of(look, one.local_authority), bank_holidays)


async def morning(
    look: Lookups,
    one: Organisation,
    bank_holidays: BankHolidays,
    area_lead: int | None = None,
) -> Morning:
    authority = await authority_of(look, one.local_authority)
    return _morning(one, authority, bank_holidays, area_lead)


async def due_of_place(
    look: Lookups, rule: ClockRule, local_authority: str | None, bank_holidays: BankHolidays
) -> datetime:
    """For a task about a child whose school nobody knows: the earliest that any school there has.

    Of schools with a published calendar that reaches so far; else by the authority's own calendar
    and, without one, Monday to Friday at nine.
    """
    if rule.kind is not ClockKind.SCHOOL_DAY:
        return due(rule, bank_holidays).at
    authority = await authority_of(look, local_authority)
    there = await look.schools(local_authority) if local_authority is not None else None
    published = [
        one
        for one in there or ()
        if _reaches(one, rule.starts_at) and is_open(one, local_day(rule.starts_at))
    ]
    moments: list[Due] = [
        due(rule, bank_holidays, _morning(one, authority, bank_holidays)) for one in published
    ]
    if moments:
        return min(moment.at for moment in moments)
    days = PupilDays(
        bank_holidays=bank_holidays, authority=authority.calendar if authority else None
    )
    return due(rule, bank_holidays, Morning(pupil_days=days)).at


def _morning(
    one: Organisation,
    authority: Organisation | None,
    bank_holidays: BankHolidays,
    area_lead: int | None = None,
) -> Morning:
    """Lead: the school's own, else the area's, else half an hour."""
    own = one.lead_minutes if one.lead_minutes is not None else area_lead
    return Morning(
        pupil_days=_pupil_days(one, authority, bank_holidays),
        gate=one.opens,
        lead_minutes=LEAD_MINUTES if own is None else own,
    )


def _pupil_days(
    one: Organisation, authority: Organisation | None, bank_holidays: BankHolidays
) -> PupilDays:
    return PupilDays(
        bank_holidays=bank_holidays,
        own=one.calendar,
        authority=authority.calendar if authority else None,
    )


def _reaches(one: Organisation, start: datetime) -> bool:
    calendar = one.calendar
    return calendar is not None and any(term.end > start.date() for term in calendar.terms)
