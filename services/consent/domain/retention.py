"""Until when is a case kept, and what ends then? Calendar months, by the agreements that applied.

The longest of the agreements under which something was disclosed, or is held ready to be; where
everything was withheld, the shortest of those that were asked. An incident or treatment event
that no agreement spoke of ends with the shortest of all. What else no agreement covers has a
ground of its own: a number of months that the area settles, and a default until it has (ADR 0036).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from services.consent.domain.days import LONDON, london_day, months_after
from services.consent.domain.noting import CHILD_INCIDENT, PAIR_INCIDENT

# Facts that are counted over twelve months and then never asked for again.
HISTORY = frozenset({CHILD_INCIDENT, PAIR_INCIDENT})
HISTORY_MONTHS = 13

# No law that was read gives these a number. Each is a default of this software, `to be confirmed by
# the area`: 13 months are a repeat window of twelve and one more, 61 the longest that an area may
# set for a conference and one more, 73 six years and one.
CONSENT, STATUS, REFERRAL = "consent", "status", "referral"
CONFERENCE, MARAC = "conference", "marac"
REQUEST, LEGAL_HOLD = "request", "legal-hold"
GROUNDS: Mapping[str, int] = {
    CONSENT: 73,
    STATUS: 73,
    REFERRAL: 13,
    CONFERENCE: 13,
    MARAC: 61,
    REQUEST: 25,  # after the answer
    LEGAL_HOLD: 25,  # after it was lifted
}
_GROUND_OF = {
    "consent.": CONSENT,
    "safeguarding.": STATUS,
    "referral.": REFERRAL,
    "conference.": CONFERENCE,
    "marac.": MARAC,
}


@dataclass(frozen=True, slots=True)
class Term:
    """`agreement` is `id@version`, or empty where none spoke of the case: then by `ground`."""

    agreement: str
    months: int
    ground: str = ""


def ground_of(event_type: str) -> str:
    """What gives an end to a case of this type that no agreement covers; empty: an agreement."""
    return next((one for start, one in _GROUND_OF.items() if event_type.startswith(start)), "")


def term_of(
    event_type: str,
    *,
    shared: Collection[str],
    withheld: Collection[str],
    months: Mapping[str, int],
    grounds: Mapping[str, int] = GROUNDS,
) -> Term | None:
    """`shared` and `withheld` name agreements as `id@version`; None: nothing says when it ends.

    A version that is on file no longer counts as the longest of all: doubt keeps, it never erases.
    """
    ground = ground_of(event_type)
    if ground and not shared and not withheld:
        return Term("", grounds[ground], ground)
    if not months:
        return None
    longest = max(months.values())
    if shared:
        return max((_term(one, months, longest) for one in shared), key=_longest_first)
    if withheld:
        return min((_term(one, months, longest) for one in withheld), key=_longest_first)
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
