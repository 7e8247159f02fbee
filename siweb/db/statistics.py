"""What the database knows of its tables' sizes: without it, it plans for the empty office it was.

After a list of 20,000 an employer's home took 66 seconds, and 0.13 once this was collected.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from siweb.db.base import Base

# Rows looked at per index on SQLite: enough to tell few from many, and bounded on large tables.
_SQLITE_ROWS = 1_000
# Fewer new rows change no plan.
MANY_ROWS = 500


def collect_statistics(session: Session, *tables: type[Base]) -> None:
    """Look at some tables anew, or at all; the caller commits.

    At all once a day and after large writes, at its own before a long work begins.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"PRAGMA analysis_limit={_SQLITE_ROWS}"))
    # PostgreSQL looks at a sample by itself.
    for name in [table.__tablename__ for table in tables] or [""]:
        session.execute(text(f"ANALYZE {name}"))


def collect_before(session: Session, rows: int, *tables: type[Base]) -> bool:
    """Look at tables that so many rows are about to be joined to; True: the caller commits.

    In a transaction of its own: what looks at a table keeps others from looking until it ends.
    """
    if rows < MANY_ROWS:
        return False
    collect_statistics(session, *tables)
    return True


def collect_after(session: Session, rows: int) -> bool:
    """Look at all tables anew when so many rows were written that plans change."""
    if rows < MANY_ROWS:
        return False
    collect_statistics(session)
    return True
