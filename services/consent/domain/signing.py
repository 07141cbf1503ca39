"""Who may rely on an agreement today? Those who have signed it, while it is in force."""

from collections.abc import Iterable
from datetime import date

from contracts.agreements import Agreement
from contracts.messages import Outcome, Reason
from contracts.signatures import Signature
from services.consent.domain.question import Question
from services.consent.domain.weighing import Opinion


def signed_on(signatures: Iterable[Signature], day: date) -> frozenset[str]:
    return frozenset(one.organisation for one in signatures if one.on(day))


def last_day(agreements: Iterable[Agreement], agreement: str) -> date | None:
    """Of the last of its versions; None where one of them has no end."""
    ends = [one.in_force.until for one in agreements if one.id == agreement]
    return None if None in ends else max((end for end in ends if end), default=None)


def has_ended(agreements: Iterable[Agreement], agreement: str, day: date) -> bool:
    """A later version carries an agreement on; a lapsed review only warns."""
    end = last_day(agreements, agreement)
    return end is not None and end < day


def is_unreviewed(agreement: Agreement, day: date) -> bool:
    """Its review is overdue: people are warned, and everybody is told as before (ADR 0029)."""
    return agreement.review_on < day


def ended(agreement: Agreement, question: Question) -> Opinion:
    """What was agreed on the day of belief does not carry what is decided after the end."""
    because = Reason(
        rule="agreement-in-force",
        version=f"{agreement.id}@{agreement.version}",
        says="The agreement has ended: nothing more is told under it.",
    )
    return Opinion(
        agreement=agreement, question=question, outcome=Outcome.WITHHELD, because=(because,)
    )
