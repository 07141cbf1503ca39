"""Does what is over cost those nothing who look for what is due? No query of theirs reads a table
from end to end."""

from sqlalchemy import event, text

from tests.notify.back_house import Back

GROWING = ("notifications", "decisions", "tasks", "nudges", "nudge_notifications")


async def test_no_worker_scans_a_table_that_grows(embedded_back: Back) -> None:
    back, asked = embedded_back, set[str]()
    await back.area()
    await back.decide()
    await back.settle()

    def hear(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.add(statement)

    engine = back.database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    for worker in back.part.workers:
        await worker.run_once()
    event.remove(engine, "before_cursor_execute", hear)
    plans: dict[str, list[str]] = {}
    async with back.database.reading() as connection:
        for statement in sorted(one for one in asked if one.startswith("SELECT")):
            plan = f"EXPLAIN QUERY PLAN {statement}".replace("?", "NULL")
            plans[statement] = [row.detail for row in await connection.execute(text(plan))]
    assert any(name in plan for plan in plans for name in GROWING)
    scans = [line for lines in plans.values() for line in lines if line.startswith("SCAN")]
    assert not [line for line in scans if line.split()[1] in GROWING], scans
