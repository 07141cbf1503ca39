"""When does the day of an establishment begin, as far as anybody has said? And of a whole place?"""

from dataclasses import dataclass
from datetime import datetime

from contracts.messages import ClockKind, ClockRule, Organisation
from contracts.school_days import AUTHORITY, SCHOOL, TRUST, newest_first
from services.notify.domain.calendars import BankHolidays, PupilDays
from services.notify.domain.deadlines import LEAD_MINUTES, Due, Morning, due
from services.notify.domain.localtime import local_day
from services.notify.domain.placement import is_open
from services.notify.readmodels.lookups import Lookups


async def authority_of(look: Lookups, place: str | None) -> Organisation | None:
    """The organisation of the local authority that this GSS code names."""
    return await look.authority(place) if place is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """Whose calendars speak where a school's own does not, and whose closures count beside it."""

    trust: Organisation | None = None
    authority: Organisation | None = None


async def above(look: Lookups, one: Organisation) -> Above:
    return Above(
        trust=await look.organisation(one.trust) if one.trust is not None else None,
        authority=await authority_of(look, one.local_authority),
    )


async def pupil_days(look: Lookups, one: Organisation, bank_holidays: BankHolidays) -> PupilDays:
    return _pupil_days(one, await above(look, one), bank_holidays)


async def morning(
    look: Lookups,
    one: Organisation,
    bank_holidays: BankHolidays,
    area_lead: int | None = None,
) -> Morning:
    return _morning(one, await above(look, one), bank_holidays, area_lead)


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
    trusts = {one.trust for one in published if one.trust is not None}
    known = {each: await look.organisation(each) for each in trusts}
    moments: list[Due] = []
    for one in published:
        over = Above(trust=known.get(one.trust or ""), authority=authority)
        moments.append(due(rule, bank_holidays, _morning(one, over, bank_holidays)))
    if moments:
        return min(moment.at for moment in moments)
    days = _pupil_days(None, Above(authority=authority), bank_holidays)
    return due(rule, bank_holidays, Morning(pupil_days=days)).at


def _morning(
    one: Organisation,
    over: Above,
    bank_holidays: BankHolidays,
    area_lead: int | None = None,
) -> Morning:
    """Lead: the school's own, else the area's, else half an hour."""
    own = one.lead_minutes if one.lead_minutes is not None else area_lead
    return Morning(
        pupil_days=_pupil_days(one, over, bank_holidays),
        gate=one.opens,
        lead_minutes=LEAD_MINUTES if own is None else own,
    )


def _pupil_days(one: Organisation | None, over: Above, bank_holidays: BankHolidays) -> PupilDays:
    layers = ((SCHOOL, one), (TRUST, over.trust), (AUTHORITY, over.authority))
    own, trust, authority = (each.calendar if each else None for _, each in layers)
    return PupilDays(
        bank_holidays=bank_holidays,
        own=own,
        trust=trust,
        authority=authority,
        closures=newest_first([(name, each.closures) for name, each in layers if each]),
    )


def _reaches(one: Organisation, start: datetime) -> bool:
    calendar = one.calendar
    return calendar is not None and any(term.end > start.date() for term in calendar.terms)
