"""Sign-ins that end with a death; receipts of filings that close with the mandate."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

CHECK = "ck_sign_in_session_end_reason"
REASONS = ("signed_out", "revoked", "idle", "expired", "password_changed")


def upgrade() -> None:
    _allow((*REASONS, "died"))
    # The receipt of a filing is the employer's: the person who got it may read it while acting.
    op.execute(
        "UPDATE document SET employer_id = (SELECT filing.employer_id FROM filing"
        " WHERE filing.document_id = document.id) WHERE kind = 'filing_receipt'"
        " AND EXISTS (SELECT 1 FROM filing WHERE filing.document_id = document.id)"
    )


def downgrade() -> None:
    sign_ins = sa.table("sign_in_session", sa.column("end_reason", sa.String))
    op.execute(
        sign_ins.update().where(sign_ins.c.end_reason == "died").values(end_reason="revoked")
    )
    _allow(REASONS)


def _allow(reasons: tuple[str, ...]) -> None:
    words = ", ".join(f"'{reason}'" for reason in reasons)
    with op.batch_alter_table("sign_in_session") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), f"end_reason IN ({words})")
