"""Until when is a case kept, and what ends then? Calendar months, by the agreements that applied.

The longest of the agreements under which something was disclosed, or is held ready to be; where
everything was withheld, the shortest of those that were asked. An incident or treatment event
that no agreement spoke of ends with the shortest of all. What stands until it is replaced (a
consent, a status, a referral) and was covered by no agreement has no end of its own (ADR 0033).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from services.consent.domain.days import LONDON, london_day, months_after
from services.consent.domain.noting import CHILD_INCIDENT, PAIR_INCIDENT

# Facts that are counted over twelve months and then never asked for again.
HISTORY = frozenset({CHILD_INCIDENT, PAIR_INCIDENT})
HISTORY_MONTHS = 13
_ENDS_BY_ITSELF = ("police.", "treatment.")


@dataclass(frozen=True, slots=True)
class Term:
    """`agreement` is `id@version`, or empty where none spoke of the case."""

    agreement: str
    months: int


def term_of(
    event_type: str,
    *,
    shared: Collection[str],
    withheld: Collection[str],
    months: Mapping[str, int],
) -> Term | None:
    """`shared` and `withheld` name agreements as `id@version`; None: nothing says when it ends.

    A version that is on file no longer counts as the longest of all: doubt keeps, it never erases.
    """
    if not months:
        return None
    longest = max(months.values())
    if shared:
        return max((_term(one, months, longest) for one in shared), key=_longest_first)
    if withheld:
        return min((_term(one, months, longest) for one in withheld), key=_longest_first)
    if not event_type.startswith(_ENDS_BY_ITSELF):
        return None
    return Term("", min(months.values()))


def end_of(start: datetime, months: int) -> datetime:
    """The anniversary is still inside: the first instant after it, Europe/London, in UTC."""
    after = months_after(london_day(start), months) + timedelta(days=1)
    return datetime.combine(after, time(0), LONDON).astimezone(UTC)


def history_ends(start: datetime) -> datetime:
    """When an incident can be counted by nobody any more, whatever an agreement keeps."""
    return end_of(start, HISTORY_MONTHS)


def _term(agreement: str, months: Mapping[str, int], otherwise: int) -> Term:
    return Term(agreement, months.get(agreement, otherwise))


def _longest_first(term: Term) -> tuple[int, str]:
    return term.months, term.agreement
