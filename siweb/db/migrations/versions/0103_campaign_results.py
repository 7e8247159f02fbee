"""What a campaign of people came to, kept when its last day is over."""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "campaign_result",
        sa.Column("campaign_id", Key, autoincrement=False, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("silent", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name="fk_campaign_result_campaign_id"
        ),
        sa.PrimaryKeyConstraint("campaign_id", name="pk_campaign_result"),
    )


def downgrade() -> None:
    op.drop_table("campaign_result")
