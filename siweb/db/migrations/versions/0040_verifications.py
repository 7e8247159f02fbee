"""Papers are verified, not checked: the tables say the word of the pages.

Verifications noted so far are kept.
"""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

RESULTS = ("valid", "unknown", "revoked", "expired")


def upgrade() -> None:
    _make_tables("document_verification", "verified_at", "verification_window", "verifications")
    _move("document_check", "checked_at", "document_verification", "verified_at")
    op.drop_table("document_check")
    op.drop_table("check_window")


def downgrade() -> None:
    _make_tables("document_check", "checked_at", "check_window", "checks")
    _move("document_verification", "verified_at", "document_check", "checked_at")
    op.drop_table("document_verification")
    op.drop_table("verification_window")


def _make_tables(table: str, instant: str, window: str, number: str) -> None:
    op.create_table(
        window,
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(number, Key, nullable=False),
        sa.PrimaryKeyConstraint("address_hash", "started_at", name=op.f(f"pk_{window}")),
    )
    op.create_index(f"ix_{window}_started_at", window, ["started_at"])
    op.create_table(
        table,
        sa.Column("id", Key, nullable=False),
        sa.Column(instant, sa.DateTime(timezone=True), nullable=False),
        sa.Column("address_hash", sa.String(64), nullable=False),
        sa.Column(
            "result",
            sa.Enum(*RESULTS, name="result", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("document_id", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f(f"fk_{table}_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_document", table, ["document_id", instant])


def _move(old: str, old_instant: str, new: str, new_instant: str) -> None:
    # Windows of ten minutes are not worth moving; who verified a paper is shown to its holder.
    source, target = (
        sa.table(
            name,
            sa.column(instant),
            sa.column("address_hash"),
            sa.column("result"),
            sa.column("document_id"),
        )
        for name, instant in ((old, old_instant), (new, new_instant))
    )
    rows = sa.select(*source.c).order_by(source.c[old_instant])
    op.execute(target.insert().from_select([column.name for column in target.c], rows))
