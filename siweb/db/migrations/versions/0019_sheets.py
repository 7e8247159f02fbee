"""Filings from sheets: the file, how far it is read, what it comes to, what was left of another."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("filing") as batch:
        batch.add_column(sa.Column("file_name", sa.String(200), nullable=True))
        batch.add_column(sa.Column("content_hash", sa.String(64), nullable=True))
        batch.add_column(sa.Column("defaults", sa.JSON(), nullable=True))
        batch.add_column(
            sa.Column("done_through_row", Key, nullable=False, server_default=sa.text("0"))
        )
        batch.add_column(sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("refusal", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("totals", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("rest_of_id", Key, nullable=True))
        batch.create_foreign_key("fk_filing_rest_of_id", "filing", ["rest_of_id"], ["id"])
        batch.create_unique_constraint(
            "uq_filing_employer_id_kind_content_hash", ["employer_id", "kind", "content_hash"]
        )


def downgrade() -> None:
    with op.batch_alter_table("filing") as batch:
        batch.drop_constraint("uq_filing_employer_id_kind_content_hash", type_="unique")
        batch.drop_constraint("fk_filing_rest_of_id", type_="foreignkey")
        for name in (
            "rest_of_id",
            "totals",
            "refusal",
            "read_at",
            "done_through_row",
            "defaults",
            "content_hash",
            "file_name",
        ):
            batch.drop_column(name)
