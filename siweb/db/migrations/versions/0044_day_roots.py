"""Books are sealed by what their rows say, per region and day; the seals by numbers of rows end.

Their heads are kept: the new roots begin where they ended. `siweb migrate` proves the old seals a
last time before it comes here, and seals everything anew afterwards.
"""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

ENTRIES = ("account_entry", "fund_entry")
BOOKS = (
    "contribution_record", "account_entry", "fund_entry", "payment", "allocation", "bill",
    "bill_line", "levy_term", "bill_month", "deferral",
)  # fmt: skip


def _region(name: str = "region_code") -> sa.Column[str]:
    return sa.Column(name, sa.String(6), primary_key=True)


def _make_roots() -> None:
    op.create_table(
        "day_root",
        _region(),
        sa.Column("number", Key, primary_key=True, autoincrement=False),
        sa.Column("sealed_on", sa.Date(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_from", sa.Date(), nullable=False),
        sa.Column("rows", Key, nullable=False),
        sa.Column("key_mark", sa.String(16), nullable=False),
        sa.Column("previous_root", sa.String(64), nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
    )
    op.create_table(
        "book_seal",
        _region(),
        sa.Column("book", sa.String(32), primary_key=True),
        sa.Column("recorded_on", sa.Date(), primary_key=True),
        sa.Column("part", Key, primary_key=True, autoincrement=False),
        sa.Column("root_number", Key, nullable=False),
        sa.Column("rows", Key, nullable=False),
        sa.Column("row_marks", sa.LargeBinary(), nullable=False),
        sa.Column("key_marks", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_code", "root_number"],
            ["day_root.region_code", "day_root.number"],
            name="fk_book_seal_root",
        ),
    )
    op.create_table(
        "former_head",
        sa.Column("book", sa.String(32), primary_key=True),
        sa.Column("sealed_on", sa.Date(), nullable=False),
        sa.Column("rows", Key, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
    )


def upgrade() -> None:
    _make_roots()
    op.execute(
        "INSERT INTO former_head (book, sealed_on, rows, head)"
        " SELECT book, sealed_on, (SELECT sum(rows) FROM day_seal own WHERE own.book = last.book),"
        " seal_hash FROM day_seal last WHERE first_id ="
        " (SELECT max(first_id) FROM day_seal later WHERE later.book = last.book)"
    )
    op.drop_table("day_seal")
    for table in ENTRIES:
        op.add_column(table, sa.Column("recorded_on", sa.Date(), nullable=True))
        op.execute(f"UPDATE {table} SET recorded_on = posted_on")  # noqa: S608
        with op.batch_alter_table(table) as batch:
            batch.alter_column("recorded_on", existing_type=sa.Date(), nullable=False)


def downgrade() -> None:
    for table in ENTRIES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("recorded_on")
    op.create_table(
        "day_seal",
        sa.Column("id", Key, nullable=False),
        sa.Column(
            "book",
            sa.Enum(*BOOKS, name="book", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("sealed_on", sa.Date(), nullable=False),
        sa.Column("first_id", Key, nullable=False),
        sa.Column("last_id", Key, nullable=False),
        sa.Column("rows", Key, nullable=False),
        sa.Column("row_marks", sa.LargeBinary(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("seal_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_id >= first_id", name=op.f("ck_day_seal_id_order")),
        sa.PrimaryKeyConstraint("id", name="pk_day_seal"),
        sa.UniqueConstraint("book", "first_id", name="uq_day_seal_book_first_id"),
    )
    for table in ("book_seal", "day_root", "former_head"):
        op.drop_table(table)
