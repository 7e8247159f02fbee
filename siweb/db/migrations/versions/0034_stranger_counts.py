"""How often an employer's names agree with the register's: a filing is no way to ask about people.

Old code runs on it: a table is added.
"""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stranger_count",
        sa.Column("employer_id", Key, sa.ForeignKey("employer.id"), primary_key=True),
        sa.Column("counted_on", sa.Date(), primary_key=True),
        sa.Column("agreed", Key, nullable=False),
        sa.Column("disagreed", Key, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("stranger_count")
