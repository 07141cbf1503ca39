"""What do the pages say of contacts: who is called, what is wrong, and what was changed?"""

from typing import Any

from services.front.contacts.form import hours_in_words
from services.front.words import day, day_and_time

Json = dict[str, Any]
ROLES = {
    "designated-safeguarding-lead": "Designated safeguarding lead",
    "deputy": "Deputy safeguarding lead",
    "head": "Head",
    "chair-of-governors": "Chair of governors",
    "home-education-officer": "Home education officer",
    "children-missing-education-officer": "Children missing education officer",
    "education-safeguarding": "Education safeguarding",
    "lado": "Designated officer (LADO)",
    "emergency-duty": "Emergency duty",
    "coordinator": "Coordinator",
    "worker": "Worker",
    "desk": "Desk",
}
NEEDS = {
    "contacts-were-carried-over-or-are-stale": "These were carried over and nobody has confirmed",
    "contacts-are-not-confirmed-for-this-term": "These are not confirmed for this term",
    "a-mailbox-refuses-mail": "Mail to these is refused",
    "nudges-went-and-nothing-was-opened": "These were told twice and nothing was opened in time",
    "training-has-lapsed": "The training of these has run out, so others are told before them",
}
_CHANGES = {
    "facts-set": "The school’s own entry was changed",
    "closed": "A closing was recorded",
    "reopened": "It was opened again",
    "calendar-set": "The calendar was changed",
    "calendar-cleared": "The calendar was cleared",
    "calendar-confirmed": "The calendar was confirmed",
    "closure-announced": "A closure was announced",
    "closure-withdrawn": "A closure was withdrawn",
    "contacts-confirmed": "Contacts were confirmed",
    "contact-added": "Added",
    "contact-changed": "Changed",
    "contact-removed": "Removed",
}


def person(one: Json) -> str:
    if one.get("erased"):
        return "Somebody whose name is no longer kept"
    return f"{one['given_name']} {one['family_name']}".strip()


def rows(contacts: list[Json], needs: list[Json]) -> list[Json]:
    """In order of call, each with what is wrong."""
    names = {one["id"]: person(one) for one in contacts}
    return [
        {
            "id": one["id"],
            "place": place,
            "first": place == 0,
            "last": place == len(contacts) - 1,
            "name": person(one),
            "role": ROLES.get(one["role"], one["role"]),
            "reached": [part for part in (one["email"], one["phone"]) if part],
            "notes": list(_notes(one, names)),
            "wrong": [
                NEEDS[need["cause"]]
                for need in needs
                if need["cause"] in NEEDS and one["id"] in need["contacts"]
            ],
        }
        for place, one in enumerate(contacts)
    ]


def _notes(one: Json, names: dict[str, str]) -> list[str]:
    said = []
    for away in one.get("away") or ():
        cover = names.get(away["cover"] or "", "nobody")
        said.append(f"Away {day(away['start'])} to {day(away['end'])}: {cover} stands in")
    said += [f"Called {hours_in_words(each)}" for each in one.get("hours") or ()]
    for field, words in (("since", "From"), ("until", "Until"), ("trained_until", "Trained until")):
        if one.get(field):
            said.append(f"{words} {day(one[field])}")
    word = one.get("confirmation")
    if word and word["state"] == "confirmed":
        said.append(f"Confirmed {day(word['at'])}")
    return said


def changes(found: list[Json], names: dict[str, str]) -> list[Json]:
    """Newest first."""
    told = []
    for one in reversed(found):
        title = _CHANGES.get(one["what"], "Changed")
        if contact := one.get("contact"):
            role = ROLES.get(contact["role"] or "", "contact")
            title = f"{title}: {person(contact)}, {role}"
        if one.get("fields") and one["what"] == "contact-changed":
            title += f" ({', '.join(name.replace('_', ' ') for name in one['fields'])})"
        by = names.get(one["agency"], one["agency"])
        told.append({"title": title, "by": by, "at": one["at"]})
    return told


def overtaken(errors: list[Json]) -> list[str]:
    """What the first of two editors did, in the words of the directory without their pointers."""
    said = [str(error["detail"]) for error in errors]
    return list(dict.fromkeys(_moment(one) for one in said))


def _moment(detail: str) -> str:
    words, at, moment = detail.rpartition(" at ")
    return f"{words} {day_and_time(moment)}".capitalize() if at else detail
