"""The key and the indexes of a table that was loaded bare: those that the whole table declares."""

import re
from collections.abc import Iterator

from sqlalchemy import Connection, Table, text

from siweb.ledgers.month_tables.parts import exists

# For one build; with the server's own 64 MB a month of a million people is sorted on disk.
_MEMORY = text("SET LOCAL maintenance_work_mem = '256MB'")
_INDEXES = text("""
SELECT c.relname, pg_get_indexdef(i.indexrelid), pg_get_constraintdef(k.oid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid
  AND k.contype = 'p'
WHERE i.indrelid = to_regclass(:name) ORDER BY i.indisprimary DESC, c.relname
""")
_NAMED = text(
    "SELECT EXISTS (SELECT FROM pg_constraint"
    " WHERE conrelid = to_regclass(:bare) AND contype = 'p')"
)
_TARGET = re.compile(r"^CREATE (UNIQUE )?INDEX \S+ ON (ONLY )?\S+ ")


def missing_keys(connection: Connection, bare: Table, table: Table) -> Iterator[str]:
    """Yield the statements that give a bare table what it lacks, each long and whole by itself.

    The key comes first: a row that is there twice ends the work before the rest is done. It is made
    as an index, beside which others read, and named the key in a moment.
    """
    found = connection.execute(_INDEXES, {"name": table.name}).all()
    for declared, definition, constraint in found:
        # By the names of the whole table's own:
        # attaching takes an index that fits, and builds none.
        name = declared.replace(table.name, bare.name)
        made, times = _TARGET.subn(rf"CREATE \1INDEX {name} ON {bare} ", definition)
        assert times == 1, definition
        if not exists(connection, name):
            yield made
        if constraint is not None and not connection.scalar(_NAMED, {"bare": str(bare)}):
            kind = constraint.partition(" (")[0]
            yield f"ALTER TABLE {bare} ADD CONSTRAINT {name} {kind} USING INDEX {name}"


def give_key(connection: Connection, statement: str) -> None:
    """Run one of the statements of `missing_keys`; the caller commits after each."""
    connection.execute(_MEMORY)
    # Nobody but the levy reads such a table: whoever holds it waits for this very step.
    connection.execute(text("SET LOCAL lock_timeout = '30s'"))
    connection.execute(text(statement))
