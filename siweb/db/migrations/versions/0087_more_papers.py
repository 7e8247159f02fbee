"""Certificates of enrolment and of pension income, and statements of benefits, are papers as well.

Old code does not show them; it runs on it otherwise.
"""

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None

BEFORE = (
    "review_receipt",
    "filing_receipt",
    "rights_record",
    "contribution_certificate",
    "assessment_notice",
    "bill_notice",
)
NEW = ("enrolment_certificate", "pension_certificate", "benefit_statement")


def upgrade() -> None:
    _hold_kinds((*BEFORE, *NEW))


def downgrade() -> None:
    # A paper of a kind that is not known there could be neither shown nor verified.
    listed = ", ".join(f"'{kind}'" for kind in NEW)
    papers = f"SELECT id FROM document WHERE kind IN ({listed})"  # noqa: S608 - words that stand here
    op.execute(sa.text(f"DELETE FROM document_verification WHERE document_id IN ({papers})"))  # noqa: S608
    op.execute(sa.text(f"DELETE FROM document WHERE kind IN ({listed})"))  # noqa: S608
    _hold_kinds(BEFORE)


def _hold_kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("document") as batch:
        batch.drop_constraint(op.f("ck_document_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_document_kind"), f"kind IN ({listed})")
