"""Make the parts that rows need before they are written one by one.

A table without a part for a month refuses its rows. There is no part for "every other month" of a
region: attaching a month would lock it against readers until the levy is committed.
"""

from sqlalchemy import Connection, Table, text

from siweb.ledgers.month_tables.parts import (
    REST,
    exists,
    full,
    is_split,
    next_month,
    part_of,
    parts_of,
    region_part,
)

LIKE = "INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED"
_HUNDRED = 100


def hold_region(connection: Connection, table: Table, region: int) -> bool:
    """Give a region a part of its own, if it has none; return whether it has one then.

    A region that has rows among the rest stays there: references to them hold them in place.
    """
    if not is_split(connection, table):
        return False
    name, rest = region_part(table, region), full(f"{table.name}_{REST}")
    if exists(connection, name):
        return True
    # Whoever else makes it now is waited for, and rows of the region cannot come in meanwhile.
    connection.execute(text(f"LOCK TABLE ONLY {table.name} IN SHARE UPDATE EXCLUSIVE MODE"))
    if exists(connection, name):
        return True
    connection.execute(text(f"LOCK TABLE {rest} IN SHARE ROW EXCLUSIVE MODE"))
    held = text(f"SELECT EXISTS (SELECT FROM {rest} WHERE region_code = :region)")  # noqa: S608
    if connection.scalar(held, {"region": region}):
        return False
    connection.execute(
        text(
            f"CREATE TABLE {full(name)} (LIKE {table.name} {LIKE})"
            " PARTITION BY RANGE (contribution_month)"
        )
    )
    connection.execute(
        text(f"ALTER TABLE {table.name} ATTACH PARTITION {full(name)} FOR VALUES IN ({region})")
    )
    return True


def hold_month(
    connection: Connection, table: Table, region: int, month: int, *, open_from: int
) -> None:
    """Make the part for a month of a region whose rows have parts, if none holds it.

    Months before `open_from` share a part by year: nobody levies them any more.
    """
    if not is_split(connection, table) or not exists(connection, region_part(table, region)):
        return
    if part_of(connection, table, region, month) is not None:
        return
    parent = full(region_part(table, region))
    # Of two who want the same month the second waits here and then finds it made. Nobody who
    # reads or writes waits for this lock.
    connection.execute(text(f"LOCK TABLE ONLY {parent} IN SHARE UPDATE EXCLUSIVE MODE"))
    if part_of(connection, table, region, month) is not None:
        return
    year = month // _HUNDRED
    first, behind, name = month, next_month(month), str(month)
    is_alone = all(part.first // _HUNDRED != year for part in parts_of(connection, table, region))
    if month < open_from and is_alone:
        # PostgreSQL does not count the upper bound in: 202501 up to 202601 is one year.
        first, behind, name = year * _HUNDRED + 1, (year + 1) * _HUNDRED + 1, str(year)
    part = full(f"{table.name}_{region}_{name}")
    # Made first and attached then: made as a part at once it would lock the whole table.
    connection.execute(text(f"CREATE TABLE {part} (LIKE {table.name} {LIKE})"))
    connection.execute(
        text(
            f"ALTER TABLE {parent} ATTACH PARTITION {part} FOR VALUES FROM ({first}) TO ({behind})"
        )
    )
