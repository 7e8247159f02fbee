"""Filings can be withdrawn: who, when, why, and what to put back; drafts have names.

Of filings from before nobody knows what they ended or wrote over: they are corrected, not undone.
A base says when it was withdrawn; no base was so far.
"""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
# Of a large table: microseconds since 1970 on SQLite.
_OF_BASE = _INSTANT.with_variant(sa.BigInteger(), "sqlite")
_CATEGORIES = ("male", "female55", "female50")


def upgrade() -> None:
    _widen("1 AND 4")
    with op.batch_alter_table("filing") as table:
        table.add_column(sa.Column("title", sa.String(60), nullable=False, server_default=""))
        table.add_column(sa.Column("deleted_at", _INSTANT, nullable=True))
        table.add_column(sa.Column("replaces_id", Key, nullable=True))
        table.add_column(
            sa.Column("keeps_before", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.create_foreign_key("fk_filing_replaces_id", "filing", ["replaces_id"], ["id"])
    op.add_column("declared_base", sa.Column("withdrawn_at", _OF_BASE, nullable=True))
    op.create_table(
        "withdrawn_row",
        *_row(),
        sa.Column("withdrawn_at", _INSTANT, nullable=False),
        sa.Column("by_account_id", Key, nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_account_id"], ["account.id"], name="fk_withdrawn_row_by_account_id"
        ),
        *_of_filing("withdrawn_row"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_withdrawn_row_at", "withdrawn_row", ["filing_id", "withdrawn_at"])
    _create_before()


def _create_before() -> None:
    key = ("region_code", "person_id", "insurance", "insuring_employer_id", "from_month")
    op.create_table(
        "enrolment_before",
        *_row(),
        sa.Column("region_code", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", Key, autoincrement=False, nullable=False),
        sa.Column("insurance", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("insuring_employer_id", Key, autoincrement=False, nullable=False),
        sa.Column("from_month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("scheme", sa.SmallInteger(), nullable=False),
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.CheckConstraint("insurance BETWEEN 1 AND 5", name=op.f("ck_enrolment_before_insurance")),
        sa.CheckConstraint("scheme BETWEEN 1 AND 3", name=op.f("ck_enrolment_before_scheme")),
        *_of_filing("enrolment_before", *key, "sequence"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "employment_before",
        *_row(),
        sa.Column("employment_id", Key, nullable=False),
        sa.Column("hired_on", sa.Date(), nullable=False),
        sa.Column("form", sa.String(24), nullable=False),
        sa.Column("declared_name", sa.String(100), nullable=True),
        *_of_filing("employment_before"),
        sqlite_with_rowid=False,
    )
    listed = ", ".join(f"'{word}'" for word in _CATEGORIES)
    op.create_table(
        "person_before",
        *_row(),
        sa.Column("had_no_mobile", sa.Boolean(), nullable=False),
        sa.Column("retirement_category", sa.String(24), nullable=True),
        sa.CheckConstraint(
            f"retirement_category IN ({listed})", name=op.f("ck_person_before_retirement_category")
        ),
        *_of_filing("person_before"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    withdrawn = sa.text("SELECT count(*) FROM declared_base WHERE withdrawn_at IS NOT NULL")
    if op.get_bind().scalar(withdrawn):
        raise RuntimeError("bases were withdrawn: the version before would bill by them")
    # The version before applies nothing of a refused row either.
    op.execute("UPDATE filing_row SET state = 2 WHERE state = 4")
    for name in ("person_before", "employment_before", "enrolment_before"):
        op.drop_table(name)
    op.drop_index("ix_withdrawn_row_at", "withdrawn_row")
    op.drop_table("withdrawn_row")
    op.drop_column("declared_base", "withdrawn_at")
    with op.batch_alter_table("filing") as table:
        table.drop_constraint("fk_filing_replaces_id", type_="foreignkey")
        for name in ("keeps_before", "replaces_id", "deleted_at", "title"):
            table.drop_column(name)
    _widen("1 AND 3")


def _row() -> tuple[sa.Column[int], ...]:
    return (
        sa.Column("filing_id", Key, autoincrement=False, nullable=False),
        sa.Column("position", Key, autoincrement=False, nullable=False),
    )


def _of_filing(table: str, *more: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name=f"fk_{table}_filing_id"),
        sa.PrimaryKeyConstraint("filing_id", "position", *more, name=f"pk_{table}"),
    )


def _widen(numbers: str) -> None:
    """Let the state of a row be one of these numbers."""
    name = op.f("ck_filing_row_state")
    with op.batch_alter_table("filing_row") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"state BETWEEN {numbers}")
