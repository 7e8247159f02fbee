"""Which insurances an agency runs; NULL stands for every one. Old code runs on it."""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agency", sa.Column("insurances", sa.String(60), nullable=True))


def downgrade() -> None:
    op.drop_column("agency", "insurances")
