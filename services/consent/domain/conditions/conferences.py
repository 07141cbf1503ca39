"""What does a referral state: the risk, the adult's word on it, a harm to a child?"""

from contracts.events.marac import MaracReferralMade
from services.consent.domain.question import Condition, Finding, Question, Unknown


def conference_of(question: Question) -> MaracReferralMade:
    conference = question.matter.conference
    if conference is None:
        raise Unknown("The event is no referral to a risk conference.")
    return conference


def gives_a_reason(question: Question) -> Finding:
    """Any of the reasons is the conference's threshold; without one a person must ask for it."""
    if conference_of(question).reasons:
        return Finding(applies=True, says="The referral says why the case is one of high risk.")
    raise Unknown("The referral gives no reason: whether it reaches the threshold is not known.")


def refused_for_herself_alone(question: Question) -> Finding:
    """Nobody overrides a capable adult's refusal by machine, nor lets it stand by machine."""
    told = conference_of(question)
    if told.consent != "refused":
        return Finding(applies=False, says="The referral says of no refusal.")
    if told.children:
        return Finding(applies=False, says="The adult refused, and a child is at risk too.")
    return Finding(applies=True, says="The adult refused, and nobody else is said to be at risk.")


_WORD = {
    "given": "The adult harmed has consented.",
    "refused": "The adult harmed has refused; it does not by itself stop this.",
    "not-sought": "The adult harmed was not asked.",
    None: "The referral does not say whether the adult harmed was asked.",
}


def word_on_consent(question: Question) -> Finding:
    """Consent that is sought is recorded with the decision, whatever it was (golden rule 7)."""
    told = conference_of(question).consent
    return Finding(applies=True, says=_WORD[told], rule=f"consent-sought-{told or 'not-said'}")


def asks_to_act(question: Question) -> Finding:
    referral = question.matter.referral
    if referral is None:
        raise Unknown("The event is no referral of a child.")
    if referral.intent == "refer":
        return Finding(applies=True, says="The sender refers the child for significant harm.")
    return Finding(applies=False, says="The sender informs, and does not refer.")


def is_a_referral(question: Question) -> Finding:
    asks_to_act(question)
    return Finding(applies=True, says="The sender names the child to social care.")


_SOUGHT = "Crime and Disorder Act 1998 s.115; consent is sought, and not required at high risk"

CONDITIONS = {
    "referral-gives-a-reason": Condition(version="1", cites=_SOUGHT, test=gives_a_reason),
    "adult-refused-for-themselves-alone": Condition(
        version="1",
        cites="BMA and GMC: a capable adult's refusal, where only they are at risk",
        test=refused_for_herself_alone,
    ),
    "consent-was-sought": Condition(version="1", cites=_SOUGHT, test=word_on_consent),
    "referral-asks-to-act": Condition(
        version="1", cites="Children Act 1989 s.47", test=asks_to_act
    ),
    "child-is-named-in-a-referral": Condition(
        version="1", cites="Education Act 2002 s.175", test=is_a_referral
    ),
}
