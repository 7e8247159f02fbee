"""A yearly review of medical status, what is examined in it, and the task that sets it right.

Going back drops these reviews: older code knows neither their kind nor what they ask.
"""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

KINDS = ("record_check", "base_choice", "certification")
PROBLEMS = (
    "missing", "wrong_base", "not_my_employer", "insurances", "account", "name_differs",
    "personal_data",
)  # fmt: skip
TASKS = (
    "correct_month", "correct_base", "correct_employer", "correct_insurances", "correct_account",
    "correct_identity", "recheck", "investigate", "back_pay",
)  # fmt: skip
OF_STATUS = (
    "SELECT review.id FROM review JOIN campaign ON campaign.id = review.campaign_id "
    "WHERE campaign.kind = 'medical_status'"
)


def upgrade() -> None:
    _hold("campaign", "kind", (*KINDS, "medical_status"))
    _hold("objection", "problem", (*PROBLEMS, "medical_status", "medical_relief"))
    _hold("review_task", "kind", (*TASKS, "correct_status"))


def downgrade() -> None:
    # What hangs on a case goes first: a row never refers to one that is gone.
    for table in ("review_task", "objection", "evidence_file", "review_event"):
        op.execute(sa.text(f"DELETE FROM {table} WHERE review_id IN ({OF_STATUS})"))  # noqa: S608
    op.execute(sa.text(f"DELETE FROM review WHERE id IN ({OF_STATUS})"))  # noqa: S608
    op.execute(sa.text("DELETE FROM campaign WHERE kind = 'medical_status'"))
    _hold("campaign", "kind", KINDS)
    _hold("objection", "problem", PROBLEMS)
    _hold("review_task", "kind", TASKS)


def _hold(table: str, column: str, words: tuple[str, ...]) -> None:
    listed, name = ", ".join(f"'{word}'" for word in words), f"ck_{table}_{column}"
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(name), type_="check")
        batch.create_check_constraint(op.f(name), f"{column} IN ({listed})")
