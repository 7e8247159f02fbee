"""What the employer answers to an objection, beside what the agency decides."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("objection") as table:
        table.add_column(sa.Column("employer_agrees", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("employer_words", sa.String(500), nullable=True))
        at = sa.DateTime(timezone=True)
        table.add_column(sa.Column("employer_answered_at", at, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("objection") as table:
        table.drop_column("employer_answered_at")
        table.drop_column("employer_words")
        table.drop_column("employer_agrees")
