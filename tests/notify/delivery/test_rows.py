"""The rows are nothing but the log read once more: a rebuild makes the same ones."""

from datetime import UTC, datetime
from typing import Any

from services.chassis.projections import Projector
from services.notify.readmodels.projection import StateProjection
from services.notify.readmodels.state import METADATA
from tests.notify.back_house import UPN, Back

SATURDAY = datetime(2026, 2, 14, 7, 1, tzinfo=UTC)


async def rows(back: Back) -> dict[str, list[Any]]:
    async with back.database.reading() as connection:
        return {
            table.name: sorted(map(repr, await connection.execute(table.select())))
            for table in METADATA.sorted_tables
        }


async def test_a_rebuild_makes_the_same_rows_and_nothing_is_told_again(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    first = await back.decide()
    await back.decide(audience="childrens-social-care")
    await back.decide(audience="idva")
    await back.advance(SATURDAY)
    corrected = {"child.name": "Cat Test", "child.presence": "present"}
    await back.decide(supersedes=first.decision_id, correction=True, content=corrected)
    await back.settle()
    before, mails = await rows(back), len(back.mailbox.mails)
    assert all(before[name] for name in ("decisions", "notifications", "tasks", "nudges"))
    await Projector(back.store, back.database, StateProjection()).rebuild()
    assert await rows(back) == before
    await back.settle()
    assert len(back.mailbox.mails) == mails
