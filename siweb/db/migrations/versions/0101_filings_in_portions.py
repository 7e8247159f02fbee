"""A long list on SQLite is applied in portions: a state in between, and when the last one began.

Going back keeps what is applied. A filing of which only some rows are would be neither a draft nor
sent, so that this is refused until it has been finished.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("filing") as batch:
        batch.add_column(sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True))
        _hold_states(batch, "draft", "applying", "confirmed")


def downgrade() -> None:
    with op.batch_alter_table("filing") as batch:
        _hold_states(batch, "draft", "confirmed")
        batch.drop_column("applied_at")


def _hold_states(batch: Any, *states: str) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    batch.drop_constraint(op.f("ck_filing_state"), type_="check")
    batch.create_check_constraint(op.f("ck_filing_state"), f"state IN ({listed})")
