"""The request's database session: a reader for GET, a writer for everything else."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from siweb.db.engine import READ_ONLY, make_engine, make_sessions


@dataclass(frozen=True, slots=True)
class Database:
    engine: Engine
    writers: sessionmaker[Session]
    readers: sessionmaker[Session]


def open_database(url: str) -> Database:
    """Return the engine and its two kinds of sessions."""
    engine = make_engine(url)
    return Database(
        engine,
        make_sessions(engine),
        make_sessions(engine.execution_options(**{READ_ONLY: True})),
    )


def database(app: Flask | None = None) -> Database:
    """Return the app's database."""
    return cast("Database", (app or current_app).extensions["siweb_database"])


def db_session() -> Session:
    """Return the session of this request; nothing is kept unless the view commits."""
    if "db_session" not in g:
        reads = request.method in {"GET", "HEAD", "OPTIONS"}
        g.db_session = (database().readers if reads else database().writers)()
    return cast("Session", g.db_session)


def write_session() -> Session:
    """Return a second, writing session for a GET that has something to note down.

    A reader that turns writer fails at once under load on SQLite. Use it as a context manager,
    and commit.
    """
    return database().writers()


def close_session(_error: BaseException | None = None) -> None:
    """Give the connection back; what was not committed is gone."""
    if (session := g.pop("db_session", None)) is not None:
        session.close()
