"""What does one agreement say of one person and one audience?

Forbidding wins; what cannot be evaluated is held for a person; silence withholds (ADR 0008).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from contracts.agreement_parts import Condition as Named
from contracts.agreements import Agreement
from contracts.messages import Outcome, Reason
from services.consent.domain.question import Condition, Finding, Question, Unknown

_UNKNOWN = "This could not be evaluated: a person must look."


@dataclass(frozen=True, kw_only=True)
class Opinion:
    agreement: Agreement
    question: Question
    outcome: Outcome
    because: tuple[Reason, ...]
    two_person: bool = False  # held, and two must release it


class _Answer(NamedTuple):
    agreement: Agreement
    effect: str
    finding: Finding | None  # None: broken
    rule: str
    says: str
    release: str = "one-person"

    @property
    def reason(self) -> Reason:
        """Made of the few that are said."""
        return _reason(self.agreement, self.rule, self.says)

    @property
    def is_worth_saying(self) -> bool:
        """A note that is true, or that names another rule because it is nearly so."""
        return self.finding is not None and (self.finding.applies or self.finding.rule is not None)


def weigh(agreement: Agreement, question: Question, conditions: Mapping[str, Condition]) -> Opinion:
    answers = [_sender(agreement, question)]
    answers += [
        _answer(agreement, named, question, conditions)
        for named in agreement.conditions
        if named.concerns(question.audience, question.matter.type)
    ]
    outcome, said = _combined(answers)
    reasons = [answer.reason for answer in said]
    if not reasons:
        reasons = [_reason(agreement, "silence", "Nothing in the agreement permits it.")]
    return Opinion(
        agreement=agreement,
        question=question,
        outcome=outcome,
        because=tuple(reasons),
        two_person=outcome is Outcome.HELD and _needs_two(agreement, question, said),
    )


def _needs_two(agreement: Agreement, question: Question, said: list[_Answer]) -> bool:
    """An area may ask for more than the agreement does, never for less (ADR 0030)."""
    asked = {answer.release for answer in said if answer.effect == "hold"}
    return "two-person" in asked | {agreement.release, question.policy.settings.get("release")}


def _combined(answers: list[_Answer]) -> tuple[Outcome, list[_Answer]]:
    """A hold, or what cannot be told, matters only where something would permit it otherwise."""
    forbidding, holding, permitting, supporting, silent = _sorted(answers)
    notes = [answer for answer in answers if answer.effect == "note" and answer.is_worth_saying]
    if forbidding:
        return Outcome.WITHHELD, forbidding
    doubtful = [a for a in answers if a.effect == "permit" and a.finding is None]
    if holding and (permitting or doubtful):
        return Outcome.HELD, holding + notes
    if permitting:
        return Outcome.DISCLOSED, permitting + supporting + notes
    return Outcome.WITHHELD, silent + notes


def _sorted(answers: list[_Answer]) -> tuple[list[_Answer], ...]:
    forbidding: list[_Answer] = []
    holding: list[_Answer] = []
    permitting: list[_Answer] = []
    supporting: list[_Answer] = []
    silent: list[_Answer] = []
    for answer in answers:
        effect, finding = answer.effect, answer.finding
        if effect == "note":
            continue
        if finding is None:
            holding.append(answer)
        elif effect == "permit":
            (permitting if finding.applies else silent).append(answer)
        elif effect in ("require", "covers"):
            (supporting if finding.applies else forbidding).append(answer)
        elif finding.applies:  # a forbid or hold that does not apply says nothing
            (holding if effect == "hold" else forbidding).append(answer)
    return forbidding, holding, permitting, supporting, silent


def _answer(
    agreement: Agreement, named: Named, question: Question, conditions: Mapping[str, Condition]
) -> _Answer:
    finding = None
    try:
        if named.parameters:
            params = agreement.settled(named, question.policy.settings)
            question = replace(question, params=params)
        finding = conditions[named.use].test(question)
        rule, says = finding.rule or named.rule, finding.says
    except Unknown as unknown:
        rule, says = named.rule, str(unknown)
    except Exception:  # noqa: BLE001 - any fault in a condition must hold, never disclose (ADR 0008)
        rule, says = named.rule, _UNKNOWN
    return _Answer(
        agreement=agreement,
        effect=named.effect,
        finding=finding,
        rule=rule,
        says=says,
        release=named.release,
    )


def _sender(agreement: Agreement, question: Question) -> _Answer:
    """Only a party to the agreement that has signed it may rely on it."""
    agency = question.matter.agency
    signed = question.area.signatories.get(agreement.id)
    finding: Finding | None
    if signed is not None and agency not in signed:
        finding = Finding(applies=False, says="The sender has not signed the agreement.")
    elif "any" in agreement.parties.senders:
        finding = Finding(applies=True, says="The sender is a party to the agreement.")
    elif (sender := question.area.organisations.get(agency)) is None:
        finding = None
    else:
        finding = _party(sender.kind in agreement.parties.senders)
    says = finding.says if finding else "The sender is not in the directory."
    return _Answer(
        agreement=agreement, effect="require", finding=finding, rule="sender-is-a-party", says=says
    )


def _party(is_party: bool) -> Finding:
    if is_party:
        return Finding(applies=True, says="The sender is a party to the agreement.")
    return Finding(applies=False, says="The sender is no party to the agreement.")


def _reason(agreement: Agreement, rule: str, says: str) -> Reason:
    return Reason(rule=rule, version=f"{agreement.id}@{agreement.version}", says=says)
