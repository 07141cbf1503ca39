"""How are events decided, looked at, overridden and explained? What takes them, and its doors."""

from sqlalchemy import MetaData

from contracts.messages import EVENT_ACCEPTED
from contracts.messages import EVENTS as ACCEPTED
from services.consent.cases.regrounding import Regrounding
from services.consent.cases.resting import Resting
from services.consent.cases.taking import Taking
from services.consent.explaining import http as explaining
from services.consent.explaining import pace
from services.consent.overriding import http as overriding
from services.consent.overriding import reviews
from services.consent.parts import Part, Parts
from services.consent.readmodels import tables
from services.consent.registering import history
from services.consent.registering import http as registering
from services.consent.reviewing import http as reviewing
from services.consent.streams.events import CaseEvent

EVENTS = (CaseEvent,)
METADATA = MetaData()
for _metadata in (tables.METADATA, pace.METADATA):
    for _table in _metadata.sorted_tables:
        _table.to_metadata(METADATA)


def build_deciding(parts: Parts) -> Part:
    taking = _taking(parts)
    parts.bus.subscribe(
        "consent.events",
        ACCEPTED,
        frozenset({EVENT_ACCEPTED}),
        taking.on_event_accepted,
        ordered=True,
        together=taking.on_events_accepted,
    )
    return Part(
        routers=(
            registering.routes(taking, parts.store, parts.clock),
            history.routes(
                store=parts.store,
                database=parts.database,
                clock=parts.clock,
                register=parts.register,
                pepper=parts.pepper,
            ),
            overriding.routes(
                store=parts.store,
                database=parts.database,
                clock=parts.clock,
                register=parts.register,
                commands=parts.commands,
                deliberation=parts.deliberation,
                agreements=parts.agreements,
                pepper=parts.pepper,
            ),
            reviews.routes(
                store=parts.store,
                database=parts.database,
                clock=parts.clock,
                register=parts.register,
                commands=parts.commands,
            ),
            reviewing.routes(
                store=parts.store,
                database=parts.database,
                clock=parts.clock,
                register=parts.register,
                commands=parts.commands,
            ),
            explaining.routes(
                store=parts.store,
                clock=parts.clock,
                register=parts.register,
                deliberation=parts.deliberation,
                pace=pace.Pace(parts.database, parts.clock),
                agreements=parts.agreements,
            ),
        ),
        workers=(parts.register,),
    )


def _taking(parts: Parts) -> Taking:
    return Taking(
        clock=parts.clock,
        register=parts.register,
        commands=parts.commands,
        deliberation=parts.deliberation,
        resting=Resting(
            database=parts.database,
            register=parts.register,
            commands=parts.commands,
            pepper=parts.pepper,
        ),
        regrounding=Regrounding(
            store=parts.store,
            database=parts.database,
            register=parts.register,
            commands=parts.commands,
            deliberation=parts.deliberation,
            pepper=parts.pepper,
        ),
        pepper=parts.pepper,
    )
