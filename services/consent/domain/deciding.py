"""Who may be told what of this event, and why were the others not? Pure and total.

Every audience of every agreement in force for the type gets an answer for every person that it is
about; an agreement that is a local choice is not in force where the area has not opened it (ADR
0028). The order of the agreements does not matter, and adding one never takes away what another
discloses (ADR 0008).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from contracts.agreements import Agreement, in_force
from contracts.messages import Outcome, Reason
from services.consent.domain.conditions.register import CONDITIONS
from services.consent.domain.days import london_day
from services.consent.domain.decision import Decision, Terms, Verdict
from services.consent.domain.facts import Area, Facts
from services.consent.domain.matter import Matter, subjects_of
from services.consent.domain.obligations import obligations_of
from services.consent.domain.question import Condition, ask
from services.consent.domain.retracted import after_retraction, is_older, note_of
from services.consent.domain.signing import ended, has_ended, last_day
from services.consent.domain.terms import terms_of
from services.consent.domain.weighing import Opinion, weigh

_BEST_FIRST = (Outcome.DISCLOSED, Outcome.HELD, Outcome.WITHHELD)


def decide(
    matter: Matter,
    facts: Facts,
    area: Area,
    agreements: Iterable[Agreement],
    pepper: bytes,
    conditions: Mapping[str, Condition] = CONDITIONS,
) -> Verdict:
    known = tuple(agreements)
    opinions = opinions_of(matter, facts, area, known, conditions)
    answers = tuple(
        _combined(opinions[asked], known, conditions, pepper) for asked in sorted(opinions)
    )
    decisions = after_retraction(matter, facts, answers)
    return Verdict(
        decisions=decisions,
        obligations=()
        if is_older(matter, facts)
        else obligations_of(matter, facts, area, decisions, opinions),
        note=note_of(matter, facts)
        if decisions
        else "No agreement in force says anything of anybody in this event.",
    )


Asked = tuple[str, str]  # the ref of a person, an audience


def opinions_of(
    matter: Matter,
    facts: Facts,
    area: Area,
    agreements: Sequence[Agreement],
    conditions: Mapping[str, Condition],
) -> dict[Asked, list[Opinion]]:
    found: dict[Asked, list[Opinion]] = {}
    today = london_day(matter.now)
    for agreement in in_force(agreements, matter.day_of_belief):
        if matter.type not in agreement.events or not _is_open_anywhere(agreement, area):
            continue
        over = has_ended(agreements, agreement.id, today)
        for audience, recipient in agreement.audiences.items():
            for person in subjects_of(matter, recipient.about):
                question = ask(matter, facts, area, person, audience, agreement)
                if not agreement.is_open(question.policy.settings):
                    continue
                opinion = (
                    ended(agreement, question) if over else weigh(agreement, question, conditions)
                )
                found.setdefault((person.ref, audience), []).append(opinion)
    return found


def _is_open_anywhere(agreement: Agreement, area: Area) -> bool:
    """Most areas have opened few of the local choices: nothing is asked of those."""
    return agreement.opened_by is None or any(
        policy.agreement == agreement.id and agreement.is_open(policy.settings)
        for policy in area.policies
    )


def _combined(
    opinions: Sequence[Opinion],
    agreements: Sequence[Agreement],
    conditions: Mapping[str, Condition],
    pepper: bytes,
) -> Decision:
    """Any that discloses, else any that holds, else withheld with what each of them says."""
    outcome = next(best for best in _BEST_FIRST if any(o.outcome is best for o in opinions))
    agreeing = sorted(
        (o for o in opinions if o.outcome is outcome),
        key=lambda o: (o.agreement.rests_on_consent, o.agreement.id),
    )
    question = opinions[0].question
    return Decision(
        about=question.person.ref,
        audience=question.audience,
        outcome=outcome,
        because=_reasons(agreeing),
        terms=None
        if outcome is Outcome.WITHHELD
        else _until_its_end(terms_of(agreeing, conditions, pepper), agreements),
        two_person=any(opinion.two_person for opinion in agreeing),
    )


def _until_its_end(terms: Terms, agreements: Sequence[Agreement]) -> Terms:
    """Looked at again in the moment of telling: it may lie scheduled beyond the end."""
    until = last_day(agreements, terms.agreement.id)
    return replace(terms, routing=terms.routing.model_copy(update={"agreement_until": until}))


def _reasons(opinions: Iterable[Opinion]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for opinion in opinions for reason in opinion.because))
