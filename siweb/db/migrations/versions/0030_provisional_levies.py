"""Levies that bill with last year's figures say so, and their adjustment is queued."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "levy_run", sa.Column("provisional", sa.JSON(), nullable=False, server_default="[]")
    )
    op.create_table(
        "adjustment_task",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("first_month", sa.String(7), nullable=False),
        sa.Column("last_month", sa.String(7), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("levy_run_id", Key, nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "last_month >= first_month", name=op.f("ck_adjustment_task_month_order")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name="fk_adjustment_task_region_code"
        ),
        sa.ForeignKeyConstraint(
            ["levy_run_id"], ["levy_run.id"], name="fk_adjustment_task_levy_run_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_adjustment_task"),
    )
    op.execute("ALTER TABLE hire_report RENAME COLUMN employer_said TO employer_named")
    op.create_index("ix_adjustment_task_open", "adjustment_task", ["region_code", "done_at"])


def downgrade() -> None:
    op.execute("ALTER TABLE hire_report RENAME COLUMN employer_named TO employer_said")
    op.drop_table("adjustment_task")
    with op.batch_alter_table("levy_run") as batch_op:
        batch_op.drop_column("provisional")
