"""Which cases must still lose their content here?"""

from collections.abc import Sequence

from sqlalchemy import Column, Index, MetaData, Table, Uuid, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import Instant, upsert
from services.chassis.store import Row
from services.notify.readmodels.told import Kinds
from services.notify.streams.erasure import CaseErased, ErasureAsked

METADATA = MetaData()
ERASURES = Table(
    "erasures",
    METADATA,
    Column("case_id", Uuid, primary_key=True),
    Column("ended_at", Instant, primary_key=True),
    Column("erased_at", Instant, nullable=False),  # by consent
    Column("done_at", Instant),
    Index("erasures_open", "done_at"),
)
_KINDS = Kinds(ErasureAsked, CaseErased)


class Erasures:
    name = "notify.erasures"
    metadata = METADATA

    async def apply_page(self, tx: AsyncConnection, page: Sequence[Row]) -> None:
        for told in _KINDS.of(page):
            event = told.event
            one = {"case_id": event.case, "ended_at": event.ended_at}
            if isinstance(event, ErasureAsked):
                row = {**one, "erased_at": event.erased_at, "done_at": None}
                await upsert(tx, ERASURES, row, key=["case_id", "ended_at"])
            else:
                same = (ERASURES.c.case_id == event.case, ERASURES.c.ended_at == event.ended_at)
                await tx.execute(update(ERASURES).where(*same).values(done_at=event.at))
