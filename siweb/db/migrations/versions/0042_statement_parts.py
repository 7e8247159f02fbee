"""What proves two statements apart is kept, and which statements left entries to one another.

Old code runs on it: tables, columns and a word are added.
"""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

REASONS = (
    "returned", "repeated", "payer_differs", "details", "currency", "amount", "amount_missing",
    "two_amounts", "zero", "day", "day_future", "day_too_old", "direction",
)  # fmt: skip


def _statement(name: str = "statement_id") -> sa.Column[int]:
    return sa.Column(name, Key, sa.ForeignKey("bank_statement.id"), primary_key=True)


def _set_reasons(words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("held_entry") as batch:
        batch.drop_constraint(op.f("ck_held_entry_reason"), type_="check")
        batch.create_check_constraint(op.f("ck_held_entry_reason"), f"reason IN ({listed})")


def upgrade() -> None:
    op.create_table(
        "statement_part",
        _statement(),
        sa.Column("part", Key, primary_key=True),
        sa.Column("period_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("period_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opening_fen", sa.BigInteger(), nullable=True),
        sa.Column("closing_fen", sa.BigInteger(), nullable=True),
    )
    op.create_table(
        "statement_day",
        _statement(),
        sa.Column("part", Key, primary_key=True),
        sa.Column("account", sa.String(40), primary_key=True),
        sa.Column("entry_on", sa.String(10), primary_key=True),
        sa.Column("entries", sa.Text(), nullable=False),
    )
    op.create_index("ix_statement_day_account", "statement_day", ["account", "entry_on"])
    op.create_table("statement_overlap", _statement(), _statement("earlier_statement_id"))
    op.create_index(
        "ix_statement_overlap_earlier_statement_id", "statement_overlap", ["earlier_statement_id"]
    )
    with op.batch_alter_table("entry_claim") as batch:
        batch.add_column(sa.Column("part", Key, nullable=False, server_default="0"))
        batch.add_column(sa.Column("payment_count", Key, nullable=False, server_default="1"))
    with op.batch_alter_table("held_entry") as batch:
        batch.add_column(sa.Column("identity", sa.String(64), nullable=False, server_default=""))
    _set_reasons((*REASONS, "in_both"))
    for table, name in (
        ("entry_claim", "part"), ("entry_claim", "payment_count"), ("held_entry", "identity"),
    ):  # fmt: skip
        with op.batch_alter_table(table) as batch:
            batch.alter_column(name, server_default=None)
    is_batch = sa.text("payment_count > 1")
    op.create_index(
        "ix_entry_claim_batch",
        "entry_claim",
        ["account"],
        sqlite_where=is_batch,
        postgresql_where=is_batch,
    )


def downgrade() -> None:
    op.execute("UPDATE held_entry SET reason = 'repeated' WHERE reason = 'in_both'")
    _set_reasons(REASONS)
    with op.batch_alter_table("held_entry") as batch:
        batch.drop_column("identity")
    op.drop_index("ix_entry_claim_batch", "entry_claim")
    with op.batch_alter_table("entry_claim") as batch:
        batch.drop_column("payment_count")
        batch.drop_column("part")
    for table in ("statement_overlap", "statement_day", "statement_part"):
        op.drop_table(table)
