"""Run the migrations online, one process at a time, without waiting for ever for a lock."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, text

from siweb.db.base import Base
from siweb.db.codes import name_codes
from siweb.db.migrations.one_version import MIGRATION_LOCK
from siweb.db.migrations.views import drop_views, make_views

PLAIN_TYPES = {
    "Fen": "sa.BigInteger()",
    "Code": "sa.SmallInteger()",
    "Month": "sa.Integer()",
    "RegionCode": "sa.Integer()",
    "UtcDateTime": "sa.DateTime(timezone=True)",
    "Sealed": "sa.LargeBinary()",
    "SealedDocument": "sa.LargeBinary()",
    "RowFindings": "sa.JSON()",
    "RowValues": "sa.JSON()",
}
LOCK = MIGRATION_LOCK  # two migrating processes must agree on it, and whoever writes with them


def render_plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as plain ones: a migration must not change when code does."""
    return PLAIN_TYPES.get(type(item).__name__, False) if kind == "type" else False


def run(connection: Connection) -> None:
    postgresql = connection.dialect.name == "postgresql"
    if not postgresql:
        # A table that is built anew goes away for a moment, and with it what others refer to.
        _hold_references(connection, hold=False)
    if postgresql:
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_plain,
        transaction_per_migration=False,
    )
    # A table cannot be built anew under a view, nor a column of it change.
    drop_views(connection)
    connection.commit()
    with context.begin_transaction():
        context.run_migrations()
    if set(context.get_context().get_current_heads()) == set(context.script.get_heads()):
        name_codes(connection)
        make_views(connection, Base.metadata)
    connection.commit()
    if postgresql:
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
        connection.commit()
    else:
        _hold_references(connection, hold=True)


def _hold_references(connection: Connection, *, hold: bool) -> None:
    # SQLite only listens between two transactions, so that the driver is told itself.
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA foreign_keys={'ON' if hold else 'OFF'}")


given = context.config.attributes["engine"]
if isinstance(given, Connection):
    run(given)
else:
    with given.connect() as connection:
        run(connection)
