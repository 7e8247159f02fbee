"""Of two at once one writes: what is done in pieces (a levy, an import), and what is there once.

On SQLite it takes turns with those who wait to write. There is one writer and no queue: whoever
waits asks again every tenth of a second, and whoever begins anew right after a commit is always
faster. So a form holds a shared lock on a file beside the database while it waits, and a long work
looks between two portions whether anybody does. The database's own file is not for this: closing it
would let go the locks that SQLite has on it.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import unquote, urlsplit

from sqlalchemy import CursorResult, Delete, Update, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from siweb.db.among import among

Found = TypeVar("Found")

# A long work ends some time too, however many forms there are.
MOST_SECONDS = 2.0
_TRY_SECONDS = 0.005


class ClaimedElsewhere(Exception):
    """Another process went on with it meanwhile: stop, and write nothing more."""


def claim(session: Session, place: Update | Delete, *, otherwise: Exception | None = None) -> None:
    """Move on from the place that was read; the statement names it, and holds the row until commit.

    Two processes read the same place, and the second would write once more what the first wrote.

    :raises ClaimedElsewhere: when it is not there any more; `otherwise` in its stead where given.
    """
    result = session.execute(place.execution_options(synchronize_session=False))
    if cast("CursorResult[Any]", result).rowcount != 1:
        raise otherwise or ClaimedElsewhere


def let_others_write(session: Session) -> None:
    """Between two pieces of a long work, let those write on SQLite who wait; call it holding none.

    PostgreSQL has as many writers as connections.
    """
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite":
        let_waiting_write(engine.url.database)


@contextmanager
def waiting_to_write(database: str | None) -> Iterator[None]:
    """Let long works see that somebody waits; `database` is the one of an engine's address."""
    file = _opened(database)
    if file is None:
        yield
        return
    try:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield
    finally:
        # This lets the lock go, and the death of the process would.
        os.close(file)


def let_waiting_write(database: str | None) -> None:
    """Return once nobody waits, after `MOST_SECONDS` at the latest; whoever calls holds no lock."""
    until = time.monotonic() + MOST_SECONDS
    while _is_anybody_waiting(database) and time.monotonic() < until:
        time.sleep(_TRY_SECONDS)


def _is_anybody_waiting(database: str | None) -> bool:
    file = _opened(database)
    if file is None:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def database_file(database: str | None) -> Path | None:
    """Return the file that an address's database names; None where it is in memory.

    SQLite takes a path, or `file:` with a path after it (`file:/a/b.sqlite3`, with `?mode=ro` as a
    database that is only read).
    """
    if not database or database == ":memory:":
        return None
    if not database.startswith("file:"):
        return Path(database)
    path = unquote(urlsplit(database).path)
    return Path(path) if path and path != ":memory:" else None


def _opened(database: str | None) -> int | None:
    file = database_file(database)
    if file is None:
        return None
    try:
        return os.open(f"{file}-turns", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        # A full or read-only disk: whoever writes learns it from the database itself.
        return None


def add_or_find(session: Session, row: Any, find: Callable[[], Found | None]) -> Found | None:
    """Add a row and return None, or what stands in its place by now.

    `find` is what the caller asked before, asked once more: of two at the same moment neither
    finds the other's. The savepoint holds the writing alone, and the rest goes on to say it.

    :raises IntegrityError: when it finds nothing: it was another rule that the row broke.
    """
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        found = find()
        if found is None:
            raise
        return found
    return None


def insert_new(
    session: Session, key: InstrumentedAttribute[str], rows: Mapping[str, Mapping[str, Any]]
) -> int:
    """Insert rows, by their unique `key`, that are not there yet; return how many they were.

    :raises IntegrityError: when they break another rule than that of the key.
    """
    while fresh := _not_there(session, key, rows):
        try:
            with session.begin_nested():
                session.execute(insert(key.class_), list(fresh.values()))
        except IntegrityError:
            # Without another's row the same would be refused for ever.
            if len(_not_there(session, key, fresh)) == len(fresh):
                raise
            continue
        return len(fresh)
    return 0


def _not_there(
    session: Session, key: InstrumentedAttribute[str], rows: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    there = set(session.scalars(select(key).where(among(key, list(rows))))) if rows else set()
    return {name: row for name, row in rows.items() if name not in there}
