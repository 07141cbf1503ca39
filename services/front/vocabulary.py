"""Which plain words stand for the words of the contract? Audiences, states, kinds and reasons."""

from collections.abc import Callable, Mapping

STATES = {
    "scheduled": "New",
    "announced": "New",
    "opened": "Read",
    "acknowledged": "Recorded",
    "not-ours": "Not ours",
    "cancelled": "Cancelled",
    "withdrawn": "Withdrawn",
    "superseded": "Corrected",
}
AUDIENCES = {
    "education": "The child's school or college",
    "home-education-officer": "The council's officer for home education",
    "children-missing-education": "The council's officer for children missing education",
    "childrens-social-care": "Children's social care",
    "health-visiting": "Health visiting",
    "school-nursing": "School nursing",
    "midwifery": "Midwifery",
    "general-practice": "The GP practice",
    "marac": "The MARAC (multi-agency risk assessment conference)",
    "idva": "The IDVA (independent domestic violence adviser)",
    "treatment": "The treatment provider",
    "housing": "Housing",
    "probation": "Probation",
    "adult-social-care": "Adult social care",
    "police": "The police force where the child lives",
    "referrer": "Who made the referral",
}
SHORT = {
    **AUDIENCES,
    "education": "School or college",
    "home-education-officer": "Home education",
    "children-missing-education": "Missing education",
    "marac": "MARAC",
    "idva": "IDVA",
    "police": "Police",
}
EVENTS = {
    "police.incident.recorded.v1": "Police incident",
    "police.incident.corrected.v1": "Correction of a police incident",
    "police.incident.retracted.v1": "Withdrawal of a police incident",
    "treatment.episode.ended.v1": "End of a course of treatment",
    "treatment.appointment.missed.v1": "Missed appointment",
    "consent.given.v1": "Consent given",
    "consent.refused.v1": "Consent refused",
    "consent.withdrawn.v1": "Consent withdrawn",
    "safeguarding.status.changed.v1": "Change of safeguarding status",
    "referral.made.v1": "Referral",
    "referral.answered.v1": "Answer to a referral",
    "marac.referral.made.v1": "Referral to the MARAC",
    "marac.case.heard.v1": "Case heard by the MARAC",
    "marac.case.transferred.v1": "Case passed to another MARAC",
    "conference.convened.v1": "Child protection conference",
}
TASKS = {
    "resolve-school": "Find the right school",
    "review-hold": "Decide what is held",
    "phone-establishment": "Telephone the establishment",
    "hand-over-force": "Hand over to the other police force",
    "refer-to-lado": "Refer to the LADO (local authority designated officer)",
    "confirm-deletion": "Confirm that copies are deleted",
    "assess-breach": "Assess a possible breach",
    "tell-subject": "Tell the person concerned",
    "chase-referral": "Chase an answer to a referral",
    "write-up-phone-referral": "Write up a telephone referral",
    "marac-repeat": "Look at a repeat case",
    "register-review": "Review the register of pupils",
    "confirm-contact": "Confirm a contact",
    "resolve-mapping": "Mend what could not be read",
    "review-override": "Review an emergency override",
    "answer-subject-access": "Answer somebody who asks what is held of them",
}
TO_DO = {
    "resolve-school": "Find out where the child goes to school. It is told as soon as you say so.",
    "phone-establishment": "Telephone them: a notification waits in their inbox. Give no name.",
    "hand-over-force": "Tell the force where the child lives. Its acknowledgement ends this.",
    "refer-to-lado": "Consider a referral: a party works or volunteers with children.",
    "confirm-deletion": "Delete every copy, also on paper, and confirm it here.",
    "assess-breach": "Weigh within 72 hours whether it is a breach that has to be reported.",
    "tell-subject": "Tell the person what was shared, unless that is unsafe; record why not.",
    "chase-referral": "Ask for an answer: the referral has had none for a working day.",
    "write-up-phone-referral": "Send in writing what was referred by telephone.",
    "marac-repeat": "Decide whether the conference hears the case again.",
    "register-review": "See whether the register of pupils is up to date.",
    "confirm-contact": "Say who is to be told here, and bring the contacts up to date.",
    "resolve-mapping": "Mend what could not be read or was not known, and send it again.",
    "review-override": "Review whether it was right to disclose in an emergency.",
    "answer-subject-access": "Rule on what is held and have it released, or refuse it. It is over"
    " when who governs the sharing has answered.",
}
CAUSES = {
    "nobody-there-may-read-it": "Nobody there may read it: find somebody who may.",
    "consent-could-not-be-confirmed": "Whether consent still stands could not be confirmed.",
    "the-only-recipient-is-never-to-be-told": "The only recipient is never to be told.",
}
ROLES = {
    "designated-safeguarding-lead": "the designated safeguarding lead",
    "deputy": "a deputy safeguarding lead",
    "head": "the head",
    "chair-of-governors": "the chair of governors",
    "home-education-officer": "the officer for home education",
    "children-missing-education-officer": "the officer for children missing education",
    "education-safeguarding": "the desk for safeguarding in education",
    "lado": "the LADO",
    "emergency-duty": "the emergency duty team",
    "coordinator": "the coordinator",
    "worker": "a worker",
    "desk": "the desk",
}
FOR_THE_SENDER = frozenset(
    "resolve-school hand-over-force tell-subject write-up-phone-referral chase-referral "
    "assess-breach review-override".split()
)
REACTIONS = {
    "supported-silently": "Supporting quietly",
    "supported-overtly": "Supporting openly",
    "referred": "Referred or passed on",
    "no-action": "No action needed",
}
NOT_OURS = {
    "left": "has left",
    "never-ours": "was never with us",
    "wrong-person": "is another person than the one named",
    "duplicate": "is told of twice",
}
ENDED = {
    "retracted": "the sender withdrew it",
    "consent-withdrawn": "consent was withdrawn",
    "corrected": "the sender corrected it",
    "left": "the child is no longer on the roll",
    "held": "it is held for a person to decide",
    "not-ours": "the recipient said that it is not theirs",
    "not-signatory": "the recipient is not, or no longer, a signatory of the agreement",
    "agreement-ended": "the agreement has ended",
    "not-upheld": "the review of an emergency override did not uphold it",
}
WAYS = {"email": "by email", "webhook": "by their own system", "inbox": "in the inbox"}
UNPLACED = {
    "contradiction": "The register of pupils and the sender name different schools.",
    "unknown-urn": "The school that was named is not in the directory.",
    "closed": "The school that was named has closed.",
    "not-a-school": "What was named as the school is none.",
    "nobody": "The directory lists nobody who serves the place where the person lives.",
    "several": "The directory lists several who could be the right one.",
    "never-tell": "The sender asks that this recipient be never told.",
    "not-signatory": "The recipient has not signed the agreement.",
}


def cause(code: str | None) -> str:
    """Why a task is there, where its kind alone does not say it; a new code in its own words."""
    return word(CAUSES)(code) if code else ""


def word(words: Mapping[str, str]) -> Callable[[str | None], str]:
    """A word that nobody listed is still readable."""

    def said(value: str | None) -> str:
        return words.get(value or "") or (value or "Not known").replace("-", " ").capitalize()

    return said


FILTERS: dict[str, Callable[..., str]] = {
    "state": word(STATES),
    "audience": word(AUDIENCES),
    "event": word(EVENTS),
    "task": word(TASKS),
    "reaction": word(REACTIONS),
}
