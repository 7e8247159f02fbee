"""Every column in which something is sealed, gone through by its table's key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Engine,
    LargeBinary,
    String,
    Table,
    and_,
    or_,
    select,
    update,
)
from sqlalchemy.sql.expression import literal, type_coerce

from siweb import schema
from siweb.db.sealing.columns import PartlySealed, Sealed, SealedDocument
from siweb.db.sealing.field_keys import FieldKeys
from siweb.files.kept_file import KeptFilePiece
from siweb.ledgers.tables.book_change import BookChange
from siweb.reseal.values import bytes_anew, json_anew
from siweb.tasks.tables.task import Task

# On SQLite whoever writes waits for a portion: a few hundredths of a second.
_ROWS = 200
# A megabyte each.
_PIECES = 8
# What an action seals within its change, by `seal_text`: the column itself knows nothing of it.
_WITHIN = {(Task.__tablename__, "change")}
# And what was said of a sealed cell before and after a lawful change (ledgers/seals/changes.py).
_TEXTS = {(BookChange.__tablename__, "was"), (BookChange.__tablename__, "now")}


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column, and how its values are kept below their type."""

    table: Table
    column: Column[Any]
    is_json: bool
    # Sealed texts among others that are plain.
    is_text: bool = False

    @property
    def name(self) -> str:
        """What is told of it."""
        return f"{self.table.name}.{self.column.name}"


def sealed_columns() -> Iterator[SealedColumn]:
    """Yield every column with something sealed in it."""
    for table in schema.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, (Sealed, SealedDocument)):
                yield SealedColumn(table, column, is_json=False)
            elif isinstance(column.type, PartlySealed) or (table.name, column.name) in _WITHIN:
                yield SealedColumn(table, column, is_json=True)
            elif (table.name, column.name) in _TEXTS:
                yield SealedColumn(table, column, is_json=True, is_text=True)
    pieces = schema.metadata.tables[KeptFilePiece.__tablename__]
    yield SealedColumn(pieces, pieces.c.content, is_json=False)


def reseal_column(engine: Engine, of: SealedColumn, keys: FieldKeys) -> int:
    """Seal a column anew, a portion in a transaction; return how many rows were under an older key.

    By statements, not by the mapper: what a row says stays the same, so that no seal over the
    books and no log of changes has anything to note.
    """
    kind: Any = JSON() if of.is_json else LargeBinary()
    if of.is_text:
        kind = String()
    anew = json_anew(keys) if of.is_json else bytes_anew(keys)
    key = list(of.table.primary_key)
    portion = _PIECES if of.table.name == KeptFilePiece.__tablename__ else _ROWS
    after: Sequence[Any] | None = None
    changed = 0
    while True:
        with engine.begin() as connection:
            asked = (
                select(*key, type_coerce(of.column, kind).label("kept"))
                .where(type_coerce(of.column, kind).is_not(None))
                .order_by(*key)
                .limit(portion)
                # Whoever changes a row meanwhile comes before or after, never between.
                .with_for_update()
            )
            if after is not None:
                asked = asked.where(_beyond(key, after))
            rows = connection.execute(asked).all()
            for row in rows:
                new = anew(row.kept)
                if new != row.kept:
                    changed += 1
                    connection.execute(
                        update(of.table)
                        .where(and_(*(column == row[place] for place, column in enumerate(key))))
                        .values({of.column: literal(new, kind)})
                    )
        if len(rows) < portion:
            return changed
        after = rows[-1][: len(key)]


def _beyond(key: Sequence[Column[Any]], after: Sequence[Any]) -> Any:
    """Return that a key comes after another; column by column, as both databases order them."""
    pairs = list(zip(key, after, strict=True))
    return or_(
        *(
            and_(*(same == value for same, value in pairs[:place]), column > value_before)
            for place, (column, value_before) in enumerate(pairs)
        )
    )
