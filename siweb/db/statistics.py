"""What the database knows of its tables' sizes: without it, it plans for the empty office it was.

After a list of 20,000 an employer's home took 66 seconds, and 0.13 once this was collected.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from siweb.db.base import Base

# Rows looked at per index on SQLite: enough to tell few from many, and bounded on large tables.
_SQLITE_ROWS = 1_000
# The first PostgreSQL that looks at a table without its parts when asked.
_KNOWS_ONLY = (18,)
_HAS_PARTS = text("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass(:name)")
# What was looked at, and grew by a tenth at most since.
_FRESH = text(
    "SELECT relname FROM pg_class WHERE oid = ANY (CAST(:names AS regclass[])) AND reltuples >= 0"
    " AND pg_relation_size(oid) * 10 <= relpages * current_setting('block_size')::bigint * 11"
)
# SQLite makes the table with its first look; its lines begin with how many rows there were.
_SQLITE_KNOWS = text("SELECT stat FROM sqlite_stat1 WHERE tbl = :name AND stat IS NOT NULL LIMIT 1")
_NEVER_LOOKED = "no such table"
_POSTGRESQL_KNOWS = text("SELECT reltuples FROM pg_class WHERE oid = to_regclass(:name)")
# Fewer new rows change no plan.
MANY_ROWS = 500
# What is looked at in the middle of a work says whether to join whole sets, and 7,500 rows of a
# table say that as well as 30,000, in a third of the time. The nightly look, at all, is the
# server's own.
_ROUGHLY = text("SET LOCAL default_statistics_target = 25")
_THOROUGHLY = text("SET LOCAL default_statistics_target TO DEFAULT")


def collect_statistics(session: Session, *tables: type[Base], committed: bool = False) -> None:
    """Look at some tables anew, or at all; the caller commits.

    At all once a day and after large writes, at its own before a long work begins. `committed` says
    that this session has written to none of them and looked at none.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"PRAGMA analysis_limit={_SQLITE_ROWS}"))
    # PostgreSQL looks at a sample by itself.
    _analyze(session, [table.__tablename__ for table in tables] or [""], committed=committed)


def collect_before(session: Session, rows: int, *tables: type[Base]) -> bool:
    """Look at tables that so many rows are about to be joined to; True: the caller commits.

    In a transaction of its own: what looks at a table keeps others from looking until it ends.
    PostgreSQL looks only at those that it does not know any more: others may have done so before.
    """
    if rows < MANY_ROWS:
        return False
    if session.get_bind().dialect.name == "postgresql":
        names = [table.__tablename__ for table in tables]
        fresh = set(session.scalars(_FRESH, {"names": names}))
        tables = tuple(table for table in tables if table.__tablename__ not in fresh)
    if tables:
        collect_statistics(session, *tables)
    return bool(tables)


def collect_after(
    session: Session, rows: int, *tables: type[Base], part: str = "", committed: bool = False
) -> bool:
    """Look at tables anew when so many rows were written that plans change.

    On SQLite at all of them. On PostgreSQL at those named, if any are: each part of a table takes
    as long as a table. `part` is the only part of them that was written to; `committed` as above.
    """
    if rows < MANY_ROWS:
        return False
    if session.get_bind().dialect.name == "sqlite" or not tables:
        collect_statistics(session)
        return True
    # The part takes longest, and is begun with.
    names = [f"{_only(session, table)}{table.__tablename__}" for table in tables]
    _analyze(session, [part, *names] if part else names, committed=committed)
    return True


def planned_rows(session: Session, table: type[Base]) -> int:
    """Return for how many rows of a table the database plans; none when it never looked."""
    name = {"name": table.__tablename__}
    if session.get_bind().dialect.name == "postgresql":
        # It says -1 of a table at which it never looked.
        return max(0, int(session.scalar(_POSTGRESQL_KNOWS, name) or 0))
    try:
        stat: str | None = session.scalar(_SQLITE_KNOWS, name)
    except OperationalError as error:
        # Asked first whether the table is there, a page would run a statement too many.
        if _NEVER_LOOKED not in str(error.orig):
            raise
        return 0
    return int(stat.partition(" ")[0]) if stat else 0


def _analyze(session: Session, names: Sequence[str], *, committed: bool) -> None:
    """Look at tables: two at once on PostgreSQL, where one core reads a table, if all see them."""
    engine = session.get_bind()
    if committed and isinstance(engine, Engine) and engine.dialect.name == "postgresql":

        def analyze(name: str) -> None:
            with engine.begin() as connection:
                connection.execute(_ROUGHLY)
                connection.execute(text(f"ANALYZE {name}"))

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(analyze, names))
        return
    is_rough = engine.dialect.name == "postgresql" and all(names)
    if is_rough:
        session.execute(_ROUGHLY)
    for name in names:
        session.execute(text(f"ANALYZE {name}"))
    if is_rough:
        session.execute(_THOROUGHLY)


def _only(session: Session, table: type[Base]) -> str:
    """Return the word that leaves the parts of a table out, where PostgreSQL has one."""
    version = session.connection().dialect.server_version_info or (0,)
    has_parts = session.scalar(_HAS_PARTS, {"name": table.__tablename__})
    return "ONLY " if has_parts and version >= _KNOWS_ONLY else ""
