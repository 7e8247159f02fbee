"""A campaign that is over may take answers again. Going back keeps its last day as it is then."""

import sqlalchemy as sa
from alembic import op

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "campaign_reopening",
        sa.Column("id", Key, nullable=False),
        sa.Column("campaign_id", Key, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("former_last_on", sa.Date(), nullable=False),
        sa.Column("former_silent", sa.BigInteger(), nullable=True),
        sa.Column("task_id", Key, nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ending_task_id", Key, nullable=True),
        sa.CheckConstraint(
            "until_on >= from_on AND former_last_on < from_on",
            name=op.f("ck_campaign_reopening_day_order"),
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (ending_task_id IS NULL)",
            name=op.f("ck_campaign_reopening_ended_by"),
        ),
        sa.CheckConstraint(
            "ended_on BETWEEN from_on AND until_on", name=op.f("ck_campaign_reopening_ended_within")
        ),
        *(
            sa.ForeignKeyConstraint([name], [target], name=f"fk_campaign_reopening_{name}")
            for name, target in (
                ("campaign_id", "campaign.id"),
                ("task_id", "task.id"),
                ("ending_task_id", "task.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_reopening"),
        sa.UniqueConstraint("task_id", name="uq_campaign_reopening_task_id"),
    )
    op.create_index("ix_campaign_reopening_campaign", "campaign_reopening", ["campaign_id", "id"])


def downgrade() -> None:
    op.drop_table("campaign_reopening")
