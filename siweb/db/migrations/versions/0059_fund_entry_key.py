"""A fund's entry is named by its bill (region, month, number) and its own number among the bill's.

The number is the one that it had: seals name it so. On SQLite rows lie by region and month from now
on, and their days are whole numbers; no index is left beside the key. Old code does not run on it.
"""

# ruff: noqa: S608 - every statement is made of names that stand here
import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = ("region_code", "contribution_month", "bill_id", "entry_number")
_KEPT = ("fund", "insurance", "kind", "amount_fen", "account_fen")
_DAYS = ("posted_on", "recorded_on")
_CHECKS = {"insurance": "insurance BETWEEN 1 AND 5", "kind": "kind BETWEEN 1 AND 2"}
_REFERENCES = {"region_code": "region.code", "bill_id": "bill.id"}
# Numbers of one bill's own meet those of others where they become the table's: the later row gets
# one after all of them.
_ID = """CASE WHEN row_number() OVER (PARTITION BY entry_number ORDER BY recorded_on, bill_id) = 1
 THEN entry_number ELSE (SELECT max(entry_number) FROM fund_entry)
 + row_number() OVER (ORDER BY recorded_on, bill_id, entry_number) END"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _alter()
        return
    _create(is_after=True)
    names = ", ".join(_KEPT)
    days = ", ".join(f"CAST(strftime('%s', {day}) AS INTEGER) / 86400" for day in _DAYS)
    op.get_bind().exec_driver_sql(
        f"INSERT INTO _rebuilt_entry ({', '.join(_KEY)}, {names}, {', '.join(_DAYS)})"
        " SELECT e.region_code, b.contribution_month, e.bill_id, e.id,"
        f" {', '.join(f'e.{name}' for name in _KEPT)}, {days}"
        " FROM fund_entry e JOIN bill b ON b.id = e.bill_id ORDER BY 1, 2, 3, 4"
    )
    _take_place()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _alter_back()
    else:
        _create(is_after=False)
        names = ", ".join(("region_code", "bill_id", *_KEPT))
        days = ", ".join(f"strftime('%Y-%m-%d', {day} * 86400, 'unixepoch')" for day in _DAYS)
        op.get_bind().exec_driver_sql(
            f"INSERT INTO _rebuilt_entry (id, {names}, {', '.join(_DAYS)})"
            f" SELECT {_ID}, {names}, {days} FROM fund_entry"
        )
        _take_place()
    op.create_index("ix_fund_entry_bill", "fund_entry", ["bill_id", "insurance"])
    op.create_index("ix_fund_entry_fund", "fund_entry", ["region_code", "fund", "posted_on"])


def _create(*, is_after: bool) -> None:
    """Create SQLite's table, with its natural key or with a number of the table's own."""
    day = sa.Integer() if is_after else sa.Date()
    region = sa.Column("region_code", sa.Integer(), nullable=False)
    bill = sa.Column("bill_id", Key, nullable=False)
    first = [sa.Column("id", Key, nullable=False), region]
    if is_after:
        month = sa.Column("contribution_month", sa.Integer(), nullable=False)
        first = [region, month, bill, sa.Column("entry_number", Key, nullable=False)]
    op.create_table(
        "_rebuilt_entry",
        *first,
        sa.Column("fund", sa.String(24), nullable=False),
        sa.Column("insurance", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        *([] if is_after else [bill]),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("account_fen", sa.BigInteger(), nullable=False),
        *(sa.Column(name, day, nullable=False) for name in _DAYS),
        *(
            sa.CheckConstraint(said, name=op.f(f"ck_fund_entry_{name}"))
            for name, said in _CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint([name], [to], f"fk_fund_entry_{name}")
            for name, to in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint(*(_KEY if is_after else ("id",)), name="pk_fund_entry"),
        sqlite_with_rowid=not is_after,
    )


def _take_place() -> None:
    op.drop_table("fund_entry")
    op.rename_table("_rebuilt_entry", "fund_entry")


def _alter() -> None:
    for statement in (
        "DROP INDEX ix_fund_entry_bill",
        "DROP INDEX ix_fund_entry_fund",
        "ALTER TABLE fund_entry ADD COLUMN contribution_month INTEGER",
        (
            "UPDATE fund_entry e SET contribution_month = b.contribution_month FROM bill b"
            " WHERE b.id = e.bill_id"
        ),
        "ALTER TABLE fund_entry RENAME COLUMN id TO entry_number",
        "ALTER SEQUENCE fund_entry_id_seq RENAME TO fund_entry_number",
        (
            "ALTER TABLE fund_entry ALTER COLUMN entry_number DROP DEFAULT,"
            " ALTER COLUMN contribution_month SET NOT NULL, DROP CONSTRAINT pk_fund_entry,"
            f" ADD CONSTRAINT pk_fund_entry PRIMARY KEY ({', '.join(_KEY)})"
        ),
    ):
        op.get_bind().exec_driver_sql(statement)


def _alter_back() -> None:
    for statement in (
        "ALTER SEQUENCE fund_entry_number RENAME TO fund_entry_id_seq",
        "ALTER TABLE fund_entry RENAME COLUMN entry_number TO id",
        (
            "ALTER TABLE fund_entry ALTER COLUMN id SET DEFAULT nextval('fund_entry_id_seq'),"
            " DROP CONSTRAINT pk_fund_entry, DROP COLUMN contribution_month,"
            " ADD CONSTRAINT pk_fund_entry PRIMARY KEY (id)"
        ),
    ):
        op.get_bind().exec_driver_sql(statement)
