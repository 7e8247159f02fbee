"""The base of every table; constraint names are fixed here so that migrations can name them.

On SQLite every table is STRICT: a value of a wrong kind is refused, as on PostgreSQL. STRICT knows
five words for types, hence what SQLAlchemy would call DATE or VARCHAR(24) is written INTEGER or
TEXT here, in one place. A table whose rows lie in the order of its key says WITHOUT ROWID as well.
Batch migrations build a table anew from what they read of it, and forget both words on the way:
they are put back here whenever a table is made.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Enum,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    event,
    inspect,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase

from siweb.db.types import Fen, Month, UtcDateTime

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


def _keep_words(table: Table, connection: Connection, **_: Any) -> None:
    """Let a table that SQLite is about to make be STRICT, and lie as it lay before a rebuild."""
    if connection.dialect.name != "sqlite":
        return
    options = table.dialect_options["sqlite"]
    options["strict"] = True
    if table.name.startswith(_REBUILT):
        before = inspect(connection).get_table_options(table.name.removeprefix(_REBUILT))
        options["with_rowid"] = before.get("sqlite_with_rowid", True)


event.listen(Table, "before_create", _keep_words)

# SQLite only counts rows by itself in an INTEGER key; PostgreSQL wants 64 bits.
Key = BigInteger().with_variant(Integer(), "sqlite")

# For a small table with a natural key: on SQLite its rows lie in the order of the key, and no
# second tree repeats them.
CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}

# In `Table.info` of a table whose references PostgreSQL proves by triggers.
BY_STATEMENT = "references_by_statement"


# In `Index.info` of an index by which rows without a value are found as well.
WITH_EMPTY = "with_empty"


def prove_by_statement(table: Any) -> None:
    """Leave the foreign keys of a table to SQLite; PostgreSQL has triggers in their place.

    It would look each reference of each row up by itself; they ask once for all that a statement
    names. Migrations make them (0074, 0122; decision 24).
    """
    table.info[BY_STATEMENT] = True
    for constraint in table.foreign_key_constraints:
        constraint.ddl_if(dialect="sqlite")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        int: Key,
        str: String(),
        date: Date(),
        datetime: UtcDateTime(),
    }


def leave_empty_out(index: Index, table: Table) -> None:
    """Keep rows whose leading column is NULL out of an index.

    Statistics count all NULLs as one value: where nobody has one yet (an office whose bills all go
    to employers, looked through for a person's), SQLite takes the index for useless and reads the
    whole table.
    """
    # Only of the office's own tables: migrations rebuild others by the same class, as they were.
    if table.metadata is not Base.metadata or index.unique or index.info.get(WITH_EMPTY):
        return
    leading, given = index.columns[0], index.dialect_options
    if leading.nullable and given["sqlite"]["where"] is None:
        given["sqlite"]["where"] = given["postgresql"]["where"] = leading.is_not(None)


event.listen(Index, "after_parent_attach", leave_empty_out)


__all__ = [
    "BY_STATEMENT",
    "CLUSTERED",
    "WITH_EMPTY",
    "Base",
    "Fen",
    "Key",
    "Month",
    "UtcDateTime",
    "prove_by_statement",
]
