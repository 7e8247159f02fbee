"""A bill is a paper of its own kind."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS = (
    "review_receipt",
    "filing_receipt",
    "rights_record",
    "contribution_certificate",
    "assessment_notice",
)


def _set_kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("document") as batch:
        batch.drop_constraint(op.f("ck_document_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_document_kind"), f"kind IN ({listed})")


def upgrade() -> None:
    _set_kinds((*KINDS, "bill_notice"))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM document_check WHERE document_id IN"
                       " (SELECT id FROM document WHERE kind = 'bill_notice')"))  # fmt: skip
    op.execute("DELETE FROM document WHERE kind = 'bill_notice'")
    _set_kinds(KINDS)
