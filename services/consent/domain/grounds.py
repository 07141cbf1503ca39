"""Has a ground for sharing arisen since? Which events open one, and how far back is looked?

A dropout told on Monday was withheld; on Tuesday an enquiry under section 47 opens: there is a duty
now. Only what a provider told within the window, and nobody was told of, is decided again; a ground
that ends changes nothing that is past (ADR 0029).
"""

from datetime import timedelta

from contracts.events.referral import ReferralMade
from contracts.events.safeguarding import StatusChanged
from contracts.messages import Reason
from contracts.people import Person
from contracts.scalars import Shape
from services.consent.domain.conditions.treatment import OPEN

# Design, to be confirmed by the area.
WINDOW = timedelta(days=28)
TREATMENT = frozenset({"treatment.episode.ended.v1", "treatment.appointment.missed.v1"})
AROSE = Reason(
    rule="ground-arose-later",
    version="1",
    says="When it was told there was no ground to share it; one has arisen since.",
)


def child_of_a_new_ground(told: Shape) -> Person | None:
    """The child about whom this opens a duty to share."""
    match told:
        case StatusChanged() if told.status in OPEN:
            return told.child
        case ReferralMade() if told.intent == "refer":
            return told.child
        case _:
            return None
