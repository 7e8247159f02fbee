"""Where the access log is kept: noting must never wait for the office's own writing."""

from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import cast

from sqlalchemy import Engine, Table
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.schema import CreateTable

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.db.engine import make_engine, make_sessions

FILE_NAME = "access_log.sqlite3"
_TABLE = cast("Table", AccessLogEntry.__table__)


class AccessLog:
    """Sessions of the access log, each a short transaction of its own.

    SQLite has one writer at a time: a levy holds its lock for a minute, and a page that must note
    what it shows would wait. So the log is a file beside the office's. PostgreSQL has room for
    both: the table stands in the office's database.
    """

    def __init__(self, sessions: sessionmaker[Session] | None, folder: Path) -> None:
        self._sessions = sessions
        self._file = folder / FILE_NAME

    def begin(self) -> AbstractContextManager[Session]:
        """Return a session as a context that commits at its end."""
        return (self._sessions or self._beside).begin()

    def session(self) -> Session:
        """Return a session to read with; use it as a context manager."""
        return (self._sessions or self._beside)()

    @cached_property
    def _beside(self) -> sessionmaker[Session]:
        engine = make_engine(f"sqlite:///{self._file.as_posix()}")
        with engine.begin() as connection:
            # Several processes may open the file at once: the first makes the table.
            connection.execute(CreateTable(_TABLE, if_not_exists=True))
        return make_sessions(engine)


def open_access_log(engine: Engine, sessions: sessionmaker[Session], folder: Path) -> AccessLog:
    """Return the access log of an office: in its database, or in a file in `folder`."""
    return AccessLog(None if engine.dialect.name == "sqlite" else sessions, folder)
