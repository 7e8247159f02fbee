"""On SQLite every table is STRICT, and small ones with a natural key lie in its order.

Tables are built anew in SQLite's own sentence, of which only the words for types change: a batch
reads a table's columns and constraints, and loses an index over an expression.

Old code runs on it: what it writes has the same values under other words. Going back leaves the
words, since whoever reads loosely reads these as well.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

CLUSTERED = {
    "access_log_entry", "attempt_count", "entry_claim", "form_key", "levy_employer",
    "levy_preview", "region", "statement_overlap", "statement_part", "stranger_count",
    "verification_window",
}  # fmt: skip
_WORDS = {
    "VARCHAR": "TEXT", "CHAR": "TEXT", "DATETIME": "TEXT", "DATE": "TEXT", "JSON": "TEXT",
    "BIGINT": "INTEGER", "SMALLINT": "INTEGER", "BOOLEAN": "INTEGER",
}  # fmt: skip
# Behind a column's name only: a bracket or a comma, the name, the type.
_LOOSE = re.compile(rf'([(,]\s*"?\w+"?\s+)({"|".join(_WORDS)})\b(?:\s*\(\s*\d+\s*\))?')
_NAME = re.compile(r'\ACREATE TABLE\s+"?\w+"?')
_NEW = "_rebuilt_"


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    for table in sa.inspect(connection).get_table_names():
        make_strict(connection, table, clustered=table in CLUSTERED)
    if sa.inspect(connection).has_table("sqlite_stat1"):
        # What was known of a table went with it, and whoever plans without it errs.
        connection.exec_driver_sql("PRAGMA analysis_limit=1000")
        connection.exec_driver_sql("ANALYZE")


def downgrade() -> None:
    pass


def make_strict(connection: sa.Connection, table: str, *, clustered: bool) -> None:
    """Build `table` anew as STRICT, `clustered` in the order of its key; nothing when it is so."""
    options = sa.inspect(connection).get_table_options(table)
    lies_so = options.get("sqlite_with_rowid") is False
    if options.get("sqlite_strict") and (lies_so or not clustered):
        return
    in_order = clustered or lies_so
    created = _sentences(connection, "table", table)[0]
    body = _NAME.sub(f'CREATE TABLE "{_NEW}{table}"', created[: created.rindex(")") + 1], count=1)
    body = _LOOSE.sub(lambda found: found[1] + _WORDS[found[2]], body)
    indexes = _sentences(connection, "index", table)
    connection.exec_driver_sql(f"{body} {'STRICT, WITHOUT ROWID' if in_order else 'STRICT'}")
    _move(connection, table, in_order=in_order)
    for index in indexes:
        connection.exec_driver_sql(index)


def _sentences(connection: sa.Connection, kind: str, table: str) -> list[str]:
    query = "SELECT sql FROM sqlite_master WHERE type = :kind AND tbl_name = :name AND sql <> ''"
    return list(connection.scalars(sa.text(query), {"kind": kind, "name": table}))


def _move(connection: sa.Connection, table: str, *, in_order: bool) -> None:
    found = sa.inspect(connection)
    names = [column["name"] for column in found.get_columns(table)]
    old, new = (sa.table(name, *map(sa.column, names)) for name in (table, _NEW + table))
    # Rows that come in the order of their key fill page after page.
    order = found.get_pk_constraint(table)["constrained_columns"] if in_order else ()
    rows = sa.select(*old.c).order_by(*(old.c[name] for name in order))
    connection.execute(new.insert().from_select(names, rows))
    connection.exec_driver_sql(f'DROP TABLE "{table}"')
    connection.exec_driver_sql(f'ALTER TABLE "{new.name}" RENAME TO "{table}"')
