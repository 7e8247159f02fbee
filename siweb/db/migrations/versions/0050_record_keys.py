"""Contribution records lie by region, month and person, and have no number of their own any more.

An account's entry names its record by that key. On SQLite days and instants of a record are whole
numbers, and rows lie in the order of the key. Old code does not run on it: the servers stop first.
What a record corrects is told by its sequence; `corrects_id` was never filled in and goes.
"""

# ruff: noqa: S608 - every statement is made of names that stand here
import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = (
    "region_code", "contribution_month", "person_id", "insurance", "insuring_employer_id",
    "sequence",
)  # fmt: skip
_OF_ENTRY = (
    "region_code", "contribution_month", "person_id", "record_insurance", "record_employer_id",
    "record_sequence",
)  # fmt: skip
_AMOUNTS = ("declared_base_fen", "base_fen", "employer_fen", "employee_fen", "account_fen")
_MONTH = "contribution_month"
_INSURING = "(CASE WHEN insurance = 4 THEN coalesce(employer_id, 0) ELSE 0 END)"
_NOT_LEVIED = "levy_run_id IS NULL OR kind > 1"
_CHECKS = {
    "insurance": "insurance BETWEEN 1 AND 5",
    "scheme": "scheme BETWEEN 1 AND 3",
    "kind": "kind BETWEEN 1 AND 4",
    "month_shape": (
        f"{_MONTH} BETWEEN 100001 AND 999912 AND {_MONTH} - {_MONTH} / 100 * 100 BETWEEN 1 AND 12"
    ),
}
_IS_INSURING = f"insuring_employer_id = {_INSURING}"
_ONE_RECORD = (
    "record_sequence IS NULL AND record_insurance IS NULL AND record_employer_id IS NULL"
    " AND region_code IS NULL OR record_sequence IS NOT NULL AND record_insurance IS NOT NULL"
    " AND record_employer_id IS NOT NULL AND region_code IS NOT NULL"
    " AND contribution_month IS NOT NULL"
)
_ENTRY_CHECKS = {"record_insurance": "record_insurance BETWEEN 1 AND 5", "one_record": _ONE_RECORD}
_REFERENCES = {
    "region_code": "region.code", "person_id": "person.id", "employer_id": "employer.id",
    "levy_run_id": "levy_run.id",
}  # fmt: skip
_ENTRY = (
    "id", "person_id", "year", "kind", "contribution_month", "interest_month", "amount_fen",
    "rate_ppm", "posted_on", "recorded_on",
)  # fmt: skip
_RECORD = (
    "region_code", "contribution_month", "person_id", "insurance", "sequence", "scheme",
    "employer_id", "kind", *_AMOUNTS, "levy_run_id",
)  # fmt: skip
# SQLite's texts as numbers, and back: days and microseconds since 1970.
_SECONDS = "CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER)"
_DAY = f"{_SECONDS.format('paid_on')} / 86400"
_MICROSECONDS = (
    f"{_SECONDS.format('recorded_at')} * 1000000 + CASE WHEN substr(recorded_at, 20, 1) = '.'"
    " THEN CAST(substr(substr(recorded_at, 21) || '000000', 1, 6) AS INTEGER) ELSE 0 END"
)
_WRITTEN_DAY = "strftime('%Y-%m-%d', paid_on * 86400, 'unixepoch')"
_WRITTEN_INSTANT = (
    "strftime('%Y-%m-%d %H:%M:%S', recorded_at / 1000000, 'unixepoch')"
    " || printf('.%06d', recorded_at % 1000000)"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild()
    else:
        _alter()
    op.drop_column("levy_run", "after_record_id")


def downgrade() -> None:
    op.add_column(
        "levy_run",
        sa.Column("after_record_id", sa.BigInteger(), nullable=False, server_default="0"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_before()
    else:
        _alter_back()


def _rebuild() -> None:
    op.execute("ALTER TABLE account_entry RENAME TO before_entry")
    op.execute("ALTER TABLE contribution_record RENAME TO before_record")
    for index in (
        "uq_contribution_record_month", "ix_contribution_record_employer",
        "ix_account_entry_person", "ix_account_entry_record",
    ):  # fmt: skip
        op.execute(f"DROP INDEX {index}")
    op.create_table("contribution_record", *_record_columns(), sqlite_with_rowid=False)
    _execute(
        f"INSERT INTO contribution_record ({', '.join(_RECORD)}, insuring_employer_id, paid_on,"
        f" recorded_at) SELECT {', '.join(_RECORD)}, {_INSURING}, {_DAY}, {_MICROSECONDS}"
        " FROM before_record ORDER BY 1, 2, 3, 4, 15, 5"
    )
    op.create_table("account_entry", *_entry_columns())
    entry = ", ".join(f"e.{name}" for name in _ENTRY)
    op.execute(
        f"INSERT INTO account_entry ({', '.join(_ENTRY)}, region_code, record_insurance,"
        f" record_employer_id, record_sequence) SELECT {entry}, r.region_code, r.insurance,"
        " CASE WHEN r.insurance = 4 THEN coalesce(r.employer_id, 0)"
        " WHEN r.insurance IS NOT NULL THEN 0 END, r.sequence"
        " FROM before_entry e LEFT JOIN before_record r ON r.id = e.contribution_record_id"
        " ORDER BY e.id"
    )
    op.execute("DROP TABLE before_entry")
    op.execute("DROP TABLE before_record")
    _index_new()


def _record_columns() -> list[sa.schema.SchemaItem]:
    number, small = sa.BigInteger(), sa.SmallInteger()
    return [
        sa.Column("region_code", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("contribution_month", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("person_id", Key, nullable=False, autoincrement=False),
        sa.Column("insurance", small, nullable=False, autoincrement=False),
        sa.Column("insuring_employer_id", Key, nullable=False, autoincrement=False),
        sa.Column("sequence", small, nullable=False, autoincrement=False),
        sa.Column("scheme", small, nullable=False),
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("kind", small, nullable=False),
        *(sa.Column(name, number, nullable=False) for name in _AMOUNTS),
        sa.Column("paid_on", sa.Integer(), nullable=True),
        sa.Column("levy_run_id", Key, nullable=True),
        sa.Column("recorded_at", number, nullable=False),
        *_checks("contribution_record", _CHECKS | {"insuring_employer": _IS_INSURING}),
        *_references("contribution_record", _REFERENCES),
        sa.PrimaryKeyConstraint(*_KEY, name="pk_contribution_record"),
    ]


def _entry_columns() -> list[sa.schema.SchemaItem]:
    return [
        *_entry_before(),
        sa.Column("region_code", sa.Integer(), nullable=True),
        sa.Column("record_insurance", sa.SmallInteger(), nullable=True),
        sa.Column("record_employer_id", Key, nullable=True),
        sa.Column("record_sequence", sa.SmallInteger(), nullable=True),
        *_checks("account_entry", _ENTRY_CHECKS),
        sa.ForeignKeyConstraint(
            _OF_ENTRY,
            [f"contribution_record.{name}" for name in _KEY],
            name="fk_account_entry_record",
        ),
    ]


def _entry_before() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("contribution_month", sa.Integer(), nullable=True),
        sa.Column("interest_month", sa.Integer(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("rate_ppm", sa.Integer(), nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        *_checks("account_entry", {"kind": "kind BETWEEN 1 AND 8"}),
        *_references("account_entry", {"person_id": "person.id"}),
        sa.PrimaryKeyConstraint("id", name="pk_account_entry"),
    ]


def _checks(table: str, said: dict[str, str]) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(text, name=op.f(f"ck_{table}_{name}")) for name, text in said.items()
    ]


def _references(table: str, columns: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [to], name=f"fk_{table}_{name}")
        for name, to in columns.items()
    ]


def _index_new() -> None:
    not_levied = sa.text(_NOT_LEVIED)
    op.create_index(
        "ix_contribution_record_not_levied",
        "contribution_record",
        ["employer_id", "contribution_month"],
        sqlite_where=not_levied,
        postgresql_where=not_levied,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("ix_account_entry_person", "account_entry", ["person_id", "year", "kind"])


def _index_before() -> None:
    # Batches do not see an index over an expression, hence its own sentence.
    op.execute(
        "CREATE UNIQUE INDEX uq_contribution_record_month ON contribution_record"
        f" (person_id, contribution_month, insurance, sequence, {_INSURING})"
    )
    op.create_index(
        "ix_contribution_record_employer",
        "contribution_record",
        ["employer_id", "contribution_month"],
    )
    op.create_index("ix_account_entry_record", "account_entry", ["contribution_record_id"])


def _rebuild_before() -> None:
    op.execute("ALTER TABLE account_entry RENAME TO after_entry")
    op.execute("ALTER TABLE contribution_record RENAME TO after_record")
    op.execute("DROP INDEX ix_contribution_record_not_levied")
    op.execute("DROP INDEX ix_account_entry_person")
    op.create_table("contribution_record", *_record_before())
    _execute(
        f"INSERT INTO contribution_record ({', '.join(_RECORD)}, paid_on, recorded_at)"
        f" SELECT {', '.join(_RECORD)}, {_WRITTEN_DAY}, {_WRITTEN_INSTANT} FROM after_record"
        " ORDER BY after_record.recorded_at, levy_run_id, 1, 2, 3, 4, 5"
    )
    op.create_table(
        "account_entry",
        *_entry_before(),
        sa.Column("contribution_record_id", Key, nullable=True),
        *_references("account_entry", {"contribution_record_id": "contribution_record.id"}),
    )
    op.execute(
        f"INSERT INTO account_entry ({', '.join(_ENTRY)}) SELECT {', '.join(_ENTRY)}"
        " FROM after_entry ORDER BY id"
    )
    _index_before()
    _number_entries("after_entry")
    op.execute("DROP TABLE after_entry")
    op.execute("DROP TABLE after_record")
    op.create_index("ix_account_entry_person", "account_entry", ["person_id", "year", "kind"])


def _number_entries(named: str) -> None:
    """Give entries the number of their record again; `named` has what names it."""
    op.execute(
        "UPDATE account_entry SET contribution_record_id = (SELECT r.id FROM contribution_record r"
        f" JOIN {named} n ON n.person_id = r.person_id"
        " AND n.contribution_month = r.contribution_month AND n.record_insurance = r.insurance"
        " AND n.record_sequence = r.sequence AND n.region_code = r.region_code"
        " AND n.record_employer_id ="
        " CASE WHEN r.insurance = 4 THEN coalesce(r.employer_id, 0) ELSE 0 END"
        " WHERE n.id = account_entry.id)"
    )


def _record_before() -> list[sa.schema.SchemaItem]:
    number, small = sa.BigInteger(), sa.SmallInteger()
    return [
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("insurance", small, nullable=False),
        sa.Column("scheme", small, nullable=False),
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("contribution_month", sa.Integer(), nullable=False),
        sa.Column("sequence", small, nullable=False, server_default="0"),
        sa.Column("kind", small, nullable=False),
        *(sa.Column(name, number, nullable=False) for name in _AMOUNTS),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("levy_run_id", Key, nullable=True),
        sa.Column("corrects_id", Key, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *_checks("contribution_record", _CHECKS),
        *_references(
            "contribution_record", _REFERENCES | {"corrects_id": "contribution_record.id"}
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contribution_record"),
    ]


def _alter() -> None:
    small = sa.SmallInteger()
    op.add_column(
        "contribution_record",
        sa.Column("insuring_employer_id", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.execute(
        "UPDATE contribution_record SET insuring_employer_id = employer_id"
        " WHERE insurance = 4 AND employer_id IS NOT NULL"
    )
    op.alter_column("contribution_record", "insuring_employer_id", server_default=None)
    op.alter_column("contribution_record", "sequence", server_default=None)
    op.add_column("account_entry", sa.Column("region_code", sa.Integer(), nullable=True))
    op.add_column("account_entry", sa.Column("record_insurance", small, nullable=True))
    op.add_column("account_entry", sa.Column("record_employer_id", sa.BigInteger(), nullable=True))
    op.add_column("account_entry", sa.Column("record_sequence", small, nullable=True))
    op.execute(
        "UPDATE account_entry e SET region_code = r.region_code, record_insurance = r.insurance,"
        " record_employer_id = r.insuring_employer_id, record_sequence = r.sequence"
        " FROM contribution_record r WHERE r.id = e.contribution_record_id"
    )
    op.drop_column("account_entry", "contribution_record_id")
    op.drop_index("uq_contribution_record_month", "contribution_record")
    op.drop_index("ix_contribution_record_employer", "contribution_record")
    op.drop_column("contribution_record", "corrects_id")
    op.drop_column("contribution_record", "id")
    op.create_primary_key("pk_contribution_record", "contribution_record", [*_KEY])
    op.create_check_constraint(
        op.f("ck_contribution_record_insuring_employer"), "contribution_record", _IS_INSURING
    )
    for name, text in _ENTRY_CHECKS.items():
        op.create_check_constraint(op.f(f"ck_account_entry_{name}"), "account_entry", text)
    op.create_foreign_key(
        "fk_account_entry_record", "account_entry", "contribution_record", [*_OF_ENTRY], [*_KEY]
    )
    _index_new()


def _alter_back() -> None:
    op.drop_constraint("fk_account_entry_record", "account_entry", type_="foreignkey")
    for name in _ENTRY_CHECKS:
        op.drop_constraint(op.f(f"ck_account_entry_{name}"), "account_entry", type_="check")
    op.drop_index("ix_contribution_record_not_levied", "contribution_record")
    op.drop_constraint("pk_contribution_record", "contribution_record", type_="primary")
    op.drop_column("contribution_record", "insuring_employer_id")
    op.alter_column("contribution_record", "sequence", server_default="0")
    op.execute("ALTER TABLE contribution_record ADD COLUMN id BIGSERIAL")
    op.create_primary_key("pk_contribution_record", "contribution_record", ["id"])
    op.add_column("contribution_record", sa.Column("corrects_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "account_entry", sa.Column("contribution_record_id", sa.BigInteger(), nullable=True)
    )
    _index_before()
    _number_entries("account_entry")
    for name in ("region_code", "record_insurance", "record_employer_id", "record_sequence"):
        op.drop_column("account_entry", name)
    op.create_foreign_key(
        "fk_contribution_record_corrects_id",
        "contribution_record",
        "contribution_record",
        ["corrects_id"],
        ["id"],
    )
    op.create_foreign_key(
        "fk_account_entry_contribution_record_id",
        "account_entry",
        "contribution_record",
        ["contribution_record_id"],
        ["id"],
    )


def _execute(statement: str) -> None:
    """Run a statement whose signs of a remainder and a colon are its own."""
    op.get_bind().exec_driver_sql(statement)
