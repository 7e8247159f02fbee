"""Drafts and answers of multi-page forms."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", Key, nullable=False),
        sa.Column("definition", sa.String(length=48), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "submitted",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_draft_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint(
            "definition",
            "subject_kind",
            "subject_id",
            name="uq_draft_definition_subject_kind_subject_id",
        ),
    )
    op.create_index("ix_draft_account", "draft", ["account_id", "state"], unique=False)
    op.create_table(
        "draft_answer",
        sa.Column("id", Key, nullable=False),
        sa.Column("draft_id", Key, nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("version", Key, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_draft_answer_version")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name="fk_draft_answer_draft_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_draft_answer"),
        sa.UniqueConstraint("draft_id", "step", name="uq_draft_answer_draft_id_step"),
    )


def downgrade() -> None:
    op.drop_table("draft_answer")
    op.drop_index("ix_draft_account", table_name="draft")
    op.drop_table("draft")
