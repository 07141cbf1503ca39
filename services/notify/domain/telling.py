"""What may be done with one notification, given what happened to it? The decider of its stream."""

from collections.abc import Sequence

from services.notify.domain.instructions import (
    Acknowledge,
    Announce,
    AskPhone,
    BeginAnnouncement,
    CarryOver,
    Command,
    LeaveUnconfirmed,
    MakeAvailable,
    MoveDue,
    Open,
    PassDue,
    Recall,
    SayNotOurs,
    Supersede,
    TakeBack,
)
from services.notify.domain.notification import (
    HAD_BEFORE,
    LIVE,
    UNOPENED,
    AnnouncementBegun,
    ConsentNotConfirmed,
    NotificationAcknowledged,
    NotificationAnnounced,
    NotificationCancelled,
    NotificationCarriedOver,
    NotificationDueMoved,
    NotificationEvent,
    NotificationNotOurs,
    NotificationOpened,
    NotificationOverdue,
    NotificationRaised,
    NotificationRead,
    NotificationSuperseded,
    NotificationTakenBack,
    NotificationWithdrawn,
    PhoneAsked,
    made_available,
)
from services.notify.domain.standing import INITIAL as INITIAL
from services.notify.domain.standing import Telling as Telling
from services.notify.domain.standing import evolve as evolve


class Closed(Exception):
    """It is not, or no longer, this organisation's to read or answer."""


def decide(command: Command, state: Telling) -> Sequence[NotificationEvent]:
    if isinstance(command, NotificationRaised):
        return _raise(command) if state.raised is None else ()
    if state.raised is None:
        raise Closed("there is no such notification")
    match command:
        case Open() | Acknowledge() | SayNotOurs():
            return _by_a_reader(command, state, state.raised)
        case Recall() | Supersede() | CarryOver():
            return _ended(command, state, state.raised)
        case TakeBack():
            return _taken_back(command, state, state.raised)
        case PassDue() | MoveDue() | AskPhone():
            return _passed(command, state, state.raised) if state.status in UNOPENED else ()
        case _:
            return _told(command, state, state.raised) if state.status in UNOPENED else ()


def _raise(raised: NotificationRaised) -> Sequence[NotificationEvent]:
    """In the inbox at once, unless it is put off or rests on a consent still to be confirmed."""
    if raised.rests_on_consent or raised.available_from > raised.raised_at:
        return (raised,)
    return (raised, made_available(raised, raised.raised_at))


def _by_a_reader(
    command: Open | Acknowledge | SayNotOurs, state: Telling, raised: NotificationRaised
) -> Sequence[NotificationEvent]:
    if state.status not in LIVE or not state.available:
        raise Closed(state.status.value)
    one = raised.notification
    match command:
        case Open():
            if state.status in UNOPENED:
                return (NotificationOpened(notification=one, by=command.by, opened_at=command.at),)
            return (NotificationRead(notification=one, by=command.by, read_at=command.at),)
        case Acknowledge():
            if (command.by, command.outcome) in state.answered:
                return ()
            acknowledged = NotificationAcknowledged(
                notification=one,
                by=command.by,
                outcome=command.outcome,
                acknowledged_at=command.at,
            )
            if state.status not in UNOPENED:
                return (acknowledged,)
            opened = NotificationOpened(notification=one, by=command.by, opened_at=command.at)
            return (opened, acknowledged)
        case SayNotOurs():
            return (
                NotificationNotOurs(
                    notification=one,
                    decision=state.decision or raised.decision,
                    organisation=raised.organisation,
                    by=command.by,
                    reason=command.reason,
                    at=command.at,
                ),
            )


def _ended(
    command: Recall | Supersede | CarryOver, state: Telling, raised: NotificationRaised
) -> Sequence[NotificationEvent]:
    if state.status not in LIVE:
        return ()
    one, decision = raised.notification, state.decision or raised.decision
    match command:
        case Supersede():
            return (
                NotificationSuperseded(
                    notification=one, by_decision=command.by_decision, at=command.at
                ),
            )
        case CarryOver():
            if decision == command.decision:
                return ()
            return (
                NotificationCarriedOver(notification=one, decision=command.decision, at=command.at),
            )
        case Recall():
            if not state.announced and not state.was_opened:
                return (
                    NotificationCancelled(
                        notification=one,
                        decision=decision,
                        organisation=raised.organisation,
                        reason=command.reason,
                        at=command.at,
                    ),
                )
            if command.unsent_only:
                return ()
            return (
                NotificationWithdrawn(
                    notification=one,
                    decision=decision,
                    organisation=raised.organisation,
                    reason=command.reason,
                    at=command.at,
                    was_opened=state.was_opened,
                    retraction=command.retraction,
                ),
            )


def _taken_back(
    command: TakeBack, state: Telling, raised: NotificationRaised
) -> Sequence[NotificationEvent]:
    had = state.announced or state.was_opened
    if state.status not in HAD_BEFORE or state.taken_back or not had:
        return ()
    return (
        NotificationTakenBack(
            notification=raised.notification,
            organisation=raised.organisation,
            at=command.at,
            was_opened=state.was_opened,
            retraction=command.retraction,
        ),
    )


def _told(
    command: MakeAvailable | LeaveUnconfirmed | BeginAnnouncement | Announce,
    state: Telling,
    raised: NotificationRaised,
) -> Sequence[NotificationEvent]:
    one = raised.notification
    match command:
        case MakeAvailable():
            return () if state.available else (made_available(raised, command.at),)
        case LeaveUnconfirmed():
            return (
                ConsentNotConfirmed(
                    notification=one,
                    at=command.at,
                    again_at=command.again_at,
                    tries=state.unconfirmed + 1,
                ),
            )
        case BeginAnnouncement():
            if command.run in state.begun:
                return ()
            return (
                AnnouncementBegun(
                    notification=one,
                    organisation=raised.organisation,
                    run=command.run,
                    contacts=command.contacts,
                    begun_at=command.at,
                    again=state.announced,
                    next_at=command.next_at,
                    diverted_to=command.diverted_to,
                    quiet=command.quiet,
                    conflict=command.conflict,
                ),
            )
        case Announce():
            if command.run in state.told_in:
                return ()
            return (
                NotificationAnnounced(
                    notification=one,
                    by=command.by,
                    run=command.run,
                    announced_at=command.at,
                    again=state.announced,
                ),
            )


def _passed(
    command: PassDue | MoveDue | AskPhone, state: Telling, raised: NotificationRaised
) -> Sequence[NotificationEvent]:
    one, due = raised.notification, state.due or raised.due
    match command:
        case PassDue():
            if state.overdue or command.at < due:
                return ()
            return (NotificationOverdue(notification=one, due=due, at=command.at),)
        case MoveDue():
            if state.overdue or command.due == due:
                return ()  # overdue is a fact of history: a later calendar does not undo it
            return (
                NotificationDueMoved(
                    notification=one,
                    due=command.due,
                    announce_at=command.announce_at,
                    phone_at=command.phone_at,
                    at=command.at,
                    former_task=state.phone_task,
                    calendar=command.calendar,
                ),
            )
        case AskPhone():
            if state.phone_task is not None:
                return ()
            return (
                PhoneAsked(
                    notification=one, task=command.task, owner=command.owner, due=due, at=command.at
                ),
            )
