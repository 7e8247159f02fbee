"""Imported parameter packs, every version of them."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parameter_pack",
        sa.Column("id", Key, nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_account_id", Key, nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "region = 'CN' OR length(region) = 6", name=op.f("ck_parameter_pack_region_code")
        ),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_parameter_pack_digest_sha256")),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at >= imported_at",
            name=op.f("ck_parameter_pack_superseded_after"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_parameter_pack"),
    )
    op.create_index(
        "ix_parameter_pack_region", "parameter_pack", ["region", "imported_at"], unique=False
    )
    op.create_index(
        "uq_parameter_pack_in_force",
        "parameter_pack",
        ["region"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_parameter_pack_in_force",
        table_name="parameter_pack",
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_index("ix_parameter_pack_region", table_name="parameter_pack")
    op.drop_table("parameter_pack")
