"""Engines for SQLite and PostgreSQL, set up so that the same code holds on both."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from siweb.db.json_text import json_text, json_value

# Put on a connection whose transaction only reads, so that readers never queue for the writer.
READ_ONLY = "siweb_read_only"
_JSON: Any = {"json_serializer": json_text, "json_deserializer": json_value}


def make_engine(url: str) -> Engine:
    """Return an engine for `url`; a SQLite file's folder is made when missing."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address, pool_pre_ping=True, pool_size=5, max_overflow=10, **_JSON)


def make_sessions(engine: Engine, info: dict[Any, Any] | None = None) -> sessionmaker[Session]:
    """Return the factory of sessions that carry `info`; rows stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False, info=info)


def _sqlite_engine(url: str) -> Engine:
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 15}, **_JSON)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: ours say BEGIN IMMEDIATE.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "busy_timeout=15000",
            "cache_size=-20000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get(READ_ONLY, False)
        driver: Any = connection.connection.dbapi_connection
        # A deferred transaction that turns writer fails at once under load instead of waiting.
        statement = "BEGIN" if reads else "BEGIN IMMEDIATE"
        try:
            driver.execute(statement)
        except sqlite3.OperationalError as error:
            # As from any other statement: those who wait for their turn know only this kind.
            raise OperationalError(statement, None, error) from error

    return engine
