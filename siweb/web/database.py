"""The request's database session: a reader for GET, a writer for everything else."""

import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from flask import Flask, current_app, g, request
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from siweb.db.engine import LOCK_MILLISECONDS, READ_ONLY, is_busy, make_engine, make_sessions
from siweb.db.migrations.one_version import OtherVersion, write_at_own_version

log = logging.getLogger("siweb")
View = TypeVar("View", bound=Callable[..., object])
_MARK = "writes_something_down"
_PLACE = re.compile(r"<[^>]+>")
# How long a form waits for whoever writes now, and a page that writes something down: who sent it
# is asked to come again rather than to hold a thread for as long as a levy.
_FORM_WAIT = 15_000
# A note is skipped rather than waited for; PostgreSQL takes 0 for no limit at all.
_NOTE_WAIT = 1


@dataclass(frozen=True, slots=True)
class Database:
    """An engine and its two kinds of sessions."""

    engine: Engine
    writers: sessionmaker[Session]
    readers: sessionmaker[Session]
    # Writers that wait for a lock only as long as a form, and hardly at all. None in tests, whose
    # one connection has no others.
    forms: sessionmaker[Session] | None = None
    notes: sessionmaker[Session] | None = None
    _kept: threading.local = field(default_factory=threading.local, compare=False)

    def reader(self) -> Connection:
        """Return a connection to read with; give it back with `done`."""
        bind: Engine | Connection = self.readers.kw["bind"]
        if isinstance(bind, Connection):  # whoever made the sessions looks after it
            return bind
        if self.engine.dialect.name != "sqlite":
            return bind.connect()
        # A file needs no looking after: each thread keeps one, and no pool counts it.
        if not hasattr(self._kept, "connection"):
            self._kept.connection = bind.connect()
            self._kept.connection.detach()
        return cast("Connection", self._kept.connection)

    def done(self, reader: Connection) -> None:
        """Give a reading connection back."""
        if reader is self.readers.kw["bind"]:
            return
        if reader is getattr(self._kept, "connection", None):
            # Held open, it would go on seeing the state of before,
            # and SQLite could not shorten its log.
            reader.rollback()
        else:
            reader.close()


def open_database(url: str) -> Database:
    """Return the engine and its two kinds of sessions."""
    engine = make_engine(url)
    write_at_own_version(engine)
    forms, notes = (
        make_sessions(engine.execution_options(**{LOCK_MILLISECONDS: wait}))
        for wait in (_FORM_WAIT, _NOTE_WAIT)
    )
    readers = make_sessions(engine.execution_options(**{READ_ONLY: True}))
    return Database(engine, make_sessions(engine), readers, forms, notes)


def database(app: Flask | None = None) -> Database:
    """Return the app's database."""
    return cast("Database", (app or current_app).extensions["siweb_database"])


def db_reader() -> Connection:
    """Return the connection with which this request reads plain rows, without a session."""
    return _reader() if only_reads() else db_session().connection()


def db_session() -> Session:
    """Return the session of this request; nothing is kept unless the view commits."""
    if "db_session" not in g:
        g.db_session = _reading_session() if only_reads() else _writing_session()
    return cast("Session", g.db_session)


def only_reads() -> bool:
    """Return whether this request is of those that change nothing."""
    return request.method in {"GET", "HEAD", "OPTIONS"}


def _reader() -> Connection:
    if "db_reader" not in g:
        g.db_reader = database().reader()
    return cast("Connection", g.db_reader)


def _reading_session() -> Session:
    readers, reader = database().readers, _reader()
    return readers() if reader is readers.kw["bind"] else readers(bind=reader)


def _writing_session() -> Session:
    found = database()
    return (found.forms or found.writers)()


def write_session() -> Session:
    """Return a second, writing session for a GET that has something to note down.

    A reader that turns writer fails at once under load on SQLite. Use it as a context manager,
    and commit. The page is marked with `writes`, so that it holds no reader's thread meanwhile.
    """
    assert _is_marked(), f"{request.endpoint} is not marked with `writes`"
    return _writing_session()


def note(write: Callable[[Session], object]) -> bool:
    """Note something down while a page is read; return False when that would have to wait.

    For signs of life and notes of use, which are nice to have: nobody waits for a page because
    a long list is being written.
    """
    found = database()
    try:
        with (found.notes or found.writers).begin() as session:
            write(session)
    except OtherVersion:
        # Pages are read on through an upgrade; whoever writes is told of it.
        return False
    except OperationalError as error:
        # A full or read-only disk must not close the pages either; /readyz tells of it.
        log.log(logging.DEBUG if is_busy(error) else logging.WARNING, "a note is left out")
        return False
    return True


def close_session(_error: BaseException | None = None) -> None:
    """Give the connection back; what was not committed is gone."""
    if (session := g.pop("db_session", None)) is not None:
        session.close()
    if (reader := g.pop("db_reader", None)) is not None:
        database().done(reader)


def writes(view: View) -> View:
    """Mark a page that writes something down when it is read: it waits among the writers.

    Whoever writes waits for whoever writes now, on SQLite for half a second beside a long list. A
    few pages that wait so would hold all threads of the readers.
    """
    setattr(view, _MARK, True)
    return view


def _is_marked() -> bool:
    """Return whether the page that is answered now is marked, or is none that is read."""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method not in {"GET", "HEAD"} or hasattr(view, _MARK)


def writing_pages(app: Flask) -> Callable[[str], bool]:
    """Return what says of an address, without its question, whether its page is marked."""
    paths = [
        "[^/]+".join(re.escape(part) for part in _PLACE.split(rule.rule))
        for rule in app.url_map.iter_rules()
        if hasattr(app.view_functions[rule.endpoint], _MARK)
    ]
    marked = re.compile("|".join(paths))
    return lambda path: marked.fullmatch(path) is not None
