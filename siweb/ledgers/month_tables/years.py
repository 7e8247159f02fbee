"""Roll the months of a closed year into one part: a statement over 30 years then names 52 of them.

One transaction copies, proves and swaps; killed anywhere, nothing of it was done. Those who write
to the year's months wait for it, readers only for the swap.
"""

from sqlalchemy import Connection, MetaData, Table, text

from siweb.ledgers.month_tables.hold import LIKE
from siweb.ledgers.month_tables.keys import give_key, missing_keys
from siweb.ledgers.month_tables.parts import SCHEMA, full, is_split, parts_of, region_part

# Months are kept as numbers: 202501 is January 2025.
_HUNDRED = 100
_REFERENCES = text("""
SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0 AND conrelid = to_regclass(:name)
""")
_REFERRING = text("""
SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid), convalidated
FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0 AND confrelid = to_regclass(:name)
""")
_UNPROVED = " NOT VALID"
_OF_YEAR = "of_year"


def roll_year(connection: Connection, table: Table, region: int, year: int) -> int:
    """Make one part of a year's months, each a part by itself; return how many they were.

    The caller commits, and lets `prove_referring` follow.
    """
    if not is_split(connection, table):
        return 0
    found = [part for part in parts_of(connection, table, region) if part.first // _HUNDRED == year]
    # A part of a whole year among them: the year is closed already.
    if not found or not all(part.is_month for part in found):
        return 0
    months = [full(part.name) for part in found]
    parent = full(region_part(table, region))
    # No part comes or goes meanwhile; nobody writes to these months, and everybody reads them on.
    connection.execute(text(f"LOCK TABLE ONLY {parent} IN SHARE UPDATE EXCLUSIVE MODE"))
    connection.execute(text(f"LOCK TABLE {', '.join(months)} IN SHARE ROW EXCLUSIVE MODE"))
    whole = _copy(connection, table, region, year, months)
    _swap(connection, table, parent, whole, months, year)
    return len(months)


def prove_referring(connection: Connection, table: Table) -> None:
    """Prove the references to a table that a swap put back unproved; the caller commits.

    They held before it, and since it for every new row: nothing waits for this.
    """
    for name, other, _declared, is_proved in connection.execute(
        _REFERRING, {"name": table.name}
    ).all():
        if not is_proved:
            connection.execute(text(f"ALTER TABLE {other} VALIDATE CONSTRAINT {name}"))


def _copy(connection: Connection, table: Table, region: int, year: int, months: list[str]) -> Table:
    """Return the year's table with all of its rows, key, indexes and references."""
    name = f"{region_part(table, region)}_{year}"
    whole = table.to_metadata(MetaData(), schema=SCHEMA, name=name)
    check = f"region_code = {region} AND contribution_month BETWEEN {year}01 AND {year}12"
    connection.execute(
        text(
            f"CREATE TABLE {whole} (LIKE {table.name} {LIKE},"
            f" CONSTRAINT {_OF_YEAR} CHECK ({check}))"
        )
    )
    columns = ", ".join(column.name for column in table.columns if column.computed is None)
    for month in months:
        connection.execute(
            text(f"INSERT INTO {whole} ({columns}) SELECT {columns} FROM {month}")  # noqa: S608
        )
    # After the rows: building an index over what is there takes one sort, keeping it row by row a
    # search for each.
    for statement in missing_keys(connection, whole, table):
        give_key(connection, statement)
    for name, _own, declared in connection.execute(_REFERENCES, {"name": table.name}).all():
        connection.execute(text(f"ALTER TABLE {whole} ADD CONSTRAINT {name} {declared}"))
    return whole


def _swap(
    connection: Connection, table: Table, parent: str, whole: Table, months: list[str], year: int
) -> None:
    """Put the year's part where its months were; what refers to them is put back unproved."""
    referring = connection.execute(_REFERRING, {"name": table.name}).all()
    for name, other, _declared, _is_proved in referring:
        connection.execute(text(f"ALTER TABLE {other} DROP CONSTRAINT {name}"))
    for month in months:
        connection.execute(text(f"ALTER TABLE {parent} DETACH PARTITION {month}"))
        connection.execute(text(f"DROP TABLE {month}"))
    bounds = f"FROM ({year}01) TO ({year + 1}01)"
    connection.execute(text(f"ALTER TABLE {parent} ATTACH PARTITION {whole} FOR VALUES {bounds}"))
    connection.execute(text(f"ALTER TABLE {whole} DROP CONSTRAINT {_OF_YEAR}"))
    for name, other, declared, _is_proved in referring:
        # Proving would read every referring row under the lock of the swap; it comes afterwards.
        added = declared.removesuffix(_UNPROVED) + _UNPROVED
        connection.execute(text(f"ALTER TABLE {other} ADD CONSTRAINT {name} {added}"))
