"""How often people who insure themselves pay. Going back forgets it: bills keep their days."""

import sqlalchemy as sa
from alembic import op

revision = "0115"
down_revision = "0114"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "pay_rhythm",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("every", sa.String(8), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "every IN ('month', 'quarter', 'year')", name=op.f("ck_pay_rhythm_every")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_pay_rhythm_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pay_rhythm"),
    )
    op.create_index("ix_pay_rhythm_person", "pay_rhythm", ["person_id"])


def downgrade() -> None:
    op.drop_table("pay_rhythm")
