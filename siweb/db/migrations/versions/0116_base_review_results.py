"""What yearly base declarations came to, for each employer. Going back forgets it."""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "base_review_result",
        sa.Column("campaign_id", Key, autoincrement=False, nullable=False),
        sa.Column("employer_id", Key, autoincrement=False, nullable=False),
        sa.Column("has_declared", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, Key, nullable=False)
            for name in ("undeclared", "objected", "silent", "confirmed")
        ),
        sa.CheckConstraint(
            "undeclared >= 0 AND objected >= 0 AND silent >= 0 AND confirmed >= 0",
            name=op.f("ck_base_review_result_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name="fk_base_review_result_campaign_id"
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name="fk_base_review_result_employer_id"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "employer_id", name="pk_base_review_result"),
    )


def downgrade() -> None:
    op.drop_table("base_review_result")
