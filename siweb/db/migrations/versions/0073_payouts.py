"""Money that goes out, and the files for the bank. Old code runs on it."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "payout",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(24), nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("payee_name", sa.String(140), nullable=False),
        sa.Column("payee_account", sa.String(34), nullable=False),
        sa.Column("payee_bank", sa.String(12), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("ordered_at", _INSTANT, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('refund', 'heirs', 'benefit')", name=op.f("ck_payout_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'sent', 'paid', 'rejected')", name=op.f("ck_payout_state")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payout_amount")),
        sa.CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", name=op.f("ck_payout_paid")),
        sa.CheckConstraint(
            "person_id IS NULL OR employer_id IS NULL", name=op.f("ck_payout_one_payee")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_payout_region_code"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_payout_person_id"),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_payout_employer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payout"),
        sa.UniqueConstraint("reference", name="uq_payout_reference"),
        sa.UniqueConstraint("source", name="uq_payout_source"),
    )
    op.create_index("ix_payout_state", "payout", ["region_code", "state"])
    op.create_index("ix_payout_person", "payout", ["person_id"])
    op.create_table(
        "payment_file",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(24), nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("debtor_name", sa.String(140), nullable=False),
        sa.Column("debtor_account", sa.String(34), nullable=False),
        sa.Column("debtor_bank", sa.String(40), nullable=False),
        sa.Column("execution_on", sa.Date(), nullable=False),
        sa.Column("transactions", Key, nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("made_by_account_id", Key, nullable=False),
        sa.Column("released_by_account_id", Key, nullable=False),
        sa.CheckConstraint(
            "transactions > 0 AND total_fen > 0", name=op.f("ck_payment_file_filled")
        ),
        *(
            sa.ForeignKeyConstraint([name], [other], name=f"fk_payment_file_{name}")
            for name, other in (
                ("region_code", "region.code"),
                ("made_by_account_id", "account.id"),
                ("released_by_account_id", "account.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_file"),
        sa.UniqueConstraint("reference", name="uq_payment_file_reference"),
    )
    op.create_index("ix_payment_file_region_code", "payment_file", ["region_code"])
    op.create_table(
        "payment_file_line",
        sa.Column("payment_file_id", Key, nullable=False),
        sa.Column("number", Key, nullable=False),
        sa.Column("payout_id", Key, nullable=False),
        sa.Column("end_to_end", sa.String(35), nullable=False),
        sa.Column("payee_name", sa.String(140), nullable=False),
        sa.Column("payee_account", sa.String(34), nullable=False),
        sa.Column("payee_bank", sa.String(12), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.CheckConstraint(
            "state IN ('sent', 'paid', 'rejected')", name=op.f("ck_payment_file_line_state")
        ),
        sa.CheckConstraint(
            "(state = 'sent') = (answered_at IS NULL)",
            name=op.f("ck_payment_file_line_answered"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_file_id"], ["payment_file.id"], name="fk_payment_file_line_payment_file_id"
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payout.id"], name="fk_payment_file_line_payout_id"
        ),
        sa.PrimaryKeyConstraint("payment_file_id", "number", name="pk_payment_file_line"),
        sa.UniqueConstraint("end_to_end", name="uq_payment_file_line_end_to_end"),
        sqlite_with_rowid=False,
    )
    stands = sa.text("state <> 'rejected'")
    op.create_index(
        "uq_payment_file_line_payout",
        "payment_file_line",
        ["payout_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )


def downgrade() -> None:
    for table in ("payment_file_line", "payment_file", "payout"):
        op.drop_table(table)
