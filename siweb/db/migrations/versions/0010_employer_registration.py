"""What an employer registers with, and every change of it."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEW = (
    ("business_address", sa.String(length=200)),
    ("email", sa.String(length=254)),
    ("handler_name", sa.String(length=100)),
    ("handler_phone", sa.String(length=30)),
    ("insurances", sa.JSON()),
    ("registration_due_on", sa.Date()),
    ("review_due_on", sa.Date()),
    ("reviewed_on", sa.Date()),
    ("cancelled_on", sa.Date()),
)

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, kind in NEW:
        op.add_column("employer", sa.Column(name, kind, nullable=True))
    op.create_table(
        "employer_change",
        sa.Column("id", Key, nullable=False),
        sa.Column("employer_id", Key, nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("old_value", sa.String(length=254), nullable=True),
        sa.Column("new_value", sa.String(length=254), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_account_id", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name="fk_employer_change_employer_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_employer_change"),
    )
    op.create_index(
        "ix_employer_change_employer",
        "employer_change",
        ["employer_id", "changed_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_employer_change_employer", table_name="employer_change")
    op.drop_table("employer_change")
    for name, _kind in reversed(NEW):
        op.drop_column("employer", name)
