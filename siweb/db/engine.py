"""Engines for SQLite and PostgreSQL, set up so that the same code holds on both."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from siweb.db.claim import database_file, waiting_to_write
from siweb.db.json_text import json_text, json_value

# Put on a connection whose transaction only reads, so that readers never queue for the writer.
READ_ONLY = "siweb_read_only"
# Put on a connection whose transaction waits no longer than so many milliseconds for a lock.
LOCK_MILLISECONDS = "siweb_lock_milliseconds"
# Put on a connection whose transaction proves its references itself before it commits: SQLite then
# looks none up row by row.
REFERENCES_LATER = "siweb_references_later"
# Under this name a connection knows the databases that it has beside its own.
_BESIDE = "siweb_beside"
_BESIDE_KILOBYTES = 256
# Milliseconds; a piece of a long work holds the right to write for half a second,
# a slow disk for a few.
_LONGEST_WAIT = 15_000
# PostgreSQL's words for a lock not got in time, and for one of two that waited for each other.
_WAITED_IN_VAIN = {"55P03", "40P01", "40001"}
# The kind of a SQLite failure; the bits above say where it happened.
_KIND = 0xFF
_SQLITE_AWAY = {
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
}  # fmt: skip
# Connection lost, out of disk or memory, shut down or starting.
_POSTGRESQL_AWAY = {"08", "53", "57"}
# Seconds in which a server that is there answers.
_CONNECT_SECONDS = 5
# A statement's values are about people: no failure's text may carry them into a log.
_ALWAYS: Any = {
    "json_serializer": json_text,
    "json_deserializer": json_value,
    "hide_parameters": True,
}


def make_engine(url: str) -> Engine:
    """Return an engine for `url`; a SQLite file's folder is made when missing."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(
        address,
        # A restart of the server leaves dead connections in the pool: the first request after it
        # would fail for nothing.
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        connect_args={"connect_timeout": _CONNECT_SECONDS},
        **_ALWAYS,
    )
    event.listen(engine, "begin", _limit_wait)
    return engine


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Return the factory of sessions; rows stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def _sqlite_engine(url: str) -> Engine:
    database = make_url(url).database
    if file := database_file(database):
        file.parent.mkdir(parents=True, exist_ok=True)
    # Databases in memory have addresses, and are told from files by them.
    asked = {"timeout": _LONGEST_WAIT / 1000, "uri": True}
    engine = create_engine(url, connect_args=asked, **_ALWAYS)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: ours say BEGIN IMMEDIATE.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # What was answered for is on the disk when the power fails.
            "foreign_keys=ON",
            f"busy_timeout={_LONGEST_WAIT}",
            "cache_size=-20000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "checkin", _let_go)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        reads = options.get(READ_ONLY, False)
        driver: Any = connection.connection.dbapi_connection
        # Only the beginning waits: whoever holds the write lock waits for nobody until commit.
        wait = None if reads else options.get(LOCK_MILLISECONDS)
        # A deferred transaction that turns writer fails at once under load instead of waiting.
        statement = "BEGIN" if reads else "BEGIN IMMEDIATE"
        before = 0
        _check_references(connection, later=options.get(REFERENCES_LATER, False))
        try:
            if wait is None:
                driver.execute(statement)
            else:
                (before,) = driver.execute("PRAGMA busy_timeout").fetchone()
                driver.execute(f"PRAGMA busy_timeout={int(wait)}")
                with waiting_to_write(database):
                    driver.execute(statement)
        except sqlite3.OperationalError as error:
            # As from any other statement: those who wait for their turn know only this kind.
            raise OperationalError(statement, None, error) from error
        finally:
            if wait is not None:
                driver.execute(f"PRAGMA busy_timeout={before}")

    return engine


def attach_memory(connection: Connection, address: str, name: str) -> None:
    """Let a transaction on SQLite see a database in memory, until its connection is given back.

    All connections of this process that name an address share it; with the last of them it goes.
    """
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"ATTACH 'file:/{address}?vfs=memdb' AS {name}")
    # It is in memory as it is; of what is kept of it besides, little is enough.
    driver.execute(f"PRAGMA {name}.cache_size=-{_BESIDE_KILOBYTES}")
    connection.connection.info.setdefault(_BESIDE, []).append(name)


def _let_go(connection: Any, record: Any) -> None:
    """Let go what a connection had beside its database: SQLite does not within a transaction."""
    if (beside := record.info.pop(_BESIDE, None)) and connection is not None:
        for name in beside:
            connection.execute(f"DETACH {name}")
        # What was read for it is not read again: several such connections would keep it each.
        connection.execute("PRAGMA shrink_memory")


def _check_references(connection: Connection, *, later: bool) -> None:
    """Set whether a transaction's references are looked up; SQLite takes that only between two."""
    info = connection.connection.info
    if later != info.get(REFERENCES_LATER, False):
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"PRAGMA foreign_keys={'OFF' if later else 'ON'}")
        info[REFERENCES_LATER] = later


def _limit_wait(connection: Connection) -> None:
    """On PostgreSQL, let a transaction give up a lock that it does not get in its time."""
    if (wait := connection.get_execution_options().get(LOCK_MILLISECONDS)) is not None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(wait)}")


def is_busy(error: OperationalError) -> bool:
    """Return whether a statement failed because somebody else holds what it needs to write."""
    code = getattr(error.orig, "sqlite_errorcode", 0)
    if code & _KIND == sqlite3.SQLITE_BUSY:
        return True
    return getattr(error.orig, "sqlstate", None) in _WAITED_IN_VAIN


def is_away(error: OperationalError) -> bool:
    """Return whether the database does not answer, or its disk takes nothing more.

    No statement is to blame, and none that comes later will be: somebody has to look after it.
    """
    if (code := getattr(error.orig, "sqlite_errorcode", None)) is not None:
        return code & _KIND in _SQLITE_AWAY
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state[:2] in _POSTGRESQL_AWAY
