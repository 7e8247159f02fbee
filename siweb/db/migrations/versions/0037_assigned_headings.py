"""What an employer's headings mean, and what a filing's page says about the file as a whole.

Old code runs on it: a table and a column are added.
"""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

KINDS = ("hire", "leave", "change", "pause", "resume", "base")


def upgrade() -> None:
    op.create_table(
        "assigned_heading",
        sa.Column("id", Key, primary_key=True),
        sa.Column("employer_id", Key, sa.ForeignKey("employer.id"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("heading", sa.String(100), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("employer_id", "kind", "heading"),
    )
    with op.batch_alter_table("filing") as batch:
        batch.add_column(sa.Column("notices", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("filing") as batch:
        batch.drop_column("notices")
    op.drop_table("assigned_heading")
