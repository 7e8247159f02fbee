"""Entries of bank statements that wait for a person, or say why they were not booked."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

REASONS = (
    "returned",
    "repeated",
    "payer_differs",
    "details",
    "currency",
    "amount",
    "amount_missing",
    "two_amounts",
    "zero",
    "day",
    "day_future",
    "day_too_old",
    "direction",
)
STATES = ("waiting", "booked", "returned", "dismissed")


def _word(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "held_entry",
        sa.Column("id", Key, nullable=False),
        sa.Column("statement_id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("number", Key, nullable=False),
        sa.Column("reason", _word("reason", REASONS), nullable=False),
        sa.Column("state", _word("state", STATES), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("entry_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("payer_name", sa.String(length=200), nullable=False),
        sa.Column("payer_account", sa.String(length=40), nullable=False),
        sa.Column("remittance", sa.String(length=500), nullable=False),
        sa.Column("payment_id", Key, nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_account_id", Key, nullable=True),
        sa.Column("settled_because", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["bank_statement.id"], name="fk_held_entry_statement_id"
        ),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_held_entry_region_code"),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name="fk_held_entry_payment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_held_entry"),
        sa.UniqueConstraint("statement_id", "number", name="uq_held_entry_statement_id_number"),
    )
    op.create_index("ix_held_entry_state", "held_entry", ["state", "id"])
    op.create_index("ix_held_entry_payment", "held_entry", ["payment_id"])


def downgrade() -> None:
    op.drop_table("held_entry")
