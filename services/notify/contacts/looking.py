"""Of which organisations do the contacts need looking at, and what for?

What delivery has learnt stays here, and the directory is not told: data goes one way (ADR 0041).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.messages import Organisation
from services.notify.domain.announcing import RUN
from services.notify.domain.contact_needs import UNOPENED_TIMES, Need, needs
from services.notify.domain.localtime import instant, local_day
from services.notify.domain.notification import UNOPENED
from services.notify.ledger import Ledger
from services.notify.readmodels import asks
from services.notify.readmodels.mailboxes import Mailboxes, refusals
from services.notify.readmodels.state import NOTIFICATIONS, NUDGED, NUDGES

_UNOPENED = [state.value for state in UNOPENED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    organisation: Organisation
    needs: tuple[Need, ...]


def asking_day(now: datetime) -> date:
    """A day's asking begins with the morning's round, so that nobody's night is filled with it."""
    today = local_day(now)
    return today if now >= instant(today, RUN) else today - timedelta(days=1)


class Looking:
    def __init__(self, ledger: Ledger, mailboxes: Mailboxes) -> None:
        self._ledger = ledger
        self._mailboxes = mailboxes

    async def found(self, also: Iterable[str] = ()) -> list[Found]:
        """Of those that need something, and of those named in `also` whether they do or not."""
        day = asking_day(self._ledger.now())
        async with self._ledger.rows() as tx:
            refused = await refusals(tx)
            unread = await _unread(tx)
            named = {*await asks.due(tx, day), *refused, *unread, *also}
        look = self._ledger.look.organisation
        known = [await look(one) for one in sorted(named)]
        return [
            Found(
                organisation=one,
                needs=tuple(
                    needs(
                        one,
                        day,
                        self._mailboxes.dead(one, refused.get(one.id, ())),
                        unread.get(one.id, {}),
                    )
                ),
            )
            for one in known
            if one is not None
        ]


async def _unread(tx: AsyncConnection) -> Mapping[str, dict[str, datetime]]:
    """By organisation and contact: nudges went, and the moments passed with nothing opened."""
    query = (
        select(NUDGES.c.organisation, NUDGES.c.contact, NOTIFICATIONS.c.due)
        .select_from(NUDGES)
        .join(NUDGED, NUDGED.c.nudge == NUDGES.c.nudge)
        .join(NOTIFICATIONS, NOTIFICATIONS.c.notification == NUDGED.c.notification)
        .where(NOTIFICATIONS.c.state.in_(_UNOPENED), NOTIFICATIONS.c.overdue.is_(True))
        .where(NUDGES.c.sent_at.is_not(None))
        .distinct()
    )
    moments: dict[tuple[str, str], set[datetime]] = defaultdict(set)
    for row in await tx.execute(query):
        moments[row.organisation, row.contact].add(row.due)
    found: dict[str, dict[str, datetime]] = defaultdict(dict)
    for (organisation, contact), passed in moments.items():
        if len(passed) >= UNOPENED_TIMES:
            found[organisation][contact] = min(passed)
    return found
