"""What is paid of benefits, month by month. Old code runs on it."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

_WORDS = {
    "benefit": ("pension", "injury", "survivor", "unemployment"),
    "kind": ("paid", "adjusted", "held", "back_pay"),
}
_MONTH = "month BETWEEN 100001 AND 999912 AND month - month / 100 * 100 BETWEEN 1 AND 12"


def upgrade() -> None:
    listed = {name: ", ".join(f"'{word}'" for word in words) for name, words in _WORDS.items()}
    op.create_table(
        "benefit_entry",
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("benefit", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("sequence", sa.SmallInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.CheckConstraint(f"{name} IN ({words})", name=op.f(f"ck_benefit_entry_{name}"))
            for name, words in listed.items()
        ),
        sa.CheckConstraint(_MONTH, name=op.f("ck_benefit_entry_month")),
        sa.CheckConstraint(
            "amount_fen > 0 OR kind = 'adjusted' AND amount_fen < 0",
            name=op.f("ck_benefit_entry_amount"),
        ),
        sa.CheckConstraint(
            "sequence = 0 OR kind = 'adjusted' AND sequence > 0",
            name=op.f("ck_benefit_entry_sequence"),
        ),
        sa.CheckConstraint(
            "kind = 'back_pay' OR (kind = 'held') = (paid_on IS NULL)",
            name=op.f("ck_benefit_entry_paid_on"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "benefit"],
            ["benefit.person_id", "benefit.kind"],
            name="fk_benefit_entry_person_id_benefit",
        ),
        sa.PrimaryKeyConstraint(
            "region_code",
            "month",
            "person_id",
            "benefit",
            "kind",
            "sequence",
            name="pk_benefit_entry",
        ),
        sqlite_with_rowid=False,
    )
    pays = sa.text("kind IN ('paid', 'back_pay')")
    op.create_index(
        "uq_benefit_entry_paid",
        "benefit_entry",
        ["region_code", "person_id", "benefit", "month"],
        unique=True,
        sqlite_where=pays,
        postgresql_where=pays,
    )
    op.create_index("ix_benefit_entry_person", "benefit_entry", ["person_id", "month"])
    op.create_index("ix_benefit_entry_recorded", "benefit_entry", ["region_code", "recorded_at"])
    stopped = sa.text("state IN ('suspended', 'terminated')")
    op.create_index(
        "ix_benefit_stopped",
        "benefit",
        ["region_code", "state"],
        sqlite_where=stopped,
        postgresql_where=stopped,
    )


def downgrade() -> None:
    op.drop_index("ix_benefit_stopped", table_name="benefit")
    op.drop_table("benefit_entry")
