"""What is an answer to "what would happen?", and what of it may who asks be shown (ADR 0032)?

The same words as a decision in the log has; fields by name only, so that nobody is shown anything.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from contracts.messages import Outcome, Reason
from contracts.own_reasons import NOT_SHOWN, RULES
from services.consent.cases.proposing import said
from services.consent.domain.decision import Decision, Obligation, Terms, Verdict
from services.consent.domain.signing import is_unreviewed

Json = dict[str, Any]


def explanation(verdict: Verdict, sender: str | None, today: date) -> Json:
    """`sender`: the agency that asks about its own event; None for who may see every reason."""
    owed = [one for one in verdict.obligations if sender in (None, one.owner.organisation)]
    return {
        "decisions": [_decision(one, whole=sender is None) for one in verdict.decisions],
        "obligations": [_obligation(one) for one in owed],
        "note": verdict.note,
        "warnings": _warnings(verdict.decisions, today),
        "sees": "all" if sender is None else "own",
    }


def _warnings(decisions: Iterable[Decision], today: date) -> list[Json]:
    """A lapsed review stops nothing, and everybody who asks is told of it (ADR 0029)."""
    relied_on = {one.terms.agreement.id: one.terms.agreement for one in decisions if one.terms}
    return [
        {"agreement": name, "says": f"Its review was due on {one.review_on.isoformat()}."}
        for name, one in sorted(relied_on.items())
        if is_unreviewed(one, today)
    ]


def _decision(decision: Decision, *, whole: bool) -> Json:
    told: Json = {
        "about": decision.about,
        "audience": decision.audience,
        "outcome": decision.outcome.value,
        "because": [_reason(reason, whole=whole) for reason in decision.because],
    }
    if decision.terms is not None:
        told |= _terms(decision.terms)
    if decision.outcome is Outcome.HELD:
        told["if_released"] = True
    return told


def _reason(reason: Reason, *, whole: bool) -> Json:
    """The rule stands in the contract and stays; its words may tell what another agency knows."""
    told = reason.model_dump(mode="json")
    return told if whole or reason.rule in RULES else {**told, "says": NOT_SHOWN}


def _terms(terms: Terms) -> Json:
    """As the log says it, and by when it would be due, which travels with the disclosure."""
    told = said(terms)
    plain = {
        name: value.model_dump(mode="json") if name in ("basis", "tell_subject") else value
        for name, value in told.items()
    }
    return {
        **plain,
        "shows": list(told["shows"]),
        "drops": list(told["drops"]),
        "due": terms.due.model_dump(mode="json"),
    }


def _obligation(owed: Obligation) -> Json:
    return {
        "kind": owed.kind,
        "about": owed.about,
        "owner": owed.owner.model_dump(mode="json", exclude_none=True),
        "due": owed.due.model_dump(mode="json"),
    }
