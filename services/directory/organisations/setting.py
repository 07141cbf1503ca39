"""What does a form ask of an organisation? Wishes, granted together or not at all."""

from collections.abc import Iterable
from typing import Any

from contracts.messages import Contact
from services.chassis.problems import Problem
from services.directory.editing import overtaken, read_in
from services.directory.forms import OrganisationForm, Word, contacts_of, refusal
from services.directory.handles import Directory
from services.directory.readmodels.queries import by_urn
from services.directory.streams.calendar_wishes import SetCalendar
from services.directory.streams.organisation import TOLD, Known, Part
from services.directory.streams.organisation_commands import (
    Close,
    KindMissing,
    Overtaken,
    Reopen,
    SetContacts,
    SetProfile,
    Wish,
)

_PROFILE = frozenset(TOLD)


async def set_organisation(
    directory: Directory,
    organisation: str,
    form: OrganisationForm,
    *,
    actor: str,
    if_match: str | None = None,
) -> Known:
    """Raises Problem: another organisation has the URN, a part cannot be taken, or 412."""
    if form.id is not None and form.id != organisation:
        raise refusal("/id", "is not the id in the address")
    await require_free(directory, organisation, form.urn)
    await _require_trust(directory, form.trust)
    try:
        known = (await directory.organisation(organisation)).contacts
        word = Word(by=actor, at=directory.clock.now(), trusted=True)
        wishes = wishes_of(form, known, directory.pepper, word)
        read = read_in(Part.WHOLE, if_match)
        await directory.change(organisation, *wishes, actor=actor, read=read)
    except KindMissing:
        raise refusal("/kind", "a new organisation needs a kind") from None
    except Overtaken:
        raise await overtaken(directory, organisation, Part.WHOLE, if_match) from None
    return await directory.organisation(organisation)


async def require_free(directory: Directory, organisation: str, urn: str | None) -> None:
    """One URN, one organisation: an event that names the URN must find one answer."""
    if urn is None:
        return
    await directory.book.catch_up()
    if await by_urn(directory.database, urn) not in (None, organisation):
        errors = [{"pointer": "/urn", "detail": "belongs to another organisation"}]
        raise Problem(409, "The URN is taken", errors)


async def _require_trust(directory: Directory, trust: str | None) -> None:
    """A mistyped trust would leave its academies without the trust's calendar, and say nothing."""
    if trust is None:
        return
    profile = (await directory.organisation(trust)).profile
    if profile is None or profile.kind != "trust":
        raise refusal("/trust", "is no organisation of kind trust that is known here")


def wishes_of(
    form: OrganisationForm, known: Iterable[Contact], pepper: bytes, word: Word
) -> list[Wish]:
    given = form.model_fields_set
    changes: dict[str, Any] = {name: getattr(form, name) for name in given & _PROFILE}
    if "kind" in given and form.kind is None:
        raise refusal("/kind", "an organisation needs a kind")
    if form.ages is not None and form.ages[0] > form.ages[1]:
        raise refusal("/ages", "the lowest age comes first")
    if form.opens is not None and form.opens.tzinfo is not None:
        raise refusal("/opens", "is local time, without an offset")
    wishes: list[Wish] = [SetProfile(changes=changes)]
    if "contacts" in given:
        contacts = contacts_of(form.contacts or (), pepper, "/contacts")
        wishes.append(SetContacts(contacts=tuple(one.after(known, word) for one in contacts)))
    if "calendar" in given:
        calendar = form.calendar.calendar("/calendar") if form.calendar else None
        wishes.append(SetCalendar(calendar=calendar))
    if form.closed_on is not None:
        wishes.append(Close(on=form.closed_on, successor=form.successor))
    elif "closed_on" in given:
        wishes.append(Reopen())
    return wishes
