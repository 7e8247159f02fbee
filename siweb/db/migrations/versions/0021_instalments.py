"""Instalments of arrears."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "instalment",
        sa.Column("id", Key, nullable=False),
        sa.Column("arrears_id", Key, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_by_then_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_instalment_amount")),
        sa.CheckConstraint(
            "paid_by_then_fen >= amount_fen", name=op.f("ck_instalment_paid_by_then")
        ),
        sa.ForeignKeyConstraint(["arrears_id"], ["arrears.id"], name="fk_instalment_arrears_id"),
        sa.PrimaryKeyConstraint("id", name="pk_instalment"),
        sa.UniqueConstraint("arrears_id", "due_on", name="uq_instalment_arrears_id_due_on"),
    )


def downgrade() -> None:
    op.drop_table("instalment")
