"""On SQLite every table is STRICT: a value of a wrong kind is refused, as on PostgreSQL.

STRICT knows five words for types, hence what SQLAlchemy would call DATE or VARCHAR(24) is written
INTEGER or TEXT here, in one place. A table whose rows lie in the order of its key says WITHOUT
ROWID as well. Batch migrations build a table anew from what they read of it, and forget both words
on the way: they are put back here whenever a table is made.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Enum,
    SmallInteger,
    String,
    Table,
    Text,
    inspect,
)
from sqlalchemy.ext.compiler import compiles

# The name under which Alembic builds a table anew before the old one goes.
_REBUILT = "_alembic_tmp_"


@compiles(BigInteger, "sqlite")
@compiles(Boolean, "sqlite")
@compiles(SmallInteger, "sqlite")
def _whole(_type: Any, _compiler: Any, **_: Any) -> str:
    return "INTEGER"


@compiles(Date, "sqlite")
@compiles(DateTime, "sqlite")
@compiles(Enum, "sqlite")
@compiles(JSON, "sqlite")
@compiles(String, "sqlite")
@compiles(Text, "sqlite")
def _written(_type: Any, _compiler: Any, **_: Any) -> str:
    return "TEXT"


def keep_words(table: Table, connection: Connection, **_: Any) -> None:
    """Let a table that SQLite is about to make be STRICT, and lie as it lay before a rebuild."""
    if connection.dialect.name != "sqlite":
        return
    options = table.dialect_options["sqlite"]
    options["strict"] = True
    if table.name.startswith(_REBUILT):
        before = inspect(connection).get_table_options(table.name.removeprefix(_REBUILT))
        options["with_rowid"] = before.get("sqlite_with_rowid", True)
