"""Where the access log is kept: noting must never wait for the office's own writing."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine, Table, insert
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.schema import CreateTable

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.db.engine import LOCK_MILLISECONDS, is_busy, make_engine, make_sessions

FILE_NAME = "access_log.sqlite3"
# Everybody writes shortly here; whoever holds the file longer must not hold the pages as well.
_WAIT = 2_000
_TABLE = cast("Table", AccessLogEntry.__table__)
# Nobody's: person 0 looked at person 0.
_PROBE: dict[str, Any] = {
    "person_id": 0,
    "on_day": date(2000, 1, 1),
    "account_id": 0,
    "employer_id": 0,
    "function": "",
    "reason": "",
    "channel": "",
    "region_code": "",
    "times": 0,
    "first_at": datetime(2000, 1, 1, tzinfo=UTC),
    "last_at": datetime(2000, 1, 1, tzinfo=UTC),
}


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
        """Return a session as a context that commits at its end.

        :raises OSError: when the file was taken away while the office runs.
        """
        return self._kept().begin()

    def session(self) -> Session:
        """Return a session to read with; use it as a context manager.

        :raises OSError: as `begin` does.
        """
        return self._kept()()

    def is_writable(self) -> bool:
        """Return whether an entry could be noted now: one is written, and taken back."""
        try:
            with self.session() as session:
                session.execute(insert(_TABLE), _PROBE)
                session.rollback()
        except OperationalError as error:
            # Whoever holds the lock is writing, so that writing works.
            return is_busy(error)
        except (SQLAlchemyError, OSError):
            return False
        return True

    def _kept(self) -> sessionmaker[Session]:
        if self._sessions is not None:
            return self._sessions
        sessions = self._beside
        if not self._file.exists():
            # What is noted in a file without a name is gone with the process: nobody would find it.
            raise FileNotFoundError(self._file.name)
        return sessions

    @cached_property
    def _beside(self) -> sessionmaker[Session]:
        engine = make_engine(f"sqlite:///{self._file.as_posix()}")
        with engine.begin() as connection:
            # Several processes may open the file at once: the first makes the table.
            connection.execute(CreateTable(_TABLE, if_not_exists=True))
        return make_sessions(engine.execution_options(**{LOCK_MILLISECONDS: _WAIT}))


def open_access_log(engine: Engine, sessions: sessionmaker[Session], folder: Path) -> AccessLog:
    """Return the access log of an office: in its database, or in a file in `folder`."""
    return AccessLog(None if engine.dialect.name == "sqlite" else sessions, folder)
