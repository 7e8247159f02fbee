"""Rows of a bill's months and deferrals are sealed; a deferral says who decided it and what waits.

A month of a bill may stand there twice: what was late since its own due day, and what a notice
changed.
"""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Month = sa.String(7)

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

BOOKS = (
    "contribution_record", "account_entry", "fund_entry", "payment", "allocation", "bill",
    "bill_line", "levy_term",
)  # fmt: skip
SEALED_NOW = ("bill_month", "deferral")
SHARES = ("whole", "employer")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{one}'" for one in words)


def _set_books(books: tuple[str, ...]) -> None:
    with op.batch_alter_table("day_seal") as batch:
        batch.drop_constraint(op.f("ck_day_seal_book"), type_="check")
        batch.create_check_constraint(op.f("ck_day_seal_book"), f"book IN ({_listed(books)})")


def _make_months(*key: sa.schema.SchemaItem) -> None:
    op.create_table(
        "bill_month",
        *key,
        sa.Column("bill_id", Key, nullable=False),
        sa.Column("contribution_month", Month, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_bill_month_amount")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_bill_month_bill_id"),
    )


def _move_months(*key: sa.schema.SchemaItem, read: str) -> None:
    """Make the table anew under another key, with its rows; SQLite changes no key of a table."""
    columns = "bill_id, contribution_month, due_on, amount_fen"
    op.execute("CREATE TABLE bill_month_kept AS SELECT * FROM bill_month")
    op.drop_table("bill_month")
    _make_months(*key)
    op.execute(f"INSERT INTO bill_month ({columns}) {read}")
    op.drop_table("bill_month_kept")


def upgrade() -> None:
    _set_books((*BOOKS, *SEALED_NOW))
    _move_months(
        sa.Column("id", Key, primary_key=True, autoincrement=True, nullable=False),
        sa.UniqueConstraint(
            "bill_id",
            "contribution_month",
            "due_on",
            name="uq_bill_month_bill_id_contribution_month_due_on",
        ),
        read="SELECT bill_id, contribution_month, due_on, amount_fen FROM bill_month_kept "
        "ORDER BY bill_id, contribution_month",
    )
    op.add_column(
        "levy_run", sa.Column("month_facts", sa.JSON(), nullable=False, server_default="{}")
    )
    with op.batch_alter_table("deferral") as batch:
        batch.add_column(sa.Column("decided_by", sa.String(120), nullable=False, server_default=""))
        batch.add_column(
            sa.Column("decision_number", sa.String(80), nullable=False, server_default="")
        )
        batch.add_column(sa.Column("decided_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("share", sa.String(24), nullable=False, server_default="whole"))
        batch.add_column(sa.Column("deferred_fen", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("security", sa.String(200), nullable=False, server_default=""))
        batch.create_check_constraint(op.f("ck_deferral_share"), f"share IN ({_listed(SHARES)})")
        batch.create_check_constraint(op.f("ck_deferral_deferred"), "deferred_fen >= 0")
    with op.batch_alter_table("deferral") as batch:
        for name in ("decided_by", "decision_number", "share", "security"):
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("levy_run") as batch:
        batch.drop_column("month_facts")
    with op.batch_alter_table("deferral") as batch:
        batch.drop_constraint(op.f("ck_deferral_deferred"), type_="check")
        batch.drop_constraint(op.f("ck_deferral_share"), type_="check")
        for name in (
            "security", "deferred_fen", "share", "decided_on", "decision_number", "decided_by",
        ):  # fmt: skip
            batch.drop_column(name)
    # The key before had one due day a month: the first, over all that is owed for it.
    _move_months(
        sa.PrimaryKeyConstraint("bill_id", "contribution_month", name="pk_bill_month"),
        read="SELECT bill_id, contribution_month, min(due_on), sum(amount_fen) "
        "FROM bill_month_kept GROUP BY bill_id, contribution_month",
    )
    op.execute(f"DELETE FROM day_seal WHERE book IN ({_listed(SEALED_NOW)})")  # noqa: S608
    _set_books(BOOKS)
