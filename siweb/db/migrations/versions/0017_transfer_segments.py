"""Segments: the months that a person brought from another region, or took along to one."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transfer_segment",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "in",
                "out",
                name="direction",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("other_region", sa.String(60), nullable=False),
        sa.Column("from_month", sa.String(7), nullable=False),
        sa.Column("through_month", sa.String(7), nullable=False),
        sa.Column("months", Key, nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("transferred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_account_id", Key, nullable=True),
        sa.CheckConstraint(
            "through_month >= from_month", name=op.f("ck_transfer_segment_month_order")
        ),
        sa.CheckConstraint("months > 0", name=op.f("ck_transfer_segment_months")),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_transfer_segment_amount")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_transfer_segment_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_transfer_segment"),
    )
    op.create_index("ix_transfer_segment_person", "transfer_segment", ["person_id", "from_month"])


def downgrade() -> None:
    op.drop_table("transfer_segment")
