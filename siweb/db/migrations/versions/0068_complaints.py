"""Complaints: what somebody says is wrong, and the written answer. Old code runs on it."""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_WORDS = {
    "kind": ("not_registered", "too_little", "decision"),
    "state": ("open", "answered", "withdrawn"),
    "outcome": ("upheld", "partly", "rejected", "handed_on"),
}
_REFERENCES = {
    "region_code": "region.code",
    "person_id": "person.id",
    "employer_id": "employer.id",
    "answered_by_account_id": "account.id",
    "hire_report_id": "hire_report.id",
}


def upgrade() -> None:
    listed = {name: ", ".join(f"'{word}'" for word in words) for name, words in _WORDS.items()}
    op.create_table(
        "complaint",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(24), nullable=False),
        sa.Column("source_key", sa.String(64), nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("employer_named", sa.String(200), nullable=False),
        sa.Column("from_month", sa.Integer(), nullable=False),
        sa.Column("to_month", sa.Integer(), nullable=True),
        sa.Column("about_decision", sa.String(60), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("evidence", sa.String(1000), nullable=False),
        sa.Column("lodged_at", _INSTANT, nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(24), nullable=True),
        sa.Column("answer", sa.String(2000), nullable=False),
        sa.Column("handed_on_to", sa.String(200), nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.Column("answered_by_account_id", Key, nullable=True),
        sa.Column("review_until", sa.Date(), nullable=True),
        sa.Column("suit_until", sa.Date(), nullable=True),
        sa.Column("hire_report_id", Key, nullable=True),
        *(
            sa.CheckConstraint(f"{name} IN ({words})", name=op.f(f"ck_complaint_{name}"))
            for name, words in listed.items()
        ),
        sa.CheckConstraint(
            "to_month IS NULL OR to_month >= from_month", name=op.f("ck_complaint_month_order")
        ),
        sa.CheckConstraint(
            "(state = 'answered') = (outcome IS NOT NULL)", name=op.f("ck_complaint_answered")
        ),
        sa.CheckConstraint(
            "(state = 'answered') = (answer <> '')", name=op.f("ck_complaint_in_writing")
        ),
        *(
            sa.ForeignKeyConstraint([name], [other], name=f"fk_complaint_{name}")
            for name, other in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_complaint"),
        sa.UniqueConstraint("reference", name="uq_complaint_reference"),
        sa.UniqueConstraint("source_key", name="uq_complaint_source_key"),
    )
    op.create_index("ix_complaint_person", "complaint", ["person_id", "lodged_at"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_complaint_open",
        "complaint",
        ["region_code", "answer_by"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    op.drop_table("complaint")
