"""What stops a command from outside, in one sentence: a database that is down, a disk that is full.

Anything else is a fault of ours and keeps its trace.
"""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from siweb.secret_keys import SecretFault

_NO_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
_SQLITE = {
    "SQLITE_BUSY": "The database is busy: something long is being written. Try again later.",
    "SQLITE_LOCKED": "The database is busy: something long is being written. Try again later.",
    "SQLITE_FULL": "The disk of the database is full: make room, then run the command again.",
    "SQLITE_READONLY": "The database cannot be written: look at the rights of its file and folder.",
    "SQLITE_CANTOPEN": "The database cannot be opened: look at SIWEB_VAR_DIR and its rights.",
    "SQLITE_IOERR": "The disk of the database fails: look at the system's log.",
    "SQLITE_NOTADB": "The file of the database is no database: look at SIWEB_VAR_DIR.",
    "SQLITE_CORRUPT": "The file of the database is damaged: bring back the newest backup.",
}
_OLD_SCHEMA = "The database is not at the newest schema: run siweb upgrade."
# How both databases say that a table or a column is missing; PostgreSQL by its codes.
_MISSING = ("no such table", "no such column")
_MISSING_STATES = {"42P01", "42703"}
_FULL_STATES = {"53100"}
# A lock that was not got in time: somebody writes, or an upgrade is at work.
_WAITED_STATES = {"55P03"}


@contextmanager
def failures_in_a_sentence() -> Iterator[None]:
    """Let a command end with a sentence where the fault is outside of the program.

    :raises click.ClickException: with the sentence.
    """
    try:
        yield
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        raise click.ClickException(sentence) from error


def sentence_of(error: Exception) -> str | None:
    """Return what to tell whoever runs the command, None for a fault of ours."""
    # A command that uses no database has not read where this one stands either.
    other = sys.modules.get("siweb.db.migrations.one_version")
    if isinstance(error, (SecretFault, *([other.OtherVersion] if other else ()))):
        return str(error)
    if isinstance(error, OSError) and error.errno in _NO_DISK:
        place = f" {error.filename}" if error.filename else ""
        return f"Cannot write{place}: {error.strerror}."
    # A command that uses no database has not read SQLAlchemy, and need not.
    database = sys.modules.get("sqlalchemy.exc")
    if database is None:
        return None
    if isinstance(error, (database.ArgumentError, ModuleNotFoundError)):
        return "SIWEB_DATABASE_URL is no address of a database that this office can use."
    if isinstance(error, database.DBAPIError):
        return _of_database(error)
    return None


def _of_database(error: Exception) -> str | None:
    cause = getattr(error, "orig", None)
    code = getattr(cause, "sqlite_errorname", "")
    state = getattr(cause, "sqlstate", None)
    first_line = str(cause).partition("\n")[0]
    if first_line.startswith(_MISSING) or state in _MISSING_STATES:
        return _OLD_SCHEMA
    for name, sentence in _SQLITE.items():
        if code.startswith(name):
            return sentence
    if state in _WAITED_STATES:
        return _SQLITE["SQLITE_BUSY"]
    if state in _FULL_STATES:
        return _SQLITE["SQLITE_FULL"]
    if type(error).__name__ == "OperationalError" and not code and state is None:
        # PostgreSQL was not reached: there is no state, and the driver says why.
        return f"The database of SIWEB_DATABASE_URL does not answer: {first_line}"
    return None
