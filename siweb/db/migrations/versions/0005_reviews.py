"""Campaigns, reviews, their timeline and objections."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "record_check",
                "base_choice",
                "certification",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("period_from_month", sa.String(length=7), nullable=False),
        sa.Column("period_to_month", sa.String(length=7), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "closes_on IS NULL OR closes_on >= opens_on", name=op.f("ck_campaign_closes_after")
        ),
        sa.CheckConstraint("period_from_month <= period_to_month", name=op.f("ck_campaign_period")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_campaign_region_code"),
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
        sa.UniqueConstraint(
            "region_code", "kind", "year", name="uq_campaign_region_code_kind_year"
        ),
    )
    op.create_table(
        "review",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("campaign_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "passed",
                "employer_confirm",
                "to_correct",
                "manual_review",
                "rejected",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=True),
        sa.Column("helper_account_id", Key, nullable=True),
        sa.Column("helper_name", sa.String(length=100), nullable=True),
        sa.Column("document_id", Key, nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("round >= 1", name=op.f("ck_review_round")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_review_campaign_id"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_review_document_id"),
        sa.ForeignKeyConstraint(
            ["helper_account_id"], ["account.id"], name="fk_review_helper_account_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_review_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.UniqueConstraint(
            "campaign_id", "person_id", "round", name="uq_review_campaign_id_person_id_round"
        ),
        sa.UniqueConstraint("reference", name="uq_review_reference"),
    )
    op.create_index("ix_review_helper_account_id", "review", ["helper_account_id"], unique=False)
    op.create_index("ix_review_person", "review", ["person_id"], unique=False)
    op.create_index("ix_review_state", "review", ["state", "submitted_at"], unique=False)
    op.create_table(
        "objection",
        sa.Column("id", Key, nullable=False),
        sa.Column("review_id", Key, nullable=False),
        sa.Column(
            "problem",
            sa.Enum(
                "missing",
                "wrong_base",
                "not_my_employer",
                "insurances",
                "account",
                "name_differs",
                "personal_data",
                name="problem",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "insurance",
            sa.Enum(
                "pension",
                "medical",
                "unemployment",
                "work_injury",
                "maternity",
                name="insurance",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("contribution_month", sa.String(length=7), nullable=True),
        sa.Column("claimed_base_fen", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("found_by_office", sa.Boolean(), nullable=False),
        sa.Column("employer_id", Key, nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "upheld",
                "dismissed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_objection_employer_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_objection_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_objection"),
    )
    op.create_index("ix_objection_employer", "objection", ["employer_id", "state"], unique=False)
    op.create_index("ix_objection_review_id", "objection", ["review_id"], unique=False)
    op.create_table(
        "review_event",
        sa.Column("id", Key, nullable=False),
        sa.Column("review_id", Key, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_state", sa.String(length=24), nullable=True),
        sa.Column("to_state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("account_id", Key, nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_review_event_account_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_review_event_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review_event"),
    )
    op.create_index("ix_review_event_review", "review_event", ["review_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_review_event_review", table_name="review_event")
    op.drop_table("review_event")
    op.drop_index("ix_objection_review_id", table_name="objection")
    op.drop_index("ix_objection_employer", table_name="objection")
    op.drop_table("objection")
    op.drop_index("ix_review_state", table_name="review")
    op.drop_index("ix_review_person", table_name="review")
    op.drop_index("ix_review_helper_account_id", table_name="review")
    op.drop_table("review")
    op.drop_table("campaign")
