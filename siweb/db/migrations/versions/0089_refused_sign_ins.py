"""Tries to sign in that were refused, for the owner of the account to see."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "refused_sign_in",
        sa.Column("id", Key, primary_key=True),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("device", sa.String(80), nullable=False),
        sa.Column("network", sa.String(45), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_refused_sign_in_account_id"
        ),
    )
    op.create_index("ix_refused_sign_in_account", "refused_sign_in", ["account_id", "at"])


def downgrade() -> None:
    op.drop_table("refused_sign_in")
