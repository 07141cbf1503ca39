"""What may be sent to the directory, and in what form? Each refusal points at its place."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from contracts import identity
from contracts.contacts import Confirmation
from contracts.messages import Calendar, Contact, Span
from services.chassis.problems import Problem, pointer
from services.directory.domain.calendars import BadCalendar, calendar_of, read_span
from services.directory.domain.words import ContactRole, Kind

FACTS = frozenset({"date_of_birth", "home"})
STAYS = frozenset({"since", "away", "hours", "trained_until"})  # older clients do not send them
ANY_DAY = (1, 2, 3, 4, 5, 6, 7)
_LOCAL = ZoneInfo("Europe/London")
ORGANISATION_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"


def _written(value: Any) -> Any:
    """A time of day is written out: a bare number would be read as seconds after midnight."""
    if value is not None and not isinstance(value, (str, time)):
        raise ValueError("is not a time of day")
    return value


def _text(value: Any) -> Any:
    """A URN is digits; many a sender writes it as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Id = Annotated[str, Field(pattern=ORGANISATION_ID)]
Urn = Annotated[str, BeforeValidator(_text), Field(pattern=r"^\d{5,7}$")]
Area = Annotated[str, Field(pattern=r"^[A-Z]\d{8}$")]  # a GSS code
Words = Annotated[str, Field(max_length=200)]
Age = Annotated[int, Field(ge=0, le=120)]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class AwayForm(Form):
    start: date
    end: date
    cover: Id | None = None


class HoursForm(Form):
    days: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1)] = ANY_DAY
    start: Annotated[time, BeforeValidator(_written)]
    end: Annotated[time, BeforeValidator(_written)]


class ConfirmationForm(Form):
    """As the directory shows it. Taken from the administrator only: others confirm by saying so."""

    state: Literal["confirmed", "to-confirm"]
    at: AwareDatetime
    by: Words = ""
    why: Literal["carried-over", "stale"] | None = None


class HomeForm(Form):
    line: Annotated[str, Field(min_length=1, max_length=200)]
    postcode: Annotated[str, Field(min_length=5, max_length=10)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Who says it. `own`: the organisation itself; `trusted`: may also say what was confirmed."""

    by: str
    at: datetime
    own: bool = False
    trusted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """`says`: the fields that were spoken of, if only to take them back."""

    contact: Contact
    says: frozenset[str]

    def after(self, known: Iterable[Contact], word: Word) -> Contact:
        """What was left out stays, as long as it is the same person under that id."""
        before = next((one for one in known if one.id == self.contact.id), None)
        former = before if before and _name(before) == _name(self.contact) else None
        if before is not None and former is None and _later(self.contact, word):
            says = "another person has this id until then: give the new one an id of their own"
            raise refusal("/since", says)
        kept = {} if former is None else {field: getattr(former, field) for field in self._unsaid()}
        now = self.contact.model_copy(update={**kept, "confirmation": None})
        return now.model_copy(update={"confirmation": self._confirmation(now, former, word)})

    def _unsaid(self) -> Iterator[str]:
        yield from STAYS - self.says
        if not self.says & FACTS:
            yield "known_by"

    def _confirmation(
        self, now: Contact, former: Contact | None, word: Word
    ) -> Confirmation | None:
        if word.trusted and "confirmation" in self.says:
            return self.contact.confirmation
        before = former.confirmation if former else None
        if former is not None and former.model_copy(update={"confirmation": None}) == now:
            return before
        return Confirmation(state="confirmed", at=word.at, by=word.by) if word.own else before


def _later(contact: Contact, word: Word) -> bool:
    return contact.since is not None and contact.since > word.at.astimezone(_LOCAL).date()


def _name(contact: Contact) -> tuple[str, str]:
    return contact.given_name, contact.family_name


class ContactDetails(Form):
    """A contact whose id stands in the address; it may stand here too."""

    id: Id | None = None
    role: ContactRole
    given_name: Annotated[str, Field(min_length=1, max_length=200)]
    family_name: Words = ""
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    since: date | None = None
    until: date | None = None
    date_of_birth: date | None = None
    home: HomeForm | None = None
    away: Annotated[tuple[AwayForm, ...], Field(max_length=100)] = ()
    hours: Annotated[tuple[HoursForm, ...], Field(max_length=50)] = ()
    trained_until: date | None = None
    confirmation: ConfirmationForm | None = None

    def contact(self, name: str, pepper: bytes) -> Given:
        """Of birth and home only keyed hashes go further than this door (ADR 0030)."""
        plain = self.model_dump(exclude=set(FACTS))
        return Given(
            contact=Contact(**{**plain, "id": name, "known_by": tuple(self._known_by(pepper))}),
            says=frozenset(self.model_fields_set),
        )

    def _known_by(self, pepper: bytes) -> Iterator[str]:
        if self.date_of_birth is not None:
            yield from identity.birth_keys(
                pepper, self.given_name, self.family_name, self.date_of_birth
            )
        if self.home is not None:
            yield identity.household_key(pepper, self.home.postcode, self.home.line)
            # An event that gives no more than a postcode errs towards another reader.
            yield identity.household_key(pepper, self.home.postcode)


class ContactForm(ContactDetails):
    id: Id


class SpanForm(Form):
    start: date
    end: date


class CalendarForm(Form):
    terms: tuple[str | SpanForm, ...] = ()
    inset: tuple[date, ...] = ()
    closed: tuple[date, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def calendar(self, at: str = "") -> Calendar:
        """`at` points to where the calendar stands in the body."""
        try:
            return calendar_of(
                [self._span(place, term) for place, term in enumerate(self.terms)],
                self.inset,
                self.closed,
                valid_from=self.valid_from,
                valid_to=self.valid_to,
            )
        except BadCalendar as bad:
            raise refusal(f"{at}{bad.where}", bad.says) from None

    def _span(self, place: int, term: str | SpanForm) -> Span:
        if isinstance(term, str):
            return read_span(term, f"/terms/{place}")
        return Span(start=term.start, end=term.end)


class OrganisationForm(Form):
    """What is left out stays as it is; null clears. Contacts and calendar replace whole."""

    id: Id | None = None
    kind: Kind | None = None
    name: Words = ""
    urn: Urn | None = None
    local_authority: Area | None = None
    police_area: Area | None = None
    ages: tuple[Age, Age] | None = None
    opens: Annotated[time | None, BeforeValidator(_written)] = None
    lead_minutes: Annotated[int, Field(ge=0, le=240)] | None = None
    contacts: tuple[ContactForm, ...] | None = None
    calendar: CalendarForm | None = None
    open_from: date | None = None
    trust: Id | None = None
    closed_on: date | None = None
    successor: Id | None = None


def contacts_of(forms: Sequence[ContactForm], pepper: bytes, at: str = "") -> tuple[Given, ...]:
    seen: set[str] = set()
    everybody = {form.id for form in forms}
    for place, form in enumerate(forms):
        if form.id in seen:
            raise refusal(f"{at}{pointer((place, 'id'))}", "is there twice")
        seen.add(form.id)
        require_covers(form, form.id, everybody, f"{at}{pointer((place,))}")
    return tuple(form.contact(form.id, pepper) for form in forms)


def require_covers(form: ContactDetails, name: str, known: Container[str], at: str = "") -> None:
    """Who stands in is somebody else who is listed, and days and hours are in order."""
    if form.since is not None and form.until is not None and form.until < form.since:
        raise refusal(f"{at}/until", "is before the first day")
    for place, away in enumerate(form.away):
        if away.end < away.start:
            raise refusal(f"{at}/away/{place}/end", "is before the first day")
        if away.cover is not None and (away.cover == name or away.cover not in known):
            raise refusal(f"{at}/away/{place}/cover", "is nobody else who is listed here")
    for place, hours in enumerate(form.hours):
        if hours.start.tzinfo is not None or hours.end.tzinfo is not None:
            raise refusal(f"{at}/hours/{place}", "is local time, without an offset")


def shown_contact(contact: Contact) -> dict[str, Any]:
    """As it was given, so that it can be sent back; the hashes are for the services alone."""
    return contact.model_dump(mode="json", exclude={"known_by"})


def refusal(at: str, says: str) -> Problem:
    return Problem(422, "The request cannot be taken as it is", [{"pointer": at, "detail": says}])


def not_known(what: str) -> Problem:
    return Problem(404, f"No such {what}")
