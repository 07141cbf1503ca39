"""May this organisation still be told under the agreement? Asked in the moment of telling.

What was decided yesterday may have lain scheduled: since then the agreement may have ended, or the
organisation may have left it (ADR 0029).
"""

from collections.abc import Mapping
from datetime import date

from contracts.messages import Routing
from contracts.signatures import AgreementSigned
from services.notify.domain.notification import Why

Signed = Mapping[str, AgreementSigned]  # by agreement, as consent told it last


def why_not(
    agreement: str | None, organisation: str, routing: Routing, signed: Signed, day: date
) -> Why | None:
    """None: it may be told. What a person discloses in an emergency asks for no signature."""
    if routing.by_override:
        return None
    if routing.agreement_until is not None and routing.agreement_until < day:
        return Why.AGREEMENT_ENDED
    told = signed.get(agreement or "")
    if told is not None and not told.has_signed(organisation, day):
        return Why.NOT_SIGNATORY
    return None


def as_signed(agreement: str | None, routing: Routing, signed: Signed, day: date) -> Routing:
    """Only those who had signed when it was decided, and who have still signed today."""
    told = signed.get(agreement or "")
    if told is None or told.signatures is None or routing.by_override:
        return routing
    today = {one.organisation for one in told.signatures if one.on(day)}
    then = today if routing.signatories is None else today.intersection(routing.signatories)
    return routing.model_copy(update={"signatories": tuple(sorted(then))})
