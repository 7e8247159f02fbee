"""Codes by which a case that was begun at the counter goes on on its person's phone."""

import sqlalchemy as sa
from alembic import op

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "counter_code",
        sa.Column("id", Key, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("review_id", Key, nullable=False),
        sa.Column("made_by_account_id", Key, nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_counter_code_review_id"),
        sa.ForeignKeyConstraint(
            ["made_by_account_id"], ["account.id"], name="fk_counter_code_made_by_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_counter_code"),
        sa.UniqueConstraint("code_hash", name="uq_counter_code_code_hash"),
    )
    op.create_index("ix_counter_code_review_id", "counter_code", ["review_id"])


def downgrade() -> None:
    op.drop_table("counter_code")
