"""How is a database of read models spoken to? Its engine, and what is set on a connection."""

from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

PATIENCE = 5.0
RESTED = 1.0  # seconds after which a connection is asked whether it is still there
_SERVER = {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "30s"}


def embedded_engine(url: URL) -> AsyncEngine:
    if url.database:
        Path(url.database).touch(mode=0o600)
    engine = create_async_engine(
        url.set(drivername="sqlite+aiosqlite"),
        connect_args={"isolation_level": None, "timeout": PATIENCE},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        # A deferred transaction that reads and then writes fails when another wrote in between.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def distributed_engine(url: URL, schema: str | None) -> AsyncEngine:
    settings = {**_SERVER, "application_name": f"daybreak rows {schema or ''}"}
    if schema:
        settings["search_path"] = f'"{schema}"'
    connect = {"server_settings": settings, "timeout": PATIENCE, "command_timeout": 30}
    engine = create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        pool_size=8,
        max_overflow=4,
        pool_timeout=3,
        connect_args=connect,
    )

    @event.listens_for(engine.sync_engine, "checkin")
    def rests(_: Any, record: Any) -> None:
        record.info["since"] = monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def still_there(connection: Any, record: Any, _: Any) -> None:
        # Asked only after a rest: a ping waits for three answers, and who hung up is known.
        rested = monotonic() - record.info.get("since", monotonic())
        try:
            if rested > RESTED or connection.driver_connection.is_closed():
                connection.ping()
        except connection.dbapi.Error:
            raise DisconnectionError from None

    @event.listens_for(engine.sync_engine, "connect")
    def plain_uuids(connection: Any, _: Any) -> None:  # the driver's own kind is no JSON
        connection.run_async(
            lambda driver: driver.set_type_codec(
                "uuid", encoder=str, decoder=UUID, schema="pg_catalog"
            )
        )

    return engine
