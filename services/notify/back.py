"""What does notify have behind the decision, and how is it wired?"""

from datetime import date

import holidays
import httpx
from sqlalchemy import MetaData

from services.chassis.apikeys import ApiKeys, api_keys_table
from services.chassis.bus import Bus
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.mail import MailSender
from services.chassis.projections import Projector
from services.chassis.settings import Settings
from services.chassis.store import EventStore
from services.notify import reactions
from services.notify.addressbook.directory import AddressBook
from services.notify.contacts import http as contacts
from services.notify.contacts.asking import Asking
from services.notify.contacts.looking import Looking
from services.notify.delivery.announcing import Announcing
from services.notify.delivery.channels import EmailNudge
from services.notify.delivery.choosing import Choosing
from services.notify.delivery.consent import Confirmations
from services.notify.delivery.falling_back import FallingBack
from services.notify.delivery.moving import Moving
from services.notify.delivery.nudging import Nudging
from services.notify.delivery.passing import Passing
from services.notify.delivery.reacting import Telling
from services.notify.domain.calendars import BankHolidays
from services.notify.domain.notification import NotificationEvent
from services.notify.domain.nudge import NudgeEvent
from services.notify.domain.task import TaskEvent
from services.notify.erasing.erasing import Erasing
from services.notify.inbox import http as inbox
from services.notify.inbox.reading import Reading
from services.notify.ledger import Ledger
from services.notify.morning import http as morning
from services.notify.part import Part
from services.notify.readmodels import asks, book, erasures, state
from services.notify.readmodels.barred import Barred
from services.notify.readmodels.cases import CasesOf
from services.notify.readmodels.mailboxes import Mailboxes
from services.notify.readmodels.projection import StateProjection
from services.notify.routing.disclosures import Disclosures
from services.notify.routing.ending import Ending
from services.notify.routing.placing import Placing
from services.notify.routing.raising import Raising
from services.notify.streams.agreement import SignatoriesTold
from services.notify.streams.case import AcknowledgementNoted, CaseEvent
from services.notify.streams.decision import DecisionEvent
from services.notify.streams.erasure import ErasureEvent
from services.notify.streams.searches import SearchEvent
from services.notify.tasks import http as tasks
from services.notify.tasks import looking
from services.notify.tasks.clocks import TaskClocks
from services.notify.tasks.closing import Closing
from services.notify.tasks.opening import Opening
from services.notify.why import access
from services.notify.why import http as why

EVENTS = (
    DecisionEvent,
    CaseEvent,
    SignatoriesTold,
    AcknowledgementNoted,
    NotificationEvent,
    TaskEvent,
    NudgeEvent,
    ErasureEvent,
    SearchEvent,
)
METADATA = MetaData()
api_keys_table(METADATA)
_METADATA = (book, asks, state, reactions, erasures)
for _metadata in (each.METADATA for each in _METADATA):
    for _table in _metadata.sorted_tables:
        _table.to_metadata(METADATA)


def bank_holidays(added: frozenset[date] = frozenset()) -> BankHolidays:
    """England and Wales. `added`: a royal one-off that the package does not know yet."""
    found = holidays.country_holidays("GB", subdiv="ENG")
    for day in added:
        found[day] = "added by the operator"
    return found


def build_back(
    *,
    store: EventStore,
    database: Database,
    bus: Bus,
    clock: Clock,
    settings: Settings,
    mail: MailSender,
    consent: httpx.AsyncClient,
    keys: ApiKeys,
    added_bank_holidays: frozenset[date] = frozenset(),
) -> Part:
    ledger = Ledger(
        store=store,
        database=database,
        projector=Projector(store, database, StateProjection()),
        clock=clock,
        bank_holidays=bank_holidays(added_bank_holidays),
    )
    AddressBook(database, keys).subscribe(bus)
    Disclosures(ledger).subscribe(bus)
    erasing = Erasing(ledger)
    erasing.subscribe(bus)
    barred = Barred(settings.pepper_bytes)
    mailboxes = Mailboxes(settings.pepper_bytes)
    stale = Looking(ledger, mailboxes)
    choosing = Choosing(ledger, barred, mailboxes)
    confirmations = Confirmations(consent, service_token=settings.service_token)
    return Part(
        routers=(
            inbox.router(ledger, Reading(ledger, barred)),
            tasks.router(ledger, barred),
            looking.router(ledger, barred, settings.pepper_bytes),
            contacts.router(ledger, stale),
            morning.router(ledger),
            why.router(ledger, barred),
            access.router(ledger),
        ),
        # In the order of the way: found, raised, moved, told, nudged, passed.
        workers=(
            ledger.projector,
            Placing(ledger),
            _reactions(ledger, barred, choosing),
            Moving(ledger),
            Announcing(ledger, confirmations, choosing),
            Nudging(ledger, EmailNudge(mail, public_url=settings.public_url), mailboxes),
            Passing(ledger),
            Asking(ledger, stale),
            TaskClocks(ledger),
            erasing,
        ),
    )


def _reactions(ledger: Ledger, barred: Barred, choosing: Choosing) -> reactions.Reactions:
    """What was told of the former decision ends before anything new is raised."""
    slices = (
        Ending(ledger).react,
        Raising(ledger, barred).react,
        Telling(ledger).react,
        FallingBack(ledger, choosing).react,
        Opening(ledger).react,
        Closing(ledger).react,
    )
    return reactions.Reactions(ledger.store, ledger.database, slices, CasesOf(ledger.rows))
