"""Is it a school, the home education officer or the officer for children missing education?"""

from services.consent.domain.question import Condition, Finding, Question

_SCHOOL = frozenset({"registered", "further-education"})


def _statuses(question: Question) -> frozenset[str]:
    return frozenset(entry.status for entry in question.person.education)


def is_for_a_school(question: Question) -> Finding:
    """Not knowing the school is a search for it, never silence."""
    statuses = _statuses(question)
    if statuses & _SCHOOL or not statuses & {"home-educated", "missing-education"}:
        return Finding(applies=True, says="The child may be on roll at a school or college.")
    return Finding(applies=False, says="The child is on no roll, as the event says.")


def is_home_educated(question: Question) -> Finding:
    if "home-educated" in _statuses(question):
        return Finding(applies=True, says="The child is educated at home.")
    return Finding(applies=False, says="Nothing says that the child is educated at home.")


def is_missing_education(question: Question) -> Finding:
    if "missing-education" in _statuses(question):
        return Finding(applies=True, says="The child is missing education.")
    return Finding(applies=False, says="Nothing says that the child is missing education.")


CONDITIONS = {
    "child-may-have-a-school": Condition(
        version="1", cites="Domestic Abuse Act 2021 s.49A", test=is_for_a_school
    ),
    "child-is-home-educated": Condition(
        version="1", cites="Children Act 2004 ss.10-11", test=is_home_educated
    ),
    "child-is-missing-education": Condition(
        version="1", cites="Children Act 2004 ss.10-11", test=is_missing_education
    ),
}
