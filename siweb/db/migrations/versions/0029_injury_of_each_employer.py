"""Work injury is insured and billed by each employer of a person (Order 13 Art. 9)."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_EMPLOYER = "(CASE WHEN insurance = 'work_injury' THEN coalesce(employer_id, 0) ELSE 0 END)"
_MONTH = ("person_id", "contribution_month", "insurance", "sequence")
_OPEN = ("person_id", "insurance", "region_code")


def upgrade() -> None:
    _make(sa.text(_EMPLOYER))


def downgrade() -> None:
    _make()


def _make(*more: sa.TextClause) -> None:
    op.drop_index("uq_contribution_record_month", "contribution_record")
    op.create_index(
        "uq_contribution_record_month", "contribution_record", [*_MONTH, *more], unique=True
    )
    op.drop_index("uq_enrolment_open", "enrolment")
    op.create_index(
        "uq_enrolment_open",
        "enrolment",
        [*_OPEN, *more],
        unique=True,
        sqlite_where=sa.text("to_month IS NULL"),
        postgresql_where=sa.text("to_month IS NULL"),
    )
