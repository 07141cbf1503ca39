"""What may the sender of an event see of what became of it? What is its own, and times (ADR 0025).

Everything is named that it may see: a rule or a fact that comes later is hidden until somebody
has thought about it.
"""

from typing import Any

from contracts.own_reasons import NOT_SHOWN, RULES

Json = dict[str, Any]

OTHERS = {
    "rule": "what-others-told",
    "version": "1",
    "says": NOT_SHOWN,
}
# Of a step: nobody's name, and not what the recipient did with it beside reading and recording.
_OF_A_STEP = frozenset({"what", "at", "due", "again", "way"})
_STEPS = frozenset(
    "scheduled in-inbox consent-not-confirmed nudged announced opened acknowledged not-ours "
    "cancelled withdrawn taken-back superseded unchanged-by-correction overdue due-moved".split()
)
_OF_A_DELETION = frozenset({"audience", "state", "due", "overdue", "confirmed_at"})
_OF_A_NOTIFICATION = frozenset({"state", "due", "overdue"})


def for_the_sender(found: Json, agency: str) -> Json:
    return {
        **found,
        "decisions": [_decision(one) for one in found["decisions"]],
        "tasks": [one for one in found["tasks"] if one["owner"] == agency],
        "deletions": [_kept(one, _OF_A_DELETION) for one in found["deletions"]],
        "related": [one for one in found["related"] if one["source"] == found["source"]],
    }


def _decision(one: Json) -> Json:
    notifications = [_notification(told) for told in one["notifications"]]
    if "because" not in one:
        return {**one, "notifications": notifications}
    own = [reason for reason in one["because"] if reason["rule"] in RULES]
    return {**one, "because": own or [OTHERS], "notifications": notifications}


def _notification(told: Json) -> Json:
    steps = [_kept(step, _OF_A_STEP) for step in told["steps"] if step["what"] in _STEPS]
    return {**_kept(told, _OF_A_NOTIFICATION), "steps": steps}


def _kept(whole: Json, names: frozenset[str]) -> Json:
    return {name: value for name, value in whole.items() if name in names}
