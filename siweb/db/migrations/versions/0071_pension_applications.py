"""Applications for a pension and what was decided on them. Old code runs on it."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_REFERENCES = {
    "person_id": "person.id",
    "region_code": "region.code",
    "made_by_account_id": "account.id",
    "checked_by_account_id": "account.id",
    "benefit_id": "benefit.id",
    "document_id": "document.id",
}
_CHECKS = {
    "state": "state IN ('sent', 'approved', 'refused', 'withdrawn')",
    "amount": "(state = 'approved') = (monthly_fen IS NOT NULL)",
    "benefit": "(state = 'approved') = (benefit_id IS NOT NULL)",
    "decided": "(state IN ('approved', 'refused')) = (decided_at IS NOT NULL)",
    "reasons": "state <> 'refused' OR decision_words <> ''",
    "withdrawn": "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)",
    "two_people": "made_by_account_id <> checked_by_account_id",
}


def upgrade() -> None:
    op.create_table(
        "pension_application",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(24), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("from_month", sa.Integer(), nullable=False),
        sa.Column("bank_name", sa.String(100), nullable=False),
        sa.Column("bank_card", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("applied_at", _INSTANT, nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column("estimate", sa.JSON(), nullable=False),
        sa.Column("decided", sa.JSON(), nullable=True),
        sa.Column("monthly_fen", sa.BigInteger(), nullable=True),
        sa.Column("decision_words", sa.String(500), nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=True),
        sa.Column("made_by_account_id", Key, nullable=True),
        sa.Column("checked_by_account_id", Key, nullable=True),
        sa.Column("review_until", sa.Date(), nullable=True),
        sa.Column("suit_until", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", _INSTANT, nullable=True),
        sa.Column("benefit_id", Key, nullable=True),
        sa.Column("document_id", Key, nullable=True),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_pension_application_{name}"))
            for name, condition in _CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint([name], [other], name=f"fk_pension_application_{name}")
            for name, other in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pension_application"),
        sa.UniqueConstraint("reference", name="uq_pension_application_reference"),
    )
    op.create_index(
        "ix_pension_application_person", "pension_application", ["person_id", "applied_at"]
    )
    is_sent = sa.text("state = 'sent'")
    for name, columns, is_unique in (
        ("ix_pension_application_sent", ["region_code", "decide_by"], False),
        ("uq_pension_application_sent", ["person_id"], True),
    ):
        op.create_index(
            name,
            "pension_application",
            columns,
            unique=is_unique,
            sqlite_where=is_sent,
            postgresql_where=is_sent,
        )


def downgrade() -> None:
    op.drop_table("pension_application")
