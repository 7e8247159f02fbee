"""Months of a bill that are late on their own, and deferrals that pause the late fee."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Month = sa.String(7)

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bill_month",
        sa.Column("bill_id", Key, nullable=False),
        sa.Column("contribution_month", Month, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_bill_month_amount")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_bill_month_bill_id"),
        sa.PrimaryKeyConstraint("bill_id", "contribution_month", name="pk_bill_month"),
    )
    op.create_table(
        "deferral",
        sa.Column("id", Key, nullable=False),
        sa.Column("arrears_id", Key, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("legal_basis", sa.String(length=200), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until >= from_on", name=op.f("ck_deferral_day_order")),
        sa.ForeignKeyConstraint(["arrears_id"], ["arrears.id"], name="fk_deferral_arrears_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deferral"),
    )
    op.create_index("ix_deferral_arrears", "deferral", ["arrears_id"])
    # A flexible worker's unpaid month is no arrears (SIL 10, 23, 60: they may pay).
    op.execute(
        "DELETE FROM instalment WHERE arrears_id IN (SELECT id FROM arrears WHERE bill_id IN "
        "(SELECT id FROM bill WHERE person_id IS NOT NULL))"
    )
    op.execute(
        "DELETE FROM arrears WHERE bill_id IN (SELECT id FROM bill WHERE person_id IS NOT NULL)"
    )


def downgrade() -> None:
    op.drop_table("deferral")
    op.drop_table("bill_month")
