"""Issued documents and their public checks."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_window",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", Key, nullable=False),
        sa.PrimaryKeyConstraint("address_hash", "started_at", name=op.f("pk_check_window")),
    )
    op.create_index("ix_check_window_started_at", "check_window", ["started_at"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "review_receipt",
                "filing_receipt",
                "rights_record",
                "contribution_certificate",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("version", Key, nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supersedes_id", Key, nullable=True),
        sa.CheckConstraint(
            "(version = 1) = (supersedes_id IS NULL)", name=op.f("ck_document_version")
        ),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR employer_id IS NOT NULL", name=op.f("ck_document_holder")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_document_employer_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_document_person_id")),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_document_region_code")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["document.id"], name=op.f("fk_document_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_document_code_hash")),
        sa.UniqueConstraint(
            "kind",
            "subject_kind",
            "subject_id",
            "version",
            name=op.f("uq_document_kind_subject_kind_subject_id_version"),
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_document_reference")),
    )
    op.create_index("ix_document_employer", "document", ["employer_id", "issued_at"], unique=False)
    op.create_index("ix_document_person", "document", ["person_id", "issued_at"], unique=False)
    op.create_table(
        "document_check",
        sa.Column("id", Key, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "valid",
                "unknown",
                "revoked",
                "expired",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("document_id", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_check_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_check")),
    )
    op.create_index(
        "ix_document_check_document", "document_check", ["document_id", "checked_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_document_check_document", table_name="document_check")
    op.drop_table("document_check")
    op.drop_index("ix_document_person", table_name="document")
    op.drop_index("ix_document_employer", table_name="document")
    op.drop_table("document")
    op.drop_index("ix_check_window_started_at", table_name="check_window")
    op.drop_table("check_window")
