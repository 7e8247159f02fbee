"""Files of an old system that are brought in: kept as they came, and each the cause of its rows."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = "kind IN ('sheet', 'statement')"
NOW = "kind IN ('sheet', 'statement', 'bring_in')"
OF_THESE = "kind = 'bring_in'"


def upgrade() -> None:
    _hold_kinds(NOW)
    op.create_table(
        "bring_in",
        sa.Column("region_code", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("file_digest", sa.String(64), nullable=False),
        sa.Column("sequence", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("added_rows", Key, nullable=False),
        sa.Column("added_fen", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_account_id", Key, nullable=False),
        sa.Column("checked_by_account_id", Key, nullable=False),
        sa.CheckConstraint("added_rows > 0", name=op.f("ck_bring_in_added_rows")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_bring_in_region_code"),
        sa.PrimaryKeyConstraint(
            "region_code", "kind", "file_digest", "sequence", name="pk_bring_in"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_bring_in_recorded", "bring_in", ["kind", "region_code", "recorded_at"])


def downgrade() -> None:
    op.drop_table("bring_in")
    op.execute(f"DELETE FROM kept_file_piece WHERE {OF_THESE}")  # noqa: S608 - a fixed word
    op.execute(f"DELETE FROM kept_file WHERE {OF_THESE}")  # noqa: S608 - a fixed word
    _hold_kinds(BEFORE)


def _hold_kinds(kinds: str) -> None:
    for table in ("kept_file", "kept_file_piece"):
        name = op.f(f"ck_{table}_kind")
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_="check")
            batch.create_check_constraint(name, kinds)
