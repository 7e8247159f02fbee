"""What cannot be collected is written off. Going back forgets it: it is overdue again."""

import sqlalchemy as sa
from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("found", "noticed", "overdue", "deferred", "paid")
_STANDING = sa.text("reinstated_on IS NULL")


def upgrade() -> None:
    _hold((*STATES, "written_off"))
    op.create_table(
        "write_off",
        sa.Column("id", Key, nullable=False),
        sa.Column("arrears_id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(24), nullable=False),
        sa.Column("written_off_on", sa.Date(), nullable=False),
        sa.Column("premium_fen", sa.BigInteger(), nullable=False),
        sa.Column("late_fee_fen", sa.BigInteger(), nullable=False),
        sa.Column("legal_basis", sa.String(200), nullable=False),
        sa.Column("decided_by", sa.String(120), nullable=False),
        sa.Column("written_off_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("task_id", Key, nullable=False),
        sa.Column("reinstated_on", sa.Date(), nullable=True),
        sa.Column("reinstating_task_id", Key, nullable=True),
        sa.CheckConstraint(
            "cause IN ('bankruptcy', 'deregistered')", name=op.f("ck_write_off_cause")
        ),
        sa.CheckConstraint(
            "premium_fen >= 0 AND late_fee_fen >= 0", name=op.f("ck_write_off_amounts")
        ),
        sa.CheckConstraint(
            "premium_fen + late_fee_fen > 0", name=op.f("ck_write_off_of_something")
        ),
        sa.CheckConstraint(
            "(reinstated_on IS NULL) = (reinstating_task_id IS NULL)",
            name=op.f("ck_write_off_reinstated_by"),
        ),
        sa.CheckConstraint("reinstated_on >= written_off_on", name=op.f("ck_write_off_day_order")),
        sa.ForeignKeyConstraint(["arrears_id"], ["arrears.id"], name="fk_write_off_arrears_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_write_off_region_code"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_write_off_task_id"),
        sa.ForeignKeyConstraint(
            ["reinstating_task_id"], ["task.id"], name="fk_write_off_reinstating_task_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_write_off"),
        sa.UniqueConstraint("task_id", name="uq_write_off_task_id"),
    )
    op.create_index(
        "uq_write_off_standing",
        "write_off",
        ["arrears_id"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    op.create_table(
        "write_off_line",
        sa.Column("write_off_id", Key, nullable=False),
        sa.Column("insurance", sa.SmallInteger(), nullable=False),
        sa.Column("premium_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("insurance BETWEEN 1 AND 5", name=op.f("ck_write_off_line_insurance")),
        sa.CheckConstraint("premium_fen > 0", name=op.f("ck_write_off_line_amount")),
        sa.ForeignKeyConstraint(
            ["write_off_id"], ["write_off.id"], name="fk_write_off_line_write_off_id"
        ),
        sa.PrimaryKeyConstraint("write_off_id", "insurance", name="pk_write_off_line"),
    )


def downgrade() -> None:
    op.drop_table("write_off_line")
    op.drop_table("write_off")
    op.execute("UPDATE arrears SET state = 'overdue' WHERE state = 'written_off'")
    _hold(STATES)


def _hold(states: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("arrears") as batch:
        batch.drop_constraint(op.f("ck_arrears_state"), type_="check")
        batch.create_check_constraint(op.f("ck_arrears_state"), f"state IN ({listed})")
