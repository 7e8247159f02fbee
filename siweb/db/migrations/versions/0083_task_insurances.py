"""Which insurances a task is about; NULL: what all have in common. Old code runs on it.

What waits when this comes is told by its kind.
"""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

_PAYING = "pension unemployment work_injury"
_OF = {
    "account.bring_in": "pension",
    "account.send_out": "pension",
    "account.heirs": "pension",
    "pension.approve": "pension",
    "pension.refuse": "pension",
    "transfer.fund": "pension",
    "transfer.refuse": "pension",
    "bring_in.accounts": "pension",
    "employer.injury_rate": "work_injury",
    "benefit.back_pay": _PAYING,
    "bring_in.benefits": _PAYING,
    "bring_in.benefits_paid": _PAYING,
    "bring_in.life_signs": _PAYING,
}


def upgrade() -> None:
    op.add_column("task", sa.Column("insurances", sa.String(60), nullable=True))
    task = sa.table("task", sa.column("kind"), sa.column("state"), sa.column("insurances"))
    for kind, insurances in _OF.items():
        waits = (task.c.kind == kind, task.c.state == "open")
        op.execute(task.update().where(*waits).values(insurances=insurances))


def downgrade() -> None:
    op.drop_column("task", "insurances")
