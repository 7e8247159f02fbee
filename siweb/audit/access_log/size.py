"""How large the access log is, and since when it has been kept."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import BigInteger, Select, func, literal, select
from sqlalchemy.orm import Session

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.audit.access_log.store import FILE_NAME
from siweb.db.engine import READ_ONLY, make_engine, make_sessions

# The log's key begins with the person, and an index of days would cost every look: the oldest of
# so many lines is as old as the log for whoever asks whether it grows too large.
_LOOKED_AT = 100_000


class LogSize(NamedTuple):
    """How large the log is, in bytes, and the day of its oldest line; None of an empty one."""

    size: int
    oldest: date | None


def size_of_log(session: Session, folder: Path) -> LogSize | None:
    """Return how large the log is, one statement; None where nobody has looked at anything yet."""
    if session.get_bind().dialect.name == "postgresql":
        name = literal(AccessLogEntry.__tablename__)
        size = func.pg_total_relation_size(name, type_=BigInteger())
        return LogSize(*session.execute(select(size, _oldest().scalar_subquery())).one())
    file = folder / FILE_NAME
    # Opened, it would be made: whoever only looks the office over changes nothing.
    if not file.exists():
        return None
    engine = make_engine(f"sqlite:///{file.as_posix()}")
    try:
        with make_sessions(engine.execution_options(**{READ_ONLY: True}))() as reader:
            oldest = reader.scalar(_oldest())
    finally:
        engine.dispose()
    # What was written lately stands beside the file until the file takes it in.
    written = file.with_name(f"{FILE_NAME}-wal")
    whole = file.stat().st_size + (written.stat().st_size if written.exists() else 0)
    return LogSize(whole, oldest)


def _oldest() -> Select[date | None]:
    some = select(AccessLogEntry.on_day).limit(_LOOKED_AT).subquery()
    return select(func.min(some.c.on_day))
