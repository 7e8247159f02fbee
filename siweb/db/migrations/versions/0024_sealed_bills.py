"""Bills, their lines and the terms they were worked out by are sealed as well."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BOOKS = ("contribution_record", "account_entry", "fund_entry", "payment", "allocation")
SEALED_NOW = ("bill", "bill_line", "levy_term")


def _set_books(books: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{book}'" for book in books)
    with op.batch_alter_table("day_seal") as batch:
        batch.drop_constraint(op.f("ck_day_seal_book"), type_="check")
        batch.create_check_constraint(op.f("ck_day_seal_book"), f"book IN ({listed})")


def upgrade() -> None:
    _set_books((*BOOKS, *SEALED_NOW))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM day_seal WHERE book IN ('bill', 'bill_line', 'levy_term')"))
    _set_books(BOOKS)
