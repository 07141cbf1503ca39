"""What may the sender of an event see of what became of it? What is its own, and times (ADR 0025).

Everything is named that it may see: a rule or a fact that comes later is hidden until somebody
has thought about it.
"""

from typing import Any

Json = dict[str, Any]

# They rest on the event itself, on who has signed what, or on the consent that the sender relies
# on and must be able to show. Not here: what other agencies have told of the same people.
RULES = frozenset(
    """
    sender-is-a-party silence corrected-away a-person-released-it a-person-withheld-it
    incident-is-domestic-abuse incident-is-graded-high incident-concerns-a-child intent-is-refer
    child-is-under-18 person-is-known-to-be-adult child-has-reached harmed-has-reached
    child-is-related-to-a-party parties-are-both-under-16 one-party-is-under-16
    child-lives-in-another-force-area
    child-may-have-a-school child-is-home-educated child-is-missing-education
    hold-asked-by-sender never-tell-names-a-recipient investigation-is-covert
    abuse-is-honour-based offence-is-sexual summary-needs-a-reader
    place-is-known lives-by-own lives-by-family lives-by-incident
    dash-score-reaches officer-judges-high-risk
    a-child-is-concerned significant-harm-is-stated client-died appointment-was-referred
    assessment-referred-by-social-care
    client-allows-this-sharing consent-given consent-refused consent-withdrawn consent-expired
    consent-never-asked consent-does-not-cover consent-is-in-doubt
    """.split()
)
OTHERS = {
    "rule": "what-others-told",
    "version": "1",
    "says": "It rests on what other agencies have told, which is not shown here.",
}
# Of a step: nobody's name, and not what the recipient did with it beside reading and recording.
_OF_A_STEP = frozenset({"what", "at", "due", "again", "way"})
_STEPS = frozenset(
    "scheduled in-inbox consent-not-confirmed nudged announced opened acknowledged not-ours "
    "cancelled withdrawn superseded unchanged-by-correction overdue due-moved".split()
)
_OF_A_NOTIFICATION = frozenset({"state", "due", "overdue"})


def for_the_sender(found: Json, agency: str) -> Json:
    return {
        **found,
        "decisions": [_decision(one) for one in found["decisions"]],
        "tasks": [one for one in found["tasks"] if one["owner"] == agency],
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
