"""People's own bank accounts, sealed. Going back forgets them: nothing is paid by them alone."""

import sqlalchemy as sa
from alembic import op

revision = "0114"
down_revision = "0113"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "own_bank_account",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("holder", sa.String(100), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("bank_name", sa.String(100), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= named_at",
            name=op.f("ck_own_bank_account_ended_after"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_own_bank_account_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_own_bank_account"),
    )
    op.create_index("ix_own_bank_account_person", "own_bank_account", ["person_id"])
    op.create_index(
        "uq_own_bank_account_open",
        "own_bank_account",
        ["person_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("own_bank_account")
