"""Attach what was loaded bare: from the commit on, and all at once, its rows are the table's.

The references are proved here, each by one join over the new rows, by what the whole table
declares; a rogue row refuses the month.
"""

from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import OperationalError

from siweb.db.engine import is_busy
from siweb.ledgers.month_tables.bare import OF_MONTH
from siweb.ledgers.month_tables.parts import full, next_month, region_part

# Whoever writes to a table that is referred to is let through so often before they are made wait.
_TRIES = 20
_REFERRED = text("""
SELECT DISTINCT other::regclass::text FROM (
  SELECT confrelid AS other FROM pg_constraint
  WHERE contype = 'f' AND conparentid = 0 AND conrelid = to_regclass(:name)
  UNION SELECT conrelid FROM pg_constraint
  WHERE contype = 'f' AND conparentid = 0 AND confrelid = to_regclass(:name)
) AS referred WHERE other <> to_regclass(:name) ORDER BY 1
""")


def wait_for_turn(connection: Connection, table: Table) -> None:
    """Let those who attach to a table come one after the other; called before anything is locked.

    Each locks what all of them have written to: two at once would wait for each other for ever.
    """
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"attach {table.name}"}
    )


def attach(connection: Connection, bare: Table, table: Table, region: int, month: int) -> None:
    """Make a bare table the part of its month; the caller commits soon after.

    Until then nobody else writes to the tables that the rows refer to, or that refer to them;
    everybody reads on.

    :raises IntegrityError: when a reference of the rows is not there.
    """
    _lock_referred(connection, table)
    # What the joins of the references may take: as for the key.
    connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
    connection.execute(
        text(
            f"ALTER TABLE {full(region_part(table, region))} ATTACH PARTITION {bare}"
            f" FOR VALUES FROM ({month}) TO ({next_month(month)})"
        )
    )
    connection.execute(text(f"ALTER TABLE {bare} DROP CONSTRAINT {OF_MONTH}"))


def _lock_referred(connection: Connection, table: Table) -> None:
    """Lock all that attaching locks, together: who holds one of them and wants another goes first.

    A request that waits keeps later writers waiting behind it, hence it gives up soon, a few times.
    """
    names = ", ".join(connection.scalars(_REFERRED, {"name": table.name}))
    if not names:
        return
    for number in range(_TRIES):
        # 0 is no limit: the last try waits for as long as it takes.
        wait = "1s" if number < _TRIES - 1 else "0"
        try:
            with connection.begin_nested():
                connection.execute(text(f"SET LOCAL lock_timeout = '{wait}'"))
                connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
        except OperationalError as error:
            if not is_busy(error) or number == _TRIES - 1:
                raise
        else:
            break
    connection.execute(text("SET LOCAL lock_timeout = DEFAULT"))
