"""Has the force, or the wording itself, asked for a person to look before anybody is told?"""

from contracts.events.police import Handling
from contracts.messages import Organisation
from services.consent.domain.content import is_named
from services.consent.domain.matter import child_entry
from services.consent.domain.question import Condition, Finding, Question, Unknown
from services.consent.domain.scan import FEELINGS, unsuitable_for_school

EDUCATION = frozenset({"education", "home-education-officer", "children-missing-education"})

# Which kinds of organisation serve an audience.
SERVED_BY = {
    "education": frozenset({"school", "college", "nursery"}),
    "home-education-officer": frozenset({"local-authority"}),
    "children-missing-education": frozenset({"local-authority"}),
}

_NONE = Handling()


def handling_of(question: Question) -> Handling:
    incident = question.matter.incident
    return (incident and incident.handling) or _NONE


def is_on_hold(question: Question) -> Finding:
    """A hold is for education unless it names more. Its end releases nothing.

    It ends by the moment of acceptance, not by that of deciding, which may be much later; what it
    held already is held until a person decides, however often the same is sent again.
    """
    hold = handling_of(question).hold
    if hold is None:
        return Finding(applies=False, says="No hold is in force.")
    if hold.until <= question.matter.accepted_at:
        return Finding(
            applies=question.audience in question.facts.still_held,
            says="The hold has run out, and whether anybody is told is still for a person.",
        )
    if question.audience in EDUCATION | set(hold.audiences):
        return Finding(applies=True, says="A senior officer asked that this be held for now.")
    return Finding(applies=False, says="The hold does not name this audience.")


def is_never_told(question: Question) -> Finding:
    barred = handling_of(question).never_tell
    if any(_serves(question, organisation) for organisation in barred):
        return Finding(
            applies=True, says="The force says never to tell an organisation that this would reach."
        )
    return Finding(applies=False, says="No organisation that this would reach is barred.")


def _serves(question: Question, organisation_id: str) -> bool:
    organisation = question.area.organisations.get(organisation_id)
    if organisation is None:
        raise Unknown("An organisation that must never be told is not in the directory.")
    kinds = SERVED_BY.get(question.audience, frozenset({question.audience}))
    if organisation.kind not in kinds:
        return False
    if question.audience == "education":
        return _may_be_the_school(question, organisation)
    return _serves_the_place(question, organisation)


def _may_be_the_school(question: Question, school: Organisation) -> bool:
    """The school of the event; any school, where the event names none."""
    named = {entry.urn for entry in question.person.education if entry.urn}
    return not named or school.urn is None or school.urn in named


def _serves_the_place(question: Question, organisation: Organisation) -> bool:
    place = question.place
    if place is None:
        return True
    if organisation.local_authority and place.local_authority:
        return organisation.local_authority == place.local_authority
    if organisation.police_area and place.police_area:
        return organisation.police_area == place.police_area
    return True


def is_covert(question: Question) -> Finding:
    return _flag(handling_of(question).covert, "a covert investigation")


def is_honour_based(question: Question) -> Finding:
    return _flag(handling_of(question).honour_based, "honour-based abuse")


def is_sexual_offence(question: Question) -> Finding:
    return _flag(handling_of(question).sexual_offence, "a sexual offence")


def _flag(given: bool | None, what: str) -> Finding:
    if given:
        return Finding(applies=True, says=f"The force marks {what}: a person decides.")
    return Finding(applies=False, says=f"Nothing marks {what}.")


def has_unsuitable_text(question: Question) -> Finding:
    """Every free text that the profile would show: health, substances, addresses, blame."""
    found = unsuitable_texts(question)
    hits = [
        f"{_TEXTS[path]} may hold {', '.join(kinds)}"
        for path, kinds in found.items()
        if is_named(question.shown, path)
    ]
    if hits:
        return Finding(applies=True, says=f"{'; '.join(hits)}: a person reads it.")
    return Finding(applies=False, says="Nothing in the free text stands against it.")


_TEXTS = {
    "incident.summary": "The summary",
    "incident.intent_reason": "The reason of the intent",
    "child.words": "What the child said",
    "child.demeanour": "How the child seemed",
}


def unsuitable_texts(question: Question) -> dict[str, tuple[str, ...]]:
    """By path, the kinds of thing in it that no school may read."""
    incident = question.matter.incident
    if incident is None:
        return {}
    entry = child_entry(incident, question.person.ref)
    spoken = entry.spoken_to if entry else None
    texts = {
        "incident.summary": incident.circumstances.summary,
        "incident.intent_reason": incident.intent_reason,
        "child.words": spoken.words if spoken else None,
        "child.demeanour": spoken.demeanour if spoken else None,
    }
    found = {
        path: unsuitable_for_school(text, FEELINGS if path == "child.demeanour" else frozenset())
        for path, text in texts.items()
        if text
    }
    return {path: kinds for path, kinds in found.items() if kinds}


def is_somewhere(question: Question) -> Finding:
    """Without a place nobody can be found to be told; that is for a person, not for silence."""
    place = question.place
    if place is None:
        raise Unknown("Nothing says where the person lives.")
    says = {
        "own": "The event says where the person lives.",
        "family": "No address of their own: that of the family in the same event was taken.",
        "incident": "No address in the event: the place of the incident was taken.",
        "conference": "No address in the event: the area of the conference was taken.",
    }
    return Finding(applies=True, says=says[place.source], rule=f"lives-by-{place.source}")


_DOMAIN = "DAA 2021 s.49A; senior decision, recorded and limited in time"

CONDITIONS = {
    "hold-asked-by-sender": Condition(version="1", cites=_DOMAIN, test=is_on_hold),
    "never-tell-names-a-recipient": Condition(version="1", cites=_DOMAIN, test=is_never_told),
    "investigation-is-covert": Condition(version="1", cites=_DOMAIN, test=is_covert),
    "abuse-is-honour-based": Condition(version="1", cites=_DOMAIN, test=is_honour_based),
    "offence-is-sexual": Condition(version="1", cites=_DOMAIN, test=is_sexual_offence),
    "summary-needs-a-reader": Condition(
        version="2", cites="UK GDPR Art 5(1)(c)", test=has_unsuitable_text
    ),
    "place-is-known": Condition(version="1", cites="Children Act 1989 s.17", test=is_somewhere),
}
