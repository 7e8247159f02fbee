"""The paper that a deed rests on, in its parts. Old code runs on it, and writes words alone."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OWNERS = ("task", "mandate", "transfer_event", "message_service")
_KINDS = (
    "decision", "agreement", "rules", "staffing", "appointment", "rate_notice", "licence",
    "authorisation", "letter", "information_form", "acceptance", "bank_slip", "bank_letter",
    "account_permit", "bank_book", "payment_order", "payment_list", "refund_application",
    "death_certificate", "cremation", "household_register", "police_notice", "kinship",
    "notarial_paper", "judgment", "award", "promise", "prison_notice", "release",
    "personnel_file", "labour_contract", "payslip", "employer_filing", "service_return",
    "post_receipt", "returned_letter", "newspaper", "witness_note", "other",
)  # fmt: skip
ONE_OWNER = (
    " + ".join(f"CASE WHEN {owner}_id IS NULL THEN 0 ELSE 1 END" for owner in _OWNERS) + " = 1"
)


def upgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in _KINDS)
    op.create_table(
        "evidence_paper",
        sa.Column("id", Key, nullable=False),
        *(sa.Column(f"{owner}_id", Key, nullable=True) for owner in _OWNERS),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("called", sa.String(60), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.CheckConstraint(f"kind IN ({listed})", name=op.f("ck_evidence_paper_kind")),
        sa.CheckConstraint(ONE_OWNER, name=op.f("ck_evidence_paper_one_owner")),
        sa.CheckConstraint(
            "(kind = 'other') = (called <> '')", name=op.f("ck_evidence_paper_called")
        ),
        sa.CheckConstraint("number <> ''", name=op.f("ck_evidence_paper_has_number")),
        *(
            sa.ForeignKeyConstraint(
                [f"{owner}_id"], [f"{owner}.id"], name=f"fk_evidence_paper_{owner}_id"
            )
            for owner in _OWNERS
        ),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_paper"),
    )
    for owner in _OWNERS:
        op.create_index(f"ix_evidence_paper_{owner}_id", "evidence_paper", [f"{owner}_id"])


def downgrade() -> None:
    op.drop_table("evidence_paper")
