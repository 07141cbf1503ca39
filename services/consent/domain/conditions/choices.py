"""What has the area chosen: which alerts, which ages, which recipients?"""

from services.consent.domain.conditions.incidents import incident_of
from services.consent.domain.question import Condition, Finding, Question, Unknown


def is_agreed_type(question: Question) -> Finding:
    """Each type of alert had its own test of necessity when the area agreed on it."""
    kinds = set(incident_of(question).circumstances.kinds)
    if kinds & set(question.params["types"]):
        return Finding(applies=True, says="The area has agreed on alerts of this type.")
    return Finding(applies=False, says="The area has agreed on no alert of this type.")


def is_in_age_group(question: Question) -> Finding:
    age = question.person.age_on(question.day)
    if age is None:
        raise Unknown("No date of birth says which service the child belongs to.")
    lowest, below = int(question.params["from"]), int(question.params["below"])
    if lowest <= age < below:
        return Finding(applies=True, says="The child is of the age that this service sees.")
    return Finding(applies=False, says="The child is not of the age that this service sees.")


def is_chosen(question: Question) -> Finding:
    if question.params["chosen"]:
        return Finding(applies=True, says="The area tells this recipient too.")
    return Finding(applies=False, says="The area does not tell this recipient.")


def needs_are_not_stated(_: Question) -> Finding:
    """Nothing in the contract says that an adult has needs for care and support, or lacks capacity.

    Whether the duty of enquiry is reached is therefore always for a person.
    """
    return Finding(
        applies=True,
        says="Needs for care and support, capacity and coercion are for a person to judge.",
    )


_LOCAL = "Children Act 2004 s.11; the area's own agreement"

CONDITIONS = {
    "alert-type-is-agreed": Condition(version="1", cites=_LOCAL, test=is_agreed_type),
    "child-is-of-the-age": Condition(version="1", cites=_LOCAL, test=is_in_age_group),
    "area-tells-this-recipient": Condition(version="1", cites=_LOCAL, test=is_chosen),
    "needs-are-for-a-person": Condition(
        version="1", cites="Care Act 2014 s.42, s.45", test=needs_are_not_stated
    ),
}
