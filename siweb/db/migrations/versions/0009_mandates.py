"""Mandates to act for an employer, and the employer in every line of the activity log."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", Key, nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("employer_id", Key, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "viewer",
                "filer",
                "owner",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("granted_by_account_id", Key, nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_account_id", Key, nullable=True),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_mandate_until_after_from")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_mandate_account_id"),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_mandate_employer_id"),
        sa.ForeignKeyConstraint(
            ["granted_by_account_id"], ["account.id"], name="fk_mandate_granted_by_account_id"
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_account_id"], ["account.id"], name="fk_mandate_revoked_by_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mandate"),
    )
    op.create_index("ix_mandate_employer", "mandate", ["employer_id", "granted_at"], unique=False)
    op.create_index(
        "uq_mandate_open",
        "mandate",
        ["account_id", "employer_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.add_column("activity", sa.Column("employer_id", Key, nullable=True))
    op.create_index("ix_activity_employer", "activity", ["employer_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_activity_employer", table_name="activity")
    op.drop_column("activity", "employer_id")
    op.drop_index(
        "uq_mandate_open",
        table_name="mandate",
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.drop_index("ix_mandate_employer", table_name="mandate")
    op.drop_table("mandate")
