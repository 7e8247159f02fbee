"""What the office handed to the tax office, with the files as they left."""

import sqlalchemy as sa
from alembic import op

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = "kind IN ('sheet', 'statement', 'bring_in', 'signs', 'evidence', 'evidence_draft')"
NOW = (
    "kind IN ('sheet', 'statement', 'bring_in', 'signs', 'tax_office', 'evidence', "
    "'evidence_draft')"
)


def upgrade() -> None:
    _hold_kinds(NOW)
    op.create_table(
        "tax_office_file",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("contribution_month", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("rows", Key, nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_account_id", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name="fk_tax_office_file_region_code"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_account_id"], ["account.id"], name="fk_tax_office_file_made_by_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tax_office_file"),
        sa.UniqueConstraint(
            "region_code",
            "contribution_month",
            "number",
            name="uq_tax_office_file_region_code_contribution_month_number",
        ),
        sa.UniqueConstraint(
            "region_code",
            "contribution_month",
            "digest",
            name="uq_tax_office_file_region_code_contribution_month_digest",
        ),
    )


def downgrade() -> None:
    op.drop_table("tax_office_file")
    for table in ("kept_file_piece", "kept_file"):
        op.execute(f"DELETE FROM {table} WHERE kind = 'tax_office'")  # noqa: S608 - fixed names
    _hold_kinds(BEFORE)


def _hold_kinds(kinds: str) -> None:
    for table in ("kept_file", "kept_file_piece"):
        name = op.f(f"ck_{table}_kind")
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_="check")
            batch.create_check_constraint(name, kinds)
