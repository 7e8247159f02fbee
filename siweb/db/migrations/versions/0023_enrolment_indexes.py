"""Enrolments are found by person or by employer: an index by region made every hire dearer."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_enrolment_levy", "enrolment")


def downgrade() -> None:
    op.create_index(
        "ix_enrolment_levy", "enrolment", ["region_code", "insurance", "scheme", "from_month"]
    )
