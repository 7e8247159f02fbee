"""The office's bank accounts, whose entries count once, and what a statement states of itself."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

FORMATS = ("csv", "camt_053")
AN_INSTANT = sa.DateTime(timezone=True)
STATEMENT_COLUMNS = (
    ("account", sa.String(40), ""),
    ("control", sa.JSON(), None),
    ("refusal", sa.JSON(), None),
    ("counts", sa.JSON(), "{}"),
    ("finished_at", AN_INSTANT, None),
    ("confirmed_at", AN_INSTANT, None),
    ("confirmed_by_account_id", Key, None),
    ("confirmed_because", sa.String(200), ""),
    ("withdrawn_at", AN_INSTANT, None),
    ("withdrawn_by_account_id", Key, None),
    ("withdrawn_because", sa.String(200), ""),
)


def upgrade() -> None:
    op.create_table(
        "bank_account",
        sa.Column("id", Key, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("bank", sa.String(length=40), nullable=False),
        sa.Column("added_at", AN_INSTANT, nullable=False),
        sa.Column("added_by_account_id", Key, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bank_account"),
        sa.UniqueConstraint("number", name="uq_bank_account_number"),
    )
    _set_formats((*FORMATS, "sheet"))
    with op.batch_alter_table("bank_statement") as batch:
        for name, kind, default in STATEMENT_COLUMNS:
            is_kept = default is not None
            batch.add_column(sa.Column(name, kind, nullable=not is_kept, server_default=default))
        batch.drop_constraint("uq_bank_statement_region_code_content_hash", type_="unique")
    with op.batch_alter_table("bank_statement") as batch:
        for name, _kind, default in STATEMENT_COLUMNS:
            if default is not None:
                batch.alter_column(name, server_default=None)
    op.create_index(
        "ux_bank_statement_content",
        "bank_statement",
        ["region_code", "content_hash", "account"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "entry_claim",
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("statement_id", Key, nullable=False),
        sa.Column("payment_id", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["bank_statement.id"], name="fk_entry_claim_statement_id"
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name="fk_entry_claim_payment_id"),
        sa.PrimaryKeyConstraint("account", "identity", name="pk_entry_claim"),
    )
    op.create_index("ix_entry_claim_reference", "entry_claim", ["account", "reference"])
    op.create_index("ix_entry_claim_statement", "entry_claim", ["statement_id"])


def downgrade() -> None:
    op.drop_table("entry_claim")
    op.drop_index("ux_bank_statement_content", "bank_statement")
    with op.batch_alter_table("bank_statement") as batch:
        for name, _kind, _default in STATEMENT_COLUMNS:
            batch.drop_column(name)
        batch.create_unique_constraint(
            "uq_bank_statement_region_code_content_hash", ["region_code", "content_hash"]
        )
    _set_formats(FORMATS)
    op.drop_table("bank_account")


def _set_formats(formats: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{name}'" for name in formats)
    with op.batch_alter_table("bank_statement") as batch:
        batch.drop_constraint(op.f("ck_bank_statement_format"), type_="check")
        batch.create_check_constraint(op.f("ck_bank_statement_format"), f"format IN ({listed})")
