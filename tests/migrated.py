"""Databases for a test of their own: each is made once in a process, and copied."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

from sqlalchemy import URL, Connection, Engine, make_url, text

from siweb.db.engine import make_engine
from siweb.db.migrate import migrate

# By server and name. SQLite has no server: its databases are files of one folder.
_made: dict[tuple[URL | None, str], str] = {}


def lay_schema(engine: Engine, revision: str = "head") -> None:
    """Put a schema, the newest unless told, where an engine's database is to be.

    Migrating takes seconds, a copy none.
    """
    lay(engine, f"schema_{revision}", lambda made: migrate(made, revision))


def lay(engine: Engine, name: str, make: Callable[[Engine], None]) -> None:
    """Put a copy of the database of this name, made once, where an engine's is to be.

    On SQLite nothing may be there; on PostgreSQL what is there is dropped.
    """
    if engine.dialect.name == "sqlite":
        place = Path(str(engine.url.database))
        assert not place.exists(), f"{place} is there already"
        shutil.copyfile(_make_file(name, make), place)
        return
    engine.dispose()
    source = _make_database(engine.url.set(database="postgres"), name, make)
    with _server(engine.url) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {engine.url.database}"))
        connection.execute(text(f"CREATE DATABASE {engine.url.database} TEMPLATE {source}"))


def own_sqlite(folder: Path) -> str:
    """Put the newest schema into a folder; return its address."""
    engine = make_engine(f"sqlite:///{folder / 'siweb.sqlite3'}")
    lay_schema(engine)
    return f"sqlite:///{folder / 'siweb.sqlite3'}"


@contextmanager
def copies_of_postgresql(server_url: str, names: Sequence[str]) -> Iterator[list[str]]:
    """Give migrated PostgreSQL databases, then drop them."""
    with ExitStack() as stack:
        engines = [stack.enter_context(own_postgresql(server_url, name)) for name in names]
        yield [engine.url.render_as_string(hide_password=False) for engine in engines]


@contextmanager
def own_postgresql(server_url: str, name: str) -> Iterator[Engine]:
    """Give a migrated PostgreSQL database that several connections of a test share, then drop it."""
    engine = _engine(make_url(server_url), name)
    lay_schema(engine)
    try:
        yield engine
    finally:
        engine.dispose()
        with _server(engine.url) as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def run_at_once(deed: Callable[[], None], count: int) -> None:
    """Let several threads do a deed, and wait for all of them."""
    threads = [Thread(target=deed) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _make_file(name: str, make: Callable[[Engine], None]) -> str:
    if (None, name) not in _made:
        folder = Path(tempfile.mkdtemp(prefix="siweb-made-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        engine = make_engine(f"sqlite:///{folder / 'made.sqlite3'}")
        make(engine)
        # The last connection takes the log beside the database into it: the file is whole.
        engine.dispose()
        _made[None, name] = str(folder / "made.sqlite3")
    return _made[None, name]


def _make_database(server: URL, name: str, make: Callable[[Engine], None]) -> str:
    if (server, name) not in _made:
        database = f"made_{name}"
        with _server(server) as connection:
            connection.execute(text(f"CREATE DATABASE {database}"))
        engine = _engine(server, database)
        make(engine)
        # Nobody may be connected to what is copied.
        engine.dispose()
        _made[server, name] = database
    return _made[server, name]


def _engine(server: URL, database: str) -> Engine:
    return make_engine(server.set(database=database).render_as_string(hide_password=False))


@contextmanager
def _server(url: URL) -> Iterator[Connection]:
    engine = _engine(url, "postgres").execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()
