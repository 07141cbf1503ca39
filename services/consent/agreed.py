"""What have areas settled, who has signed, and which agreement should have been reviewed?"""

import structlog

from contracts.agreements import in_force
from services.consent.domain.days import london_day
from services.consent.domain.signing import is_unreviewed
from services.consent.parts import Part, Parts
from services.consent.settling import http as settling
from services.consent.settling import signatories
from services.consent.streams.events import SettingEvent

EVENTS = (SettingEvent,)


def build_agreed(parts: Parts) -> Part:
    _warn_of_lapsed_reviews(parts)
    return Part(
        routers=(
            settling.routes(parts.store, parts.agreements),
            signatories.routes(parts.store, parts.agreements, parts.clock),
        )
    )


def _warn_of_lapsed_reviews(parts: Parts) -> None:
    """Once at the start, for whoever runs it: such an agreement is relied on as before."""
    today = london_day(parts.clock.now())
    for agreement in in_force(parts.agreements, today):
        if is_unreviewed(agreement, today):
            structlog.get_logger().warning(
                "agreement review overdue",
                agreement=agreement.id,
                agreement_version=agreement.version,
                review_on=agreement.review_on.isoformat(),
            )
