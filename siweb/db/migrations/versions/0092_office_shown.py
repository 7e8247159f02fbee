"""What the office shows of itself beside its name: a telephone and an emblem."""

import sqlalchemy as sa
from alembic import op

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("office") as table:
        table.add_column(sa.Column("phone", sa.String(30), nullable=False, server_default=""))
        table.add_column(sa.Column("emblem", sa.LargeBinary(), nullable=True))
    # Whoever writes a row says it; the default was for the row that is there.
    with op.batch_alter_table("office") as table:
        table.alter_column("phone", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("office") as table:
        table.drop_column("emblem")
        table.drop_column("phone")
