"""A deferral says which insurances wait; those kept before wait with all of their bill."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "deferral", sa.Column("insurances", sa.JSON(), nullable=False, server_default="[]")
    )


def downgrade() -> None:
    with op.batch_alter_table("deferral") as batch:
        batch.drop_column("insurances")
