"""A table that is loaded bare, out of everybody's sight, and becomes a part when it is whole.

Until then it has the checks of the whole table, and neither key, index nor reference. A process
that dies leaves it behind with whatever was committed: the next one goes on with it.
"""

from functools import lru_cache

from sqlalchemy import Connection, MetaData, Table, text

from siweb.ledgers.month_tables.hold import LIKE, hold_region
from siweb.ledgers.month_tables.parts import SCHEMA, part_of

OF_MONTH = "of_month"
_LOADING = text("""
SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(:schema) AND relkind = 'r'
AND NOT relispartition AND relname ~ :pattern
""")


@lru_cache(maxsize=8)
def bare_table(table: Table, region: int, month: int, number: int) -> Table:
    """Return the table of a month that is being loaded; `number` is that of the run that loads."""
    name = f"{table.name}_{region}_{month}_{number}"
    return table.to_metadata(MetaData(), schema=SCHEMA, name=name)


def is_loading(connection: Connection, bare: Table) -> bool:
    """Return whether such a table is there and no part yet."""
    if connection.dialect.name != "postgresql":
        return False
    query = text("SELECT NOT relispartition FROM pg_class WHERE oid = to_regclass(:name)")
    return bool(connection.scalar(query, {"name": str(bare)}))


def loading_elsewhere(connection: Connection, table: Table, region: int, month: int) -> list[Table]:
    """Return what other regions are loading for the same month."""
    if connection.dialect.name != "postgresql":
        return []
    # The catalogue is the only list of what is loading: no row says it.
    pattern = rf"^{table.name}_(?!{region}_)\d+_{month}_\d+$"
    found = connection.scalars(_LOADING, {"schema": SCHEMA, "pattern": pattern})
    return [table.to_metadata(MetaData(), schema=SCHEMA, name=name) for name in found]


def may_load(connection: Connection, table: Table, region: int, month: int) -> bool:
    """Return whether a month of a region can come as a part: nothing holds any of its rows."""
    if not hold_region(connection, table, region):
        return False
    return part_of(connection, table, region, month) is None


def make_bare(connection: Connection, bare: Table, table: Table, region: int, month: int) -> None:
    """Make the table; its check says what it is about, so that attaching need not read it."""
    check = f"region_code = {region} AND contribution_month = {month}"
    connection.execute(
        text(
            f"CREATE TABLE {bare} (LIKE {table.name} {LIKE}, CONSTRAINT {OF_MONTH} CHECK ({check}))"
        )
    )


def drop_bare(connection: Connection, bare: Table) -> None:
    """Drop what was loaded, if it is there and no part yet."""
    if is_loading(connection, bare):
        connection.execute(text(f"DROP TABLE {bare}"))
