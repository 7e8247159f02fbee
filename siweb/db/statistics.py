"""What the database knows of its tables' sizes: without it, it plans for the empty office it was.

After a list of 20,000 an employer's home took 66 seconds, and 0.13 once this was collected.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

# Rows looked at per index on SQLite: enough to tell few from many, and bounded on large tables.
_SQLITE_ROWS = 1_000
# Fewer new rows change no plan.
MANY_ROWS = 500


def collect_statistics(session: Session) -> None:
    """Look at all tables anew; the caller commits. Once a day, and after large writes."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"PRAGMA analysis_limit={_SQLITE_ROWS}"))
    # PostgreSQL looks at a sample by itself.
    session.execute(text("ANALYZE"))


def collect_after(session: Session, rows: int) -> bool:
    """Look at all tables anew when so many rows were written that plans change."""
    if rows < MANY_ROWS:
        return False
    collect_statistics(session)
    return True
