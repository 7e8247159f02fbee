"""What each fund took in, and seals over the rows of the books."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.add_column("account_entry", sa.Column("interest_month", sa.String(length=7), nullable=True))
    op.create_table(
        "fund_entry",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("fund", sa.String(length=24), nullable=False),
        sa.Column(
            "insurance",
            _word("insurance", "pension", "medical", "unemployment", "work_injury", "maternity"),
            nullable=False,
        ),
        sa.Column("kind", _word("kind", "premium", "late_fee"), nullable=False),
        sa.Column("bill_id", Key, nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("account_fen", sa.BigInteger(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_fund_entry_bill_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_fund_entry_region_code"),
        sa.PrimaryKeyConstraint("id", name="pk_fund_entry"),
    )
    op.create_index("ix_fund_entry_bill", "fund_entry", ["bill_id", "insurance"], unique=False)
    op.create_index(
        "ix_fund_entry_fund", "fund_entry", ["region_code", "fund", "posted_on"], unique=False
    )
    op.create_table(
        "day_seal",
        sa.Column("id", Key, nullable=False),
        sa.Column(
            "book",
            _word(
                "book",
                "contribution_record",
                "account_entry",
                "fund_entry",
                "payment",
                "allocation",
            ),
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


def downgrade() -> None:
    op.drop_table("day_seal")
    op.drop_index("ix_fund_entry_fund", table_name="fund_entry")
    op.drop_index("ix_fund_entry_bill", table_name="fund_entry")
    op.drop_table("fund_entry")
    op.drop_column("account_entry", "interest_month")
