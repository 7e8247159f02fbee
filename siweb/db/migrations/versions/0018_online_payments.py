"""Payments that were begun online, until the gateway tells what came of them."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "online_payment",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("gateway", sa.String(length=24), nullable=False),
        sa.Column("bill_id", Key, nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("late_fee_fen", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_account_id", Key, nullable=False),
        sa.Column("payment_id", Key, nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_online_payment_amount")),
        sa.CheckConstraint(
            "(payment_id IS NULL) = (paid_at IS NULL)", name=op.f("ck_online_payment_paid")
        ),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_online_payment_bill_id"),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name="fk_online_payment_payment_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_online_payment"),
        sa.UniqueConstraint("reference", name="uq_online_payment_reference"),
    )
    op.create_index("ix_online_payment_bill", "online_payment", ["bill_id"])


def downgrade() -> None:
    op.drop_table("online_payment")
