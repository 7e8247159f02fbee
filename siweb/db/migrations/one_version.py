"""Two versions never write into one database: each write asks first whose tables these are."""

from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from siweb.db.engine import READ_ONLY

MIGRATIONS = Path(__file__).parent / "versions"
# Migrations hold it alone while they work, so that a write sees the tables as they were or as they
# will be. Any fixed number.
MIGRATION_LOCK = 7301
_ASK = "SELECT version_num FROM alembic_version"
_NUMBER = 4


class OtherVersion(SQLAlchemyError):
    """The database's tables are another version's; the message says which and what to do."""


@cache
def newest_revision() -> str:
    """Return the revision of this version, from the names of its migrations alone.

    Alembic reads a hundred files for it, which a first write would have to wait for.
    """
    # Four digits each, so that text sorts as the numbers do.
    return max(path.name[:_NUMBER] for path in MIGRATIONS.glob("[0-9]*.py"))


def is_current(engine: Engine) -> bool:
    """Return whether the database stands at the newest revision."""
    return revision_of(engine) == newest_revision()


def revision_of(engine: Engine) -> str | None:
    """Return the revision at which a database stands, None where it has no tables.

    Alembic would say the same; to import it takes as long as a short command's statements.
    """
    with engine.execution_options(**{READ_ONLY: True}).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(text(_ASK))
        return revision


def words_for(revision: str | None) -> str:
    """Return what to do about a database at another revision than this version's."""
    if revision is not None and revision > newest_revision():
        return (
            f"The database is at {revision}, that of a later siweb than this one "
            f"({newest_revision()}): start that one, or bring back the copy from before the "
            "upgrade."
        )
    return "The database is not at the newest schema: run siweb upgrade."


def write_at_own_version(engine: Engine) -> None:
    """Let no transaction of an engine write where the tables are another version's.

    Whoever serves through a migration goes on reading what it can, and changes nothing: what it
    would write by its own rules, the new version's books would not hold.
    """
    event.listen(engine, "begin", _require_own)


def _require_own(connection: Connection) -> None:
    if connection.get_execution_options().get(READ_ONLY, False):
        return
    driver: Any = connection.connection.dbapi_connection
    # By the driver itself: it is no statement of a page, whose number is held.
    try:
        found = (
            _on_sqlite(driver) if connection.dialect.name == "sqlite" else _on_postgresql(driver)
        )
    except connection.dialect.loaded_dbapi.Error as error:
        # As from any other statement: those who wait for their turn know only this kind.
        raise OperationalError(_ASK, None, error) from error
    if found is not None and found != newest_revision():
        driver.rollback()
        raise OtherVersion(words_for(found))


def _on_sqlite(driver: Any) -> str | None:
    # BEGIN IMMEDIATE holds off any migration until this transaction ends. A database without any
    # table is nobody's yet.
    named = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    if driver.execute(named).fetchone() is None:
        return None
    row = driver.execute(_ASK).fetchone()
    return None if row is None else str(row[0])


def _on_postgresql(driver: Any) -> str | None:
    with driver.cursor() as cursor:
        # Together with other writers, never with a migration; let go of at the end by itself. Asked
        # apart from the lock: a statement sees the tables as they were when it began to wait.
        cursor.execute(
            f"SELECT to_regclass('alembic_version'), pg_advisory_xact_lock_shared({MIGRATION_LOCK})"
        )
        if cursor.fetchone()[0] is None:
            return None
        row = cursor.execute(_ASK).fetchone()
    return None if row is None else str(row[0])
