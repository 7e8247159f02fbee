"""Which parts a table has, as PostgreSQL itself says it."""

from dataclasses import dataclass

from sqlalchemy import Connection, Table, text

SCHEMA = "month_table"
"""The schema of the parts, apart from the tables that people look through."""
REST = "rest"
_TWELVE, _HUNDRED = 12, 100

_PARTS = text("""
SELECT c.relname AS name,
  coalesce(substring(bound.of FROM 'FROM \\((\\d+)\\)')::int, 0) AS first,
  substring(bound.of FROM 'TO \\((\\d+)\\)')::int AS behind
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
CROSS JOIN LATERAL pg_get_expr(c.relpartbound, c.oid) AS bound(of)
WHERE i.inhparent = to_regclass(:region_part) ORDER BY first
""")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a region's rows: its months from `first` until before `behind`, as YYYYMM."""

    name: str
    first: int
    behind: int

    @property
    def is_month(self) -> bool:
        """Return whether it holds one month alone."""
        return self.behind == next_month(self.first)


def is_split(connection: Connection, table: Table) -> bool:
    """Return whether a table has parts here; never on SQLite."""
    if connection.dialect.name != "postgresql":
        return False
    query = text("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass(:name)")
    return bool(connection.scalar(query, {"name": table.name}))


def region_part(table: Table, region: int) -> str:
    """Return the name of a region's part, within the schema of parts."""
    return f"{table.name}_{region}"


def full(name: str) -> str:
    """Return a part's name with its schema, as statements take it."""
    return f"{SCHEMA}.{name}"


def exists(connection: Connection, name: str) -> bool:
    """Return whether there is a part, a table to become one, or an index of such a name."""
    found = connection.scalar(text("SELECT to_regclass(:name)"), {"name": full(name)})
    return found is not None


def parts_of(connection: Connection, table: Table, region: int) -> list[Part]:
    """Return the parts of a region's rows in the order of their months."""
    asked = {"region_part": full(region_part(table, region))}
    return [Part(*row) for row in connection.execute(_PARTS, asked)]


def part_of(connection: Connection, table: Table, region: int, month: int) -> Part | None:
    """Return the part that holds a month of a region, of those that it has."""
    found = parts_of(connection, table, region)
    return next((part for part in found if part.first <= month < part.behind), None)


def next_month(month: int) -> int:
    """Return the month after one, both as YYYYMM."""
    year, number = divmod(month, _HUNDRED)
    return month + 1 if number < _TWELVE else (year + 1) * _HUNDRED + 1
