"""What do services tell each other? The messages on `events`, `disclosures` and `directory`.

The id of a message is the id of the event that it tells of. Instants are UTC. Additive only: a
new field has a default, a new meaning is a new type.
"""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.contacts import Contact as Contact
from contracts.pupils import PupilKeys as PupilKeys


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


# ---- exchange `events`: intake -> consent -------------------------------------------------------

EVENTS = "events"
EVENT_ACCEPTED = "event.accepted"


class EventAccepted(Body):
    """The raw event, on its way to the only service that stores it."""

    receipt: UUID
    agency: str
    accepted_at: datetime
    event: dict[str, Any]  # the structured CloudEvent, as checked


# ---- exchange `disclosures`: consent -> notify ---------------------------------------------------

DISCLOSURES = "disclosures"
EVENT_DECIDED = "event.decided"
DECISION_MADE = "decision.made"
CASE_WITHDRAWN = "case.withdrawn"
OBLIGATION_ARISEN = "obligation.arisen"
OBLIGATION_MET = "obligation.met"
CASE_ERASED = "case.erased"
AGREEMENT_SIGNED = "agreement.signed"
ANSWER_DUE = "answer.due"


class Outcome(StrEnum):
    DISCLOSED = "disclosed"
    WITHHELD = "withheld"
    HELD = "held"


class EventRef(Body):
    source: str  # /agencies/<agency-id>
    id: str
    type: str
    receipt: UUID


class Subject(Body):
    """Whom it is about: `ref` is local to the event, `subject_id` the person whose key seals it."""

    ref: str
    subject_id: UUID


class Reason(Body):
    rule: str
    version: str
    says: str


class Basis(Body):
    article_6: str
    article_9: str | None = None
    condition: str | None = None
    gateway: str


class TellSubject(Body):
    required: bool
    unless: str | None = None


class ClockKind(StrEnum):
    SCHOOL_DAY = "school-day"  # the establishment's next pupil day, by gate time less lead
    CLOCK_HOURS = "clock-hours"  # elapsed hours, in UTC
    WORKING_DAY = "working-day"  # the n-th working day after the start, at a local time
    AT_ONCE = "at-once"


class ClockRule(Body):
    kind: ClockKind
    starts_at: datetime
    hours: int = 0
    days: int = 0
    at: time = time(17, 0)  # Europe/London


class Routing(Body):
    """What routing needs to find the organisation; none of it is shown to a recipient."""

    local_authority: str | None = None  # GSS code of where the person lives now
    police_area: str | None = None
    organisation: str | None = None  # told directly, e.g. the social care that referred
    pupil: PupilKeys | None = None
    never_tell: tuple[str, ...] = ()
    barred_readers: tuple[str, ...] = ()  # reader_key of those who must not see that it exists
    works_at: tuple[str, ...] = ()  # ids and URNs of the places where a party works or volunteers
    lead_minutes: int | None = None  # the area's, where it has one
    signatories: tuple[str, ...] | None = None  # None: every organisation has signed
    agreement_until: date | None = None  # its last day; None: it has no end
    by_override: bool = False  # a person answers for it: who has signed is not asked (ADR 0029)
    quiet: bool = False  # where nobody serves the place the receipt says so, and no task opens


class Disclosure(Body):
    """The minimised content that one decision lets one audience have, by field path."""

    content: dict[str, Any]
    rests_on_consent: bool
    due: ClockRule
    routing: Routing
    phone_first: bool = False  # a death in treatment: telephone before anything is read
    urgent: bool = False
    correction_reason: str | None = None  # why the sender corrects it, where it may be read


class DecisionMade(Body):
    decision_id: UUID
    event: EventRef
    case: UUID  # everything with the same reference from the same source
    about: Subject
    audience: str
    outcome: Outcome
    because: tuple[Reason, ...]
    decided_at: datetime
    agreement: str | None = None
    agreement_version: str | None = None
    basis: Basis | None = None
    profile: str | None = None
    shows: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    tell_subject: TellSubject | None = None
    disclosure: Disclosure | None = None  # only when disclosed
    supersedes: UUID | None = None  # a correction, a released hold, a withdrawn consent
    correction: bool = False
    barred_readers: tuple[str, ...] = ()  # also of what is held or withheld, which has no routing


class EventDecided(Body):
    """Every event gets an answer, also one that no agreement covers."""

    event: EventRef
    case: UUID
    decisions: int
    note: str = ""


class CaseWithdrawn(Body):
    """The sender retracted: content closes for every reader."""

    event: EventRef
    case: UUID
    withdrawn_at: datetime


class CaseErased(Body):
    """The retention of a case has ended: its content is destroyed wherever it was kept."""

    case: UUID
    ended_at: datetime  # when the retention ended
    erased_at: datetime


class Owner(Body):
    """Who must act: one organisation, or the kind of organisation that serves a place."""

    organisation: str | None = None
    kind: str | None = None
    local_authority: str | None = None
    police_area: str | None = None
    otherwise: str | None = None  # organisation that owns it when the place has none of that kind


class ObligationArisen(Body):
    """Something that a person must do. `task` is the id of the task from now on."""

    task: UUID
    kind: str  # a task kind of the contract
    event: EventRef
    case: UUID
    about: Subject | None = None
    audience: str | None = None
    owner: Owner
    due: ClockRule
    escalates_to: Owner | None = None  # who must act once it has passed its moment undone
    decision_id: UUID | None = None
    follows: UUID | None = None  # cancelled when this other task is done


class ObligationMet(Body):
    task: UUID
    met_at: datetime
    how: Literal["done", "cancelled"] = "done"


# ---- exchange `directory`: directory -> consent, notify ------------------------------------------

DIRECTORY = "directory"
ORGANISATION_STATE = "organisation.state"
PUPIL_STATE = "pupil.state"
AGENCY_KEY_STATE = "agency-key.state"


class Span(Body):
    """Both days are inside."""

    start: date
    end: date


class Calendar(Body):
    """Before `valid_from` and after `valid_to` it says nothing of any term."""

    terms: tuple[Span, ...] = ()
    inset: tuple[date, ...] = ()
    closed: tuple[date, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None  # without one it speaks until its last term ends


class Closure(Body):
    """Announced by itself, for every school of who announces it: more specific than any term."""

    start: date
    end: date  # both days are inside
    reason: str  # a code
    open: bool = False  # here it is open after all, whatever a wider closure says


class Organisation(Body):
    id: str
    kind: str
    name: str = ""
    urn: str | None = None
    local_authority: str | None = None
    police_area: str | None = None
    ages: tuple[int, int] | None = None
    opens: time | None = None  # gate time, Europe/London
    lead_minutes: int | None = None
    contacts: tuple[Contact, ...] = ()  # in order of call
    calendar: Calendar | None = None
    open_from: date | None = None  # set while it is proposed: told of nobody before that day
    closed_on: date | None = None
    successor: str | None = None
    trust: str | None = None  # the organisation of kind `trust` that runs this one
    closures: tuple[Closure, ...] = ()  # in the order in which they were announced


class OrganisationState(Body):
    """The whole state of one organisation. A receiver keeps the highest `version` it has seen."""

    version: int
    organisation: Organisation


class PupilState(Body):
    """One enrolment, without a name: who looks a child up must already know the child."""

    version: int
    enrolment: UUID
    organisation: str
    upn: str | None = None  # upn_key
    person: str | None = None  # person_key
    nhs: str | None = None  # numbered_key
    also: tuple[str, ...] = ()  # plain_person_keys, of legal and preferred names
    starts: date | None = None
    until: date | None = None  # the last day on roll
    removed: bool = False


class AgencyKeyState(Body):
    """An API key, by the hash of its secret."""

    version: int
    key_id: str
    agency: str
    roles: tuple[str, ...]
    secret_hash: str
    revoked: bool = False
