"""A declared base is named by person, declaring employer, month, its number, and the region.

The number is the one that it had: seals name it so. The region is the employer's, or the person's
where nobody else declares. On SQLite rows lie by person, and instants are whole numbers.
"""

# ruff: noqa: S608 - every statement is made of names that stand here
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = ("person_id", "declaring_employer_id", "from_month", "base_number", "region_code")
_KEPT = ("person_id", "employer_id", "insurance", "from_month", "declared_base_fen", "origin")
_DECLARING = "ck_declared_base_declaring_employer"
_IS_DECLARING = "declaring_employer_id = coalesce(employer_id, 0)"
_CHECKS = {"not_negative": "declared_base_fen >= 0", "insurance": "insurance BETWEEN 1 AND 5"}
_OWN = sa.text("insurance IS NOT NULL")
# SQLite's text as microseconds since 1970, and back.
_MICROSECONDS = """CAST(strftime('%s', substr(b.declared_at, 1, 19)) AS INTEGER) * 1000000
 + CASE WHEN substr(b.declared_at, 20, 1) = '.'
 THEN CAST(substr(substr(b.declared_at, 21) || '000000', 1, 6) AS INTEGER) ELSE 0 END"""
_WRITTEN = (
    "strftime('%Y-%m-%d %H:%M:%S', declared_at / 1000000, 'unixepoch')"
    " || printf('.%06d', declared_at % 1000000)"
)
_REGION = """(SELECT coalesce(e.region_code, p.region_code) FROM person p
 LEFT JOIN employer e ON e.id = {0}.employer_id WHERE p.id = {0}.person_id)"""
# Numbers of one person's month meet those of others where they become the table's: the later row
# gets one after all of them.
_ID = """CASE WHEN row_number() OVER (PARTITION BY base_number ORDER BY declared_at, person_id) = 1
 THEN base_number ELSE (SELECT max(base_number) FROM declared_base)
 + row_number() OVER (ORDER BY declared_at, person_id, from_month, base_number) END"""


def upgrade() -> None:
    op.drop_index("ix_declared_base_person", "declared_base")
    if op.get_bind().dialect.name == "postgresql":
        _alter()
        return
    _create(is_after=True)
    names = ", ".join(_KEPT)
    op.get_bind().exec_driver_sql(
        "INSERT INTO _rebuilt_base (declaring_employer_id, base_number, region_code, declared_at,"
        f" {names}) SELECT coalesce(b.employer_id, 0), b.id, {_REGION.format('b')},"
        f" {_MICROSECONDS}, {', '.join(f'b.{name}' for name in _KEPT)} FROM declared_base b"
        " ORDER BY b.person_id, coalesce(b.employer_id, 0), b.from_month, b.id"
    )
    _take_place()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _alter_back()
    else:
        _create(is_after=False)
        names = ", ".join(_KEPT)
        op.get_bind().exec_driver_sql(
            f"INSERT INTO _rebuilt_base (id, {names}, declared_at)"
            f" SELECT {_ID}, {names}, {_WRITTEN} FROM declared_base"
        )
        _take_place()
    op.create_index(
        "ix_declared_base_person", "declared_base", ["person_id", "employer_id", "from_month"]
    )


def _create(*, is_after: bool) -> None:
    """Create SQLite's table, with its natural key or with a number of the table's own."""
    month = sa.Column("from_month", sa.Integer(), nullable=False)
    person = sa.Column("person_id", Key, nullable=False)
    payer = [sa.Column("employer_id", Key), sa.Column("insurance", sa.SmallInteger())]
    at: sa.Column[Any] = sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False)
    columns = [sa.Column("id", Key, nullable=False), person, *payer, month]
    if is_after:
        at = sa.Column("declared_at", sa.BigInteger(), nullable=False)
        declaring = sa.Column("declaring_employer_id", Key, nullable=False)
        number = sa.Column("base_number", Key, nullable=False)
        region = sa.Column("region_code", sa.Integer(), nullable=False)
        columns = [person, declaring, month, number, region, *payer]
    checks = [*((op.f(f"ck_declared_base_{name}"), said) for name, said in _CHECKS.items())]
    references = {"person_id": "person.id", "employer_id": "employer.id"}
    if is_after:
        checks.append((op.f(_DECLARING), _IS_DECLARING))
        references["region_code"] = "region.code"
    op.create_table(
        "_rebuilt_base",
        *columns,
        sa.Column("declared_base_fen", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.String(24), nullable=False),
        at,
        *(sa.CheckConstraint(said, name=name) for name, said in checks),
        *(
            sa.ForeignKeyConstraint([name], [to], f"fk_declared_base_{name}")
            for name, to in references.items()
        ),
        sa.PrimaryKeyConstraint(*(_KEY if is_after else ("id",)), name="pk_declared_base"),
        sqlite_with_rowid=not is_after,
    )


def _take_place() -> None:
    op.drop_index("ix_declared_base_own", "declared_base")
    op.drop_table("declared_base")
    op.rename_table("_rebuilt_base", "declared_base")
    op.create_index("ix_declared_base_own", "declared_base", ["person_id"], sqlite_where=_OWN)


def _alter() -> None:
    run = op.get_bind().exec_driver_sql
    run(
        "ALTER TABLE declared_base ADD COLUMN declaring_employer_id BIGINT,"
        " ADD COLUMN region_code INTEGER"
    )
    run(
        "UPDATE declared_base b SET declaring_employer_id = coalesce(employer_id, 0),"
        f" region_code = {_REGION.format('b')}"
    )
    run("ALTER TABLE declared_base RENAME COLUMN id TO base_number")
    run("ALTER SEQUENCE declared_base_id_seq RENAME TO declared_base_number")
    run(
        "ALTER TABLE declared_base ALTER COLUMN base_number DROP DEFAULT,"
        " ALTER COLUMN declaring_employer_id SET NOT NULL, ALTER COLUMN region_code SET NOT NULL,"
        f" DROP CONSTRAINT pk_declared_base, ADD CONSTRAINT {_DECLARING} CHECK ({_IS_DECLARING}),"
        " ADD CONSTRAINT fk_declared_base_region_code"
        " FOREIGN KEY (region_code) REFERENCES region (code),"
        f" ADD CONSTRAINT pk_declared_base PRIMARY KEY ({', '.join(_KEY)})"
    )


def _alter_back() -> None:
    run = op.get_bind().exec_driver_sql
    run("ALTER SEQUENCE declared_base_number RENAME TO declared_base_id_seq")
    run("ALTER TABLE declared_base DROP CONSTRAINT pk_declared_base")
    # What the demonstration makes has the number 0 there: only seals named it by that.
    run(
        "UPDATE declared_base SET base_number = nextval('declared_base_id_seq')"
        " WHERE base_number = 0"
    )
    run("ALTER TABLE declared_base RENAME COLUMN base_number TO id")
    run(
        "ALTER TABLE declared_base ALTER COLUMN id SET DEFAULT nextval('declared_base_id_seq'),"
        f" DROP CONSTRAINT {_DECLARING}, DROP COLUMN declaring_employer_id,"
        " DROP COLUMN region_code, ADD CONSTRAINT pk_declared_base PRIMARY KEY (id)"
    )
