"""The base of every table; constraint names are fixed here so that migrations can name them."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Date, Integer, MetaData, String, Table, event
from sqlalchemy.orm import DeclarativeBase

from siweb.db.strict import keep_words
from siweb.db.types import Fen, Month, UtcDateTime

event.listen(Table, "before_create", keep_words)

# SQLite only counts rows by itself in an INTEGER key; PostgreSQL wants 64 bits.
Key = BigInteger().with_variant(Integer(), "sqlite")

# For a small table with a natural key: on SQLite its rows lie in the order of the key, and no
# second tree repeats them.
CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}


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


__all__ = ["CLUSTERED", "Base", "Fen", "Key", "Month", "UtcDateTime"]
