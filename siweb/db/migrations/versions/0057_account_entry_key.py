"""An account's entry is named by its person, its number among theirs, and the region.

The number is the one that it had: seals name it so. What is of no record gets the person's region.
On SQLite rows lie by person from now on, and their days are whole numbers; the index by person is
the key. Old code does not run on it: the servers stop first.
"""

# ruff: noqa: S608 - every statement is made of names that stand here
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = ("person_id", "entry_number", "region_code")
_KEPT = (
    "year", "kind", "contribution_month", "interest_month", "amount_fen", "record_insurance",
    "record_employer_id", "record_sequence", "rate_ppm",
)  # fmt: skip
_DAYS = ("posted_on", "recorded_on")
_RECORD = (
    "region_code", "contribution_month", "person_id", "record_insurance", "record_employer_id",
    "record_sequence",
)  # fmt: skip
_OF_RECORD = (
    "region_code", "contribution_month", "person_id", "insurance", "insuring_employer_id",
    "sequence",
)  # fmt: skip
_ONE_RECORD = (
    "record_sequence IS NULL AND record_insurance IS NULL AND record_employer_id IS NULL{0}"
    " OR record_sequence IS NOT NULL AND record_insurance IS NOT NULL"
    " AND record_employer_id IS NOT NULL{1} AND contribution_month IS NOT NULL"
)
_AFTER = _ONE_RECORD.format("", "")
_BEFORE = _ONE_RECORD.format(" AND region_code IS NULL", " AND region_code IS NOT NULL")
_REGION = "coalesce(e.region_code, p.region_code)"
# Numbers of a person's own meet those of others where they become the table's: the later row gets
# one after all of them.
_ID = """CASE WHEN row_number() OVER (PARTITION BY entry_number ORDER BY recorded_on, person_id) = 1
 THEN entry_number ELSE (SELECT max(entry_number) FROM account_entry)
 + row_number() OVER (ORDER BY recorded_on, person_id, entry_number) END"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _alter()
        return
    _create([sa.Column("entry_number", Key, nullable=False)], _AFTER, is_after=True)
    names = ", ".join(_KEPT)
    days = ", ".join(f"CAST(strftime('%s', {day}) AS INTEGER) / 86400" for day in _DAYS)
    op.get_bind().exec_driver_sql(
        f"INSERT INTO _rebuilt_entry (person_id, entry_number, region_code, {names},"
        f" {', '.join(_DAYS)}) SELECT e.person_id, e.id, {_REGION}, {names}, {days}"
        " FROM account_entry e JOIN person p ON p.id = e.person_id ORDER BY e.person_id, e.id"
    )
    _take_place()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _alter_back()
    else:
        _create([sa.Column("id", Key, nullable=False)], _BEFORE, is_after=False)
        names = ", ".join(_KEPT)
        days = ", ".join(f"strftime('%Y-%m-%d', {day} * 86400, 'unixepoch')" for day in _DAYS)
        op.get_bind().exec_driver_sql(
            f"INSERT INTO _rebuilt_entry (id, person_id, region_code, {names}, {', '.join(_DAYS)})"
            f" SELECT {_ID}, person_id, CASE WHEN record_sequence IS NOT NULL THEN region_code END,"
            f" {names}, {days} FROM account_entry"
        )
        _take_place()
    op.create_index("ix_account_entry_person", "account_entry", ["person_id", "year", "kind"])


def _create(number: list[sa.Column[Any]], one_record: str, *, is_after: bool) -> None:
    """Create SQLite's table, with its natural key or with a number of the table's own."""
    day = sa.Integer() if is_after else sa.Date()
    small, month = sa.SmallInteger(), sa.Integer()
    name = "fk_account_entry_region_code"
    region = [sa.ForeignKeyConstraint(["region_code"], ["region.code"], name)]
    op.create_table(
        "_rebuilt_entry",
        *(number if not is_after else []),
        sa.Column("person_id", Key, nullable=False),
        *(number if is_after else []),
        *([sa.Column("region_code", sa.Integer(), nullable=False)] if is_after else []),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", small, nullable=False),
        sa.Column("contribution_month", month),
        sa.Column("interest_month", month),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        *([] if is_after else [sa.Column("region_code", sa.Integer())]),
        sa.Column("record_insurance", small),
        sa.Column("record_employer_id", Key),
        sa.Column("record_sequence", small),
        sa.Column("rate_ppm", sa.Integer()),
        *(sa.Column(name, day, nullable=False) for name in _DAYS),
        sa.CheckConstraint("kind BETWEEN 1 AND 8", name=op.f("ck_account_entry_kind")),
        sa.CheckConstraint(
            "record_insurance BETWEEN 1 AND 5", name=op.f("ck_account_entry_record_insurance")
        ),
        sa.CheckConstraint(one_record, name=op.f("ck_account_entry_one_record")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], "fk_account_entry_person_id"),
        *(region if is_after else []),
        sa.ForeignKeyConstraint(
            _RECORD, [f"contribution_record.{name}" for name in _OF_RECORD],
            "fk_account_entry_record",
        ),
        sa.PrimaryKeyConstraint(*(_KEY if is_after else ("id",)), name="pk_account_entry"),
        sqlite_with_rowid=not is_after,
    )  # fmt: skip


def _take_place() -> None:
    op.drop_table("account_entry")
    op.rename_table("_rebuilt_entry", "account_entry")


def _alter() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(
        "ALTER TABLE account_entry DROP CONSTRAINT ck_account_entry_one_record"
    )
    connection.exec_driver_sql(
        "UPDATE account_entry e SET region_code = p.region_code FROM person p"
        " WHERE p.id = e.person_id AND e.region_code IS NULL"
    )
    connection.exec_driver_sql("DROP INDEX ix_account_entry_person")
    connection.exec_driver_sql("ALTER TABLE account_entry RENAME COLUMN id TO entry_number")
    connection.exec_driver_sql("ALTER SEQUENCE account_entry_id_seq RENAME TO account_entry_number")
    connection.exec_driver_sql(
        "ALTER TABLE account_entry ALTER COLUMN entry_number DROP DEFAULT,"
        " ALTER COLUMN region_code SET NOT NULL,"
        " DROP CONSTRAINT pk_account_entry,"
        f" ADD CONSTRAINT ck_account_entry_one_record CHECK ({_AFTER}),"
        f" ADD CONSTRAINT pk_account_entry PRIMARY KEY ({', '.join(_KEY)}),"
        " ADD CONSTRAINT fk_account_entry_region_code"
        " FOREIGN KEY (region_code) REFERENCES region (code)"
    )


def _alter_back() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("ALTER SEQUENCE account_entry_number RENAME TO account_entry_id_seq")
    connection.exec_driver_sql("ALTER TABLE account_entry RENAME COLUMN entry_number TO id")
    connection.exec_driver_sql(
        "ALTER TABLE account_entry ALTER COLUMN id SET DEFAULT nextval('account_entry_id_seq'),"
        " DROP CONSTRAINT fk_account_entry_region_code,"
        " DROP CONSTRAINT pk_account_entry, DROP CONSTRAINT ck_account_entry_one_record,"
        " ALTER COLUMN region_code DROP NOT NULL"
    )
    # Entries that brought their numbers have those of their person: two people's may be the same.
    renumbered = _ID.replace("entry_number", "id")
    connection.exec_driver_sql(
        f"UPDATE account_entry e SET id = n.id FROM (SELECT ctid AS place, {renumbered} AS id"
        " FROM account_entry) n WHERE e.ctid = n.place AND e.id <> n.id"
    )
    connection.exec_driver_sql("SELECT setval('account_entry_id_seq', max(id)) FROM account_entry")
    connection.exec_driver_sql(
        "ALTER TABLE account_entry ADD CONSTRAINT pk_account_entry PRIMARY KEY (id)"
    )
    connection.exec_driver_sql(
        "UPDATE account_entry SET region_code = NULL WHERE record_sequence IS NULL"
    )
    connection.exec_driver_sql(
        f"ALTER TABLE account_entry ADD CONSTRAINT ck_account_entry_one_record CHECK ({_BEFORE})"
    )
