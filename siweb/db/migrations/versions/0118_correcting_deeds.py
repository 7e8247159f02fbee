"""Benefits that were not due, accounts set right, signs taken back. Going back forgets them."""

import sqlalchemy as sa
from alembic import op

revision = "0118"
down_revision = "0117"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STANDING = sa.text("resumed_at IS NULL")
_STATES = "'active', 'due', 'overdue', 'suspended', 'terminated'"


def upgrade() -> None:
    op.create_table(
        "benefit_withdrawal",
        sa.Column("id", Key, nullable=False),
        sa.Column("benefit_id", Key, nullable=False),
        sa.Column("from_month", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("task_id", Key, nullable=False),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("state_before", sa.String(24), nullable=True),
        sa.Column("resumed_from_month", sa.Integer(), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resuming_task_id", Key, nullable=True),
        sa.CheckConstraint(
            f"state_before IN ({_STATES})", name=op.f("ck_benefit_withdrawal_state_before")
        ),
        sa.CheckConstraint(
            "(stopped_on IS NULL) = (state_before IS NULL)",
            name=op.f("ck_benefit_withdrawal_stopped"),
        ),
        sa.CheckConstraint(
            "(resumed_from_month IS NULL) = (resumed_at IS NULL)"
            " AND (resumed_at IS NULL) = (resuming_task_id IS NULL)",
            name=op.f("ck_benefit_withdrawal_resumed"),
        ),
        sa.CheckConstraint(
            "resumed_from_month >= from_month", name=op.f("ck_benefit_withdrawal_month_order")
        ),
        sa.ForeignKeyConstraint(
            ["benefit_id"], ["benefit.id"], name="fk_benefit_withdrawal_benefit_id"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_benefit_withdrawal_task_id"),
        sa.ForeignKeyConstraint(
            ["resuming_task_id"], ["task.id"], name="fk_benefit_withdrawal_resuming_task_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_benefit_withdrawal"),
    )
    op.create_index("ix_benefit_withdrawal_benefit", "benefit_withdrawal", ["benefit_id"])
    op.create_index(
        "uq_benefit_withdrawal_standing",
        "benefit_withdrawal",
        ["benefit_id"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    op.create_table(
        "account_correction",
        sa.Column("person_id", Key, autoincrement=False, nullable=False),
        sa.Column("entry_number", Key, autoincrement=False, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("corrected_number", Key, nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("task_id", Key, nullable=False),
        sa.CheckConstraint(
            "corrected_number < entry_number", name=op.f("ck_account_correction_corrects_earlier")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "entry_number", "region_code"],
            ["account_entry.person_id", "account_entry.entry_number", "account_entry.region_code"],
            name="fk_account_correction_entry",
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_account_correction_task_id"),
        sa.PrimaryKeyConstraint("person_id", "entry_number", name="pk_account_correction"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("life_sign") as table:
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("withdrawing_task_id", Key, nullable=True))
        table.create_foreign_key(
            "fk_life_sign_withdrawing_task_id", "task", ["withdrawing_task_id"], ["id"]
        )
        table.create_check_constraint(
            op.f("ck_life_sign_withdrawn"),
            "(withdrawn_at IS NULL) = (withdrawing_task_id IS NULL)",
        )


def downgrade() -> None:
    with op.batch_alter_table("life_sign") as table:
        table.drop_constraint(op.f("ck_life_sign_withdrawn"), type_="check")
        table.drop_constraint("fk_life_sign_withdrawing_task_id", type_="foreignkey")
        table.drop_column("withdrawing_task_id")
        table.drop_column("withdrawn_at")
    op.drop_table("account_correction")
    op.drop_table("benefit_withdrawal")
