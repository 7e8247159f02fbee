"""Tries counted in one row each, which is locked before a password is looked at."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt_count",
        sa.Column("who_hash", sa.String(64), nullable=False),
        sa.Column("tries", Key, nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_attempt_count_tries")),
        sa.PrimaryKeyConstraint("who_hash", name="pk_attempt_count"),
    )
    op.create_index("ix_attempt_count_first_at", "attempt_count", ["first_at"])
    # Pauses last an hour at most: those that hold while the office is updated are let go.
    op.drop_index("ix_failed_attempt_who", table_name="failed_attempt")
    op.drop_table("failed_attempt")
    # Wrong codes are counted by who tries them: counted at the code, a stranger could use it up.
    with op.batch_alter_table("activation_code") as table:
        table.drop_constraint(op.f("ck_activation_code_tries"), type_="check")
        table.drop_column("tries")


def downgrade() -> None:
    with op.batch_alter_table("activation_code") as table:
        table.add_column(sa.Column("tries", Key, nullable=False, server_default="0"))
        table.create_check_constraint(op.f("ck_activation_code_tries"), "tries >= 0")
    with op.batch_alter_table("activation_code") as table:
        table.alter_column("tries", server_default=None)
    op.create_table(
        "failed_attempt",
        sa.Column("id", Key, nullable=False),
        sa.Column("who_hash", sa.String(64), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_failed_attempt"),
    )
    op.create_index("ix_failed_attempt_who", "failed_attempt", ["who_hash", "failed_at"])
    op.drop_index("ix_attempt_count_first_at", table_name="attempt_count")
    op.drop_table("attempt_count")
