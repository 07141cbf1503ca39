"""Is it domestic abuse, and is this person one of those whom the law means?"""

from contracts.events.police import IncidentRecorded
from services.consent.domain.kinship import relatedness
from services.consent.domain.matter import by_ref
from services.consent.domain.question import Condition, Finding, Question, Unknown


def incident_of(question: Question) -> IncidentRecorded:
    incident = question.matter.incident
    if incident is None:
        raise Unknown("The event is no incident.")
    return incident


def is_domestic_abuse(question: Question) -> Finding:
    if incident_of(question).category == "domestic-abuse":
        return Finding(applies=True, says="The force recorded domestic abuse.")
    return Finding(applies=False, says="The force recorded no domestic abuse.")


def is_under_eighteen(question: Question) -> Finding:
    """A birthday after the day of belief recalls nothing."""
    age = question.person.age_on(question.day)
    if age is None:
        raise Unknown("No date of birth says whether the child is under eighteen.")
    if age < 18:
        return Finding(applies=True, says="Under eighteen on the day of belief.")
    return Finding(applies=False, says="Eighteen or over on the day of belief.")


def is_known_to_be_adult(question: Question) -> Finding:
    age = question.person.age_on(question.day)
    if age is not None and age >= 18:
        return Finding(applies=True, says="Eighteen or over on the day of belief.")
    return Finding(applies=False, says="Not known to be eighteen.")


def has_reached(question: Question) -> Finding:
    """An age that an area or a conference begins at. Who has no date of birth is not shut out."""
    lowest, age = int(question.params["age"]), question.person.age_on(question.day)
    if age is not None and age < lowest:
        return Finding(applies=False, says=f"Younger than {lowest} on the day.")
    return Finding(applies=True, says=f"Not known to be younger than {lowest}.")


def is_graded_high(question: Question) -> Finding:
    if incident_of(question).grading == "high":
        return Finding(applies=True, says="The force graded the risk as high.")
    return Finding(applies=False, says="The force did not grade the risk as high.")


def is_referral(question: Question) -> Finding:
    if incident_of(question).intent == "refer":
        return Finding(applies=True, says="The officer refers the child.")
    return Finding(applies=False, says="The officer informs, and does not refer.")


def is_listed_child(question: Question) -> Finding:
    return Finding(applies=True, says="The force names the child in the incident.")


def is_related(question: Question) -> Finding:
    related = relatedness(incident_of(question), question.person)
    if related is None:
        raise Unknown("The event does not say how the child is related to either party.")
    if related:
        return Finding(applies=True, says="Related to one of the parties.")
    return Finding(applies=False, says="Related to neither party.")


def _under_sixteen(question: Question) -> tuple[bool, bool]:
    """(the person harmed, every other party) is known to be under sixteen."""
    incident, people = incident_of(question), by_ref(question.matter)

    def young(ref: str) -> bool:
        age = people[ref].age_on(question.day)
        return age is not None and age < 16

    others = [young(ref) for ref in incident.parties.other]
    return young(incident.parties.harmed), bool(others) and all(others)


def are_both_under_sixteen(question: Question) -> Finding:
    if all(_under_sixteen(question)):
        return Finding(
            applies=True,
            says="Both parties are under sixteen: not domestic abuse in law.",
        )
    return Finding(applies=False, says="Not both parties are known to be under sixteen.")


def is_one_under_sixteen(question: Question) -> Finding:
    harmed, others = _under_sixteen(question)
    if harmed != others:
        return Finding(
            applies=True,
            says="One side is under sixteen: whether the duty applies is for the force.",
        )
    return Finding(applies=False, says="Neither side alone is known to be under sixteen.")


def lives_in_another_force_area(question: Question) -> Finding:
    sender = question.area.organisations.get(question.matter.agency)
    if sender is None or sender.police_area is None:
        raise Unknown("The area of the sending force is not known.")
    home = home_force(question)
    if home is None or home == sender.police_area:
        return Finding(applies=False, says="Nothing says that another force has the home.")
    return Finding(applies=True, says="The child lives in the area of another force.")


def home_force(question: Question) -> str | None:
    """The police area of the home; where it happened says nothing about it."""
    place = question.place
    if place is None or place.source == "incident":
        return None
    if place.police_area or place.local_authority is None:
        return place.police_area
    return question.area.forces.get(place.local_authority)


_ACT = "Domestic Abuse Act 2021 s.1, s.3, s.49A"

CONDITIONS = {
    "incident-is-domestic-abuse": Condition(version="1", cites=_ACT, test=is_domestic_abuse),
    "incident-is-graded-high": Condition(version="1", cites=_ACT, test=is_graded_high),
    "incident-concerns-a-child": Condition(
        version="1", cites="Children Act 2004 s.11", test=is_listed_child
    ),
    "intent-is-refer": Condition(version="1", cites="Children Act 1989 s.17", test=is_referral),
    "child-is-under-18": Condition(version="1", cites=_ACT, test=is_under_eighteen),
    "person-is-known-to-be-adult": Condition(
        version="1", cites="Children Act 1989 s.105", test=is_known_to_be_adult
    ),
    "child-has-reached": Condition(
        version="1", cites="Area policy; the statute has no lower bound", test=has_reached
    ),
    "harmed-has-reached": Condition(version="1", cites="SafeLives; DAA 2021 s.1", test=has_reached),
    "child-is-related-to-a-party": Condition(version="1", cites=_ACT, test=is_related),
    "parties-are-both-under-16": Condition(version="1", cites=_ACT, test=are_both_under_sixteen),
    "one-party-is-under-16": Condition(version="1", cites=_ACT, test=is_one_under_sixteen),
    "child-lives-in-another-force-area": Condition(
        version="1", cites=_ACT, test=lives_in_another_force_area
    ),
}
