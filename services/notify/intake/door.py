"""What became of what came over the broker since then? For those who watch, such as a scenario."""

from services.chassis.store import EventStore
from services.notify.streams.hooks import MessageRefused


async def what_became_of(store: EventStore, after_position: int) -> list[str] | None:
    """None: nothing was refused. Else the pointers of what was, in the order of the log."""
    pointers: list[str] = []
    refused = False
    while page := await store.read_all(after_position):
        after_position = page[-1].position
        for recorded in page:
            if isinstance(recorded.event, MessageRefused):
                refused = True
                pointers += [fault.pointer for fault in recorded.event.faults if fault.pointer]
    return pointers if refused else None
