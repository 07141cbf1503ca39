"""Is this pair one for the risk conference: by risk, by judgement, by escalation, by repeat?"""

from datetime import datetime

from services.consent.domain.conditions.incidents import incident_of
from services.consent.domain.days import within_months_after
from services.consent.domain.facts import MaracEntry
from services.consent.domain.question import Condition, Finding, Question


def is_at_threshold(question: Question) -> Finding:
    dash = incident_of(question).dash
    threshold = int(question.params["threshold"])
    if dash is not None and dash.score >= threshold:
        return Finding(applies=True, says=f"The score is at or over this area's {threshold}.")
    return Finding(applies=False, says=f"No score at or over this area's {threshold}.")


def is_judged_high(question: Question) -> Finding:
    dash = incident_of(question).dash
    if dash is not None and dash.professional_judgement:
        return Finding(applies=True, says="The officer's professional judgement is high risk.")
    return Finding(applies=False, says="No professional judgement of high risk is recorded.")


def is_escalating(question: Question) -> Finding:
    """Incidents of the same pair in the same roles in twelve months, this one included."""
    incident_of(question)
    needed = int(question.params["count"])
    then = question.matter.happened_at
    months = int(question.params["months"])
    count = 1 + sum(
        at == then or within_months_after(at, then, months) for at in question.facts.between
    )
    if count >= needed:
        return Finding(
            applies=True,
            says=f"Incident {count} of the pair in {months} months: {needed} escalate.",
        )
    return Finding(applies=False, says=f"Incident {count} of the pair in {months} months.")


def is_repeat(question: Question) -> Finding:
    incident_of(question)
    last = latest_in_window(question, question.facts.marac)
    if last is not None:
        return Finding(applies=True, says=f"Within the window after the pair's last {last.kind}.")
    if latest_in_window(question, question.facts.marac_reversed) is not None:
        return Finding(
            applies=False,
            says="The pair was at MARAC in reversed roles: not matched, a person confirms.",
            rule="marac-roles-are-reversed",
        )
    return Finding(applies=False, says="No MARAC referral or hearing of the pair in the window.")


def latest_in_window(question: Question, entries: tuple[MaracEntry, ...]) -> MaracEntry | None:
    """The anchor is the area's: the last referral (SafeLives today) or the last meeting."""
    window = question.params["window"]
    anchor, months = window.get("anchor", "referral"), int(window.get("months", 12))
    then: datetime = question.matter.happened_at
    anchored = [entry for entry in entries if entry.kind == anchor and entry.at < then]
    last = max(anchored, key=lambda entry: entry.at, default=None)
    if last is None or not within_months_after(last.at, then, months):
        return None
    return last


_SAFELIVES = "Crime and Disorder Act 1998 s.115; SafeLives Marac criteria"

CONDITIONS = {
    "dash-score-reaches": Condition(version="1", cites=_SAFELIVES, test=is_at_threshold),
    "officer-judges-high-risk": Condition(version="1", cites=_SAFELIVES, test=is_judged_high),
    "incidents-escalate": Condition(version="1", cites=_SAFELIVES, test=is_escalating),
    "pair-is-a-marac-repeat": Condition(version="1", cites=_SAFELIVES, test=is_repeat),
}
