"""On what terms does a person disclose what was withheld, because of a risk of serious harm now?

A person answers for the sharing; what nobody may see stays unseen: a refuge, what no profile of
this audience names, unsuitable words to a school. Who must not read, or is never told, stays so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from contracts.agreements import Agreement, in_force
from contracts.messages import ClockKind, ClockRule
from contracts.people import Person
from services.consent.domain.conditions.handling import unsuitable_texts
from services.consent.domain.content import available, pick
from services.consent.domain.days import utc
from services.consent.domain.decision import Terms
from services.consent.domain.facts import Area, Facts
from services.consent.domain.matter import Matter, by_ref, subjects_of
from services.consent.domain.question import Question, ask, profile_of
from services.consent.domain.terms import is_death, routing_of

OVERRIDDEN = "overridden"
NOT_UPHELD = "override-not-upheld"


class CannotOverride(Exception):
    """Where in the request, and why."""

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer = pointer
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whom to tell of whom; `agreement` and `profile` where a person has chosen."""

    about: str
    audience: str
    agreement: str | None = None
    profile: str | None = None


def terms_in_emergency(
    matter: Matter,
    facts: Facts,
    area: Area,
    agreements: Iterable[Agreement],
    wanted: Wanted,
    pepper: bytes,
) -> Terms:
    """Raises CannotOverride."""
    person = by_ref(matter)[wanted.about]
    speaking = _speaking(matter, person, agreements, wanted.audience)
    asked = [ask(matter, facts, area, person, wanted.audience, one) for one in speaking]
    agreement, question = _in_question(zip(speaking, asked, strict=True), wanted)
    profile = _profile(agreement, question, wanted)
    fields = available(question)
    content = pick(fields, agreement.profiles[profile])
    if wanted.audience == "education":
        content = {k: v for k, v in content.items() if k not in unsuitable_texts(question)}
    routing = routing_of(agreement, question, pepper).model_copy(
        update={"signatories": None, "agreement_until": None, "by_override": True}
    )
    return Terms(
        agreement=agreement,
        profile=profile,
        content=content,
        drops=tuple(sorted(set(fields) - set(content))),
        due=ClockRule(kind=ClockKind.CLOCK_HOURS, starts_at=utc(matter.now), hours=1),
        routing=routing,
        rests_on_consent=False,
        phone_first=is_death(question),
        urgent=True,
    )


def review_by(matter: Matter) -> ClockRule:
    """The next working day, at the close of office hours (ADR 0029)."""
    return ClockRule(kind=ClockKind.WORKING_DAY, starts_at=utc(matter.now), days=1, at=time(17, 0))


def breach_by(reviewed_at: datetime) -> ClockRule:
    """72 clock hours from when it is known that the override was wrong."""
    return ClockRule(kind=ClockKind.CLOCK_HOURS, starts_at=utc(reviewed_at), hours=72)


def _in_question(
    candidates: Iterable[tuple[Agreement, Question]], wanted: Wanted
) -> tuple[Agreement, Question]:
    """The one that speaks of this audience and this person, on the day of belief, in this area."""
    named = [
        (one, question)
        for one, question in candidates
        if wanted.agreement in (None, one.id) and one.is_open(question.policy.settings)
    ]
    if not named:
        raise CannotOverride("/agreement", "No agreement of that name speaks of this audience")
    if len(named) > 1:
        ids = ", ".join(sorted(one.id for one, _ in named))
        raise CannotOverride("/agreement", f"Several agreements speak of this audience: {ids}")
    return named[0]


def _speaking(
    matter: Matter, person: Person, agreements: Iterable[Agreement], audience: str
) -> Sequence[Agreement]:
    return [
        one
        for one in in_force(agreements, matter.day_of_belief)
        if matter.type in one.events
        for name, recipient in one.audiences.items()
        if name == audience and person in subjects_of(matter, recipient.about)
    ]


def _profile(agreement: Agreement, question: Question, wanted: Wanted) -> str:
    if wanted.profile is None:
        return profile_of(agreement, question.audience, question.policy)
    if wanted.profile not in agreement.choosable(question.audience):
        raise CannotOverride("/profile", "The agreement has no such profile for this audience")
    return wanted.profile
