"""Rows without a value stay out of the indexes that lead with it (siweb/db/base.py says why)."""

import sqlalchemy as sa
from alembic import op

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None

INDEXES = (
    ("activity", "ix_activity_employer", ("employer_id", "at")),
    ("activity", "ix_activity_person", ("person_id", "at")),
    ("document", "ix_document_employer", ("employer_id", "issued_at")),
    ("document", "ix_document_person", ("person_id", "issued_at")),
    ("hire_report", "ix_hire_report_sender", ("reported_by_person_id",)),
    ("payment", "ix_payment_employer", ("employer_id",)),
    ("payment", "ix_payment_origin", ("origin_payment_id",)),
    ("payment", "ix_payment_person", ("person_id",)),
    ("payout", "ix_payout_person", ("person_id",)),
    ("document_verification", "ix_document_verification_document", ("document_id", "verified_at")),
    ("held_entry", "ix_held_entry_payment", ("payment_id",)),
    ("message", "ix_message_employer", ("employer_id", "made_at")),
    ("message", "ix_message_person", ("person_id", "made_at")),
    ("review", "ix_review_helper_account_id", ("helper_account_id",)),
    ("bill", "ix_bill_employer", ("employer_id", "contribution_month")),
    ("bill", "ix_bill_person", ("person_id", "contribution_month")),
    ("evidence_file", "ix_evidence_file_complaint_id", ("complaint_id",)),
    ("evidence_file", "ix_evidence_file_review_id", ("review_id",)),
    ("evidence_file", "ix_evidence_file_task_id", ("task_id",)),
    ("filing_row", "ix_filing_row_person", ("person_id",)),
    ("objection", "ix_objection_employer", ("employer_id", "state")),
    ("evidence_paper", "ix_evidence_paper_mandate_id", ("mandate_id",)),
    ("evidence_paper", "ix_evidence_paper_message_service_id", ("message_service_id",)),
    ("evidence_paper", "ix_evidence_paper_task_id", ("task_id",)),
    ("evidence_paper", "ix_evidence_paper_transfer_event_id", ("transfer_event_id",)),
)


def upgrade() -> None:
    for table, name, columns in INDEXES:
        op.drop_index(name, table)
        given = sa.text(f"{columns[0]} IS NOT NULL")
        op.create_index(name, table, list(columns), sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    for table, name, columns in INDEXES:
        op.drop_index(name, table)
        op.create_index(name, table, list(columns))
