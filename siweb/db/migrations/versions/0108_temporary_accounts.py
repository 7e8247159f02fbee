"""Temporary pension accounts. Going back forgets which accounts were temporary ones."""

import sqlalchemy as sa
from alembic import op

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = sa.text("ended_on IS NULL")


def upgrade() -> None:
    op.create_table(
        "temporary_account",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("household", sa.String(2), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= joined_on",
            name=op.f("ck_temporary_account_ended_after"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_temporary_account_person_id"
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name="fk_temporary_account_region_code"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_temporary_account"),
    )
    op.create_index(
        "uq_temporary_account_open",
        "temporary_account",
        ["person_id", "region_code"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("temporary_account")
