"""What people hand in is kept in the database, sealed, instead of beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

KINDS = "kind IN ('sheet', 'statement')"


def upgrade() -> None:
    op.create_table(
        "kept_file",
        sa.Column("kind", sa.String(24), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_kept_file_kind")),
    )
    op.create_table(
        "kept_file_piece",
        sa.Column("kind", sa.String(24), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind", "digest"],
            ["kept_file.kind", "kept_file.digest"],
            name=op.f("fk_kept_file_piece_kind_digest"),
        ),
        sa.CheckConstraint(KINDS, name=op.f("ck_kept_file_piece_kind")),
    )


def downgrade() -> None:
    op.drop_table("kept_file_piece")
    op.drop_table("kept_file")
