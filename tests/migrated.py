"""Migrated databases for a test of its own: SQLite's without migrating once more."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Thread

from sqlalchemy import Engine, make_url, text

from siweb.db.engine import make_engine
from siweb.db.migrate import migrate


def lay_schema(engine: Engine) -> None:
    """Put the newest schema where an engine's SQLite database is to be.

    It is migrated once in a process and copied: migrating takes seconds.
    """
    place = Path(str(engine.url.database))
    assert not place.exists(), f"{place} is there already"
    shutil.copyfile(_made(), place)


def own_sqlite(folder: Path) -> str:
    """Put the newest schema into a folder; return its address."""
    shutil.copyfile(_made(), folder / "siweb.sqlite3")
    return f"sqlite:///{folder / 'siweb.sqlite3'}"


@contextmanager
def copies_of_postgresql(server_url: str, names: Sequence[str]) -> Iterator[list[str]]:
    """Give migrated PostgreSQL databases, migrated once and copied, then drop them."""
    with own_postgresql(server_url, f"for_{'_'.join(names)}") as engine:
        engine.dispose()
        template = engine.url.database
        server = make_engine(server_url).execution_options(isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            for name in names:
                connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        yield [
            make_url(server_url).set(database=name).render_as_string(hide_password=False)
            for name in names
        ]
        with server.connect() as connection:
            for name in names:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


@contextmanager
def own_postgresql(server_url: str, name: str) -> Iterator[Engine]:
    """Give a migrated PostgreSQL database that several connections of a test share, then drop it."""
    server = make_engine(server_url).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = make_engine(
        make_url(server_url).set(database=name).render_as_string(hide_password=False)
    )
    try:
        migrate(engine)
        yield engine
    finally:
        engine.dispose()
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name}"))
        server.dispose()


def run_at_once(deed: Callable[[], None], count: int) -> None:
    """Let several threads do a deed, and wait for all of them."""
    threads = [Thread(target=deed) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="siweb-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = make_engine(f"sqlite:///{folder / 'migrated.sqlite3'}")
    migrate(engine)
    # The last connection takes the log beside the database into it: the file is whole.
    engine.dispose()
    return folder / "migrated.sqlite3"
