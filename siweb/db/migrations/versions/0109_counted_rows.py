"""Late and withdrawn rows of a filing are counted by themselves: few of many thousand."""

import sqlalchemy as sa
from alembic import op

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None

_WITHDRAWN = sa.text("state = 4")


def upgrade() -> None:
    op.create_index(
        "ix_filing_row_late",
        "filing_row",
        ["filing_id"],
        sqlite_where=sa.text("is_late = 1"),
        postgresql_where=sa.text("is_late"),
    )
    op.create_index(
        "ix_filing_row_withdrawn",
        "filing_row",
        ["filing_id"],
        sqlite_where=_WITHDRAWN,
        postgresql_where=_WITHDRAWN,
    )


def downgrade() -> None:
    op.drop_index("ix_filing_row_withdrawn", "filing_row")
    op.drop_index("ix_filing_row_late", "filing_row")
