"""Sign-ins at another provider that open an account here."""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "linked_sign_in",
        sa.Column("id", Key, primary_key=True),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject_digest", sa.String(64), nullable=False),
        sa.Column("linked_at", AT, nullable=False),
        sa.Column("last_used_at", AT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_linked_sign_in_account_id"
        ),
        sa.UniqueConstraint(
            "issuer", "subject_digest", name="uq_linked_sign_in_issuer_subject_digest"
        ),
        sa.UniqueConstraint("account_id", "issuer", name="uq_linked_sign_in_account_id_issuer"),
    )


def downgrade() -> None:
    op.drop_table("linked_sign_in")
