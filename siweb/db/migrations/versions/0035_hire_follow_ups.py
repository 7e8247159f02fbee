"""Hires that fall short of the duty to insure, for the desk to follow up.

Old code runs on it: a table is added.
"""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hire_follow_up",
        sa.Column("filing_row_id", Key, sa.ForeignKey("filing_row.id"), primary_key=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by_account_id", Key, sa.ForeignKey("account.id")),
    )
    op.create_index(
        "ix_hire_follow_up_open",
        "hire_follow_up",
        ["opened_at"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_hire_follow_up_open", table_name="hire_follow_up")
    op.drop_table("hire_follow_up")
