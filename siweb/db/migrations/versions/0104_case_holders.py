"""Who has a case of the desk at hand. Old code runs on it."""

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "case_holder",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("given_by_account_id", Key, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_case_holder_account_id"),
        sa.ForeignKeyConstraint(
            ["given_by_account_id"], ["account.id"], name="fk_case_holder_given_by_account_id"
        ),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_case_holder"),
    )
    op.create_index("ix_case_holder_account", "case_holder", ["account_id", "kind"])


def downgrade() -> None:
    op.drop_table("case_holder")
