"""On PostgreSQL contribution records lie in parts, by region and month; a closed year is one part.

Nothing changes on SQLite. The rows of every region are copied part by part, each gets its key and
its references by joins, and is attached. Old code does not run on it: the servers stop first.
"""

import re
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

TABLE = "contribution_record"
_SCHEMA = "month_table"
_WHOLE = f"{_SCHEMA}.{TABLE}"
_LIKE = "INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
# Months of the newest year and of the one before are parts by themselves.
_OPEN_YEARS = 2
_DECEMBER = 12
_NAMES = sa.text("""
SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0
  AND CASE WHEN :referring THEN confrelid ELSE conrelid END = to_regclass(:name)
ORDER BY conname
""")
_KEYS = sa.text("""
SELECT i.indisprimary, c.relname, CASE WHEN i.indisprimary THEN pg_get_constraintdef(k.oid)
  ELSE pg_get_indexdef(i.indexrelid) END
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'p'
WHERE i.indrelid = to_regclass(:name) ORDER BY c.relname
""")
# Also of those without records: what comes before their first levy shall not lie among the rest.
_REGIONS = sa.text(
    f"SELECT code FROM region WHERE is_hosted UNION SELECT region_code FROM {_WHOLE} ORDER BY 1"  # noqa: S608
)
_MONTHS = f"SELECT DISTINCT region_code, contribution_month FROM {_WHOLE} ORDER BY 1, 2"  # noqa: S608


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"CREATE SCHEMA {_SCHEMA}")
    referring = _take_off(TABLE)
    # Its indexes go with it: their names are free for the new table.
    op.execute(f"ALTER TABLE {TABLE} SET SCHEMA {_SCHEMA}")
    op.execute(f"CREATE TABLE {TABLE} (LIKE {_WHOLE} {_LIKE}) PARTITION BY LIST (region_code)")
    _declare(TABLE, _WHOLE)
    op.execute(f"CREATE TABLE {_WHOLE}_rest PARTITION OF {TABLE} DEFAULT")
    for region in op.get_bind().scalars(_REGIONS).all():
        op.execute(
            f"CREATE TABLE {_WHOLE}_{region} (LIKE {TABLE} {_LIKE})"
            " PARTITION BY RANGE (contribution_month)"
        )
        op.execute(
            f"ALTER TABLE {TABLE} ATTACH PARTITION {_WHOLE}_{region} FOR VALUES IN ({region})"
        )
    for region, first, behind, name in _parts():
        part = f"{_WHOLE}_{region}_{name}"
        rows = f"region_code = {region} AND contribution_month BETWEEN {first} AND {behind - 1}"
        op.execute(f"CREATE TABLE {part} (LIKE {TABLE} {_LIKE}, CONSTRAINT of_part CHECK ({rows}))")
        op.execute(f"INSERT INTO {part} SELECT * FROM {_WHOLE} WHERE {rows}")  # noqa: S608
        op.execute(
            f"ALTER TABLE {_WHOLE}_{region} ATTACH PARTITION {part}"
            f" FOR VALUES FROM ({first}) TO ({behind})"
        )
        op.execute(f"ALTER TABLE {part} DROP CONSTRAINT of_part")
    op.execute(f"DROP TABLE {_WHOLE}")
    _put_back(referring)


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    referring = _take_off(TABLE)
    op.execute(f"ALTER TABLE {TABLE} SET SCHEMA {_SCHEMA}")
    op.execute(f"CREATE TABLE {TABLE} (LIKE {_WHOLE} {_LIKE})")
    op.execute(f"INSERT INTO {TABLE} SELECT * FROM {_WHOLE}")  # noqa: S608
    _declare(TABLE, _WHOLE)
    op.execute(f"DROP TABLE {_WHOLE}")
    op.execute(f"DROP SCHEMA {_SCHEMA} CASCADE")
    _put_back(referring)


def _parts() -> Iterator[tuple[int, int, int, str]]:
    """Yield region, first month, month behind and name of every part that the rows need."""
    found = op.get_bind().execute(sa.text(_MONTHS)).all()
    newest = max((month // 100 for _region, month in found), default=0)
    seen = set()
    for region, month in found:
        year, number = divmod(month, 100)
        if year > newest - _OPEN_YEARS:
            yield (
                region,
                month,
                month + 1 if number < _DECEMBER else (year + 1) * 100 + 1,
                str(month),
            )
        elif (region, year) not in seen:
            seen.add((region, year))
            yield region, year * 100 + 1, (year + 1) * 100 + 1, str(year)


def _take_off(table: str) -> list[tuple[str, str, str]]:
    """Drop what refers to a table; return it."""
    found = op.get_bind().execute(_NAMES, {"name": table, "referring": True}).all()
    for name, other, _declared in found:
        op.drop_constraint(name, other, type_="foreignkey")
    return [(name, other, declared) for name, other, declared in found]


def _put_back(referring: list[tuple[str, str, str]]) -> None:
    for name, other, declared in referring:
        op.execute(f"ALTER TABLE {other} ADD CONSTRAINT {name} {declared}")


def _declare(table: str, like: str) -> None:
    """Give a table the key, the indexes and the references of another one, under their names."""
    connection = op.get_bind()
    for is_key, name, declared in connection.execute(_KEYS, {"name": like}).all():
        if is_key:
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {declared}")
        else:
            made = re.sub(r" ON (ONLY )?\S+ USING ", f" ON {table} USING ", declared, count=1)
            op.execute(made)
    for name, _table, declared in connection.execute(
        _NAMES, {"name": like, "referring": False}
    ).all():
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {declared}")
