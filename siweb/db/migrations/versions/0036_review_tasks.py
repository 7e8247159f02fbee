"""Tasks that follow from decided reviews; objections of several insurances; two more states each.

Old code cannot run on it: an objection's one insurance becomes a list.
"""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

REVIEW_STATES = (
    "draft",
    "passed",
    "employer_confirm",
    "to_correct",
    "manual_review",
    "rejected",
)
OBJECTION_STATES = ("open", "upheld", "dismissed")
INSURANCES = ("pension", "medical", "unemployment", "work_injury", "maternity")
KINDS = (
    "correct_month",
    "correct_base",
    "correct_employer",
    "correct_insurances",
    "correct_account",
    "correct_identity",
    "recheck",
    "investigate",
    "back_pay",
)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def _set_states(table: str, states: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_state"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_state"), f"state IN ({listed})")


def upgrade() -> None:
    _set_states("review", (*REVIEW_STATES, "correcting"))
    _set_states("objection", (*OBJECTION_STATES, "corrected", "withdrawn"))
    with op.batch_alter_table("objection") as batch:
        batch.add_column(sa.Column("insurances", sa.JSON(), nullable=True))
    op.execute(sa.text("UPDATE objection SET insurances = '[]' WHERE insurance IS NULL"))
    for insurance in INSURANCES:
        op.execute(
            sa.text(
                f"UPDATE objection SET insurances = '[\"{insurance}\"]' "  # noqa: S608
                f"WHERE insurance = '{insurance}'"
            )
        )
    with op.batch_alter_table("objection") as batch:
        batch.alter_column("insurances", existing_type=sa.JSON(), nullable=False)
        batch.drop_constraint(op.f("ck_objection_insurance"), type_="check")
        batch.drop_column("insurance")
    op.create_table(
        "review_task",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", _words("kind", *KINDS), nullable=False),
        sa.Column("review_id", Key, nullable=False),
        sa.Column("objection_id", Key, nullable=True),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", _words("state", "open", "done"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_account_id", Key, nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("result", _words("result", "done", "doubtful"), nullable=True),
        sa.Column("outcome", sa.String(length=500), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_account_id", Key, nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_review_task_done")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_account_id"], ["account.id"], name="fk_review_task_done_by_account_id"
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objection.id"], name="fk_review_task_objection_id"
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_account_id"], ["account.id"], name="fk_review_task_opened_by_account_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_review_task_person_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_review_task_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review_task"),
        sa.UniqueConstraint("objection_id", name="uq_review_task_objection_id"),
    )
    op.create_index("ix_review_task_person_id", "review_task", ["person_id"], unique=False)
    op.create_index("ix_review_task_review", "review_task", ["review_id"], unique=False)
    op.create_index(
        "ix_review_task_state", "review_task", ["state", "kind", "due_on"], unique=False
    )


def downgrade() -> None:
    for index in ("ix_review_task_state", "ix_review_task_review", "ix_review_task_person_id"):
        op.drop_index(index, table_name="review_task")
    op.drop_table("review_task")
    with op.batch_alter_table("objection") as batch:
        batch.add_column(sa.Column("insurance", sa.String(length=24), nullable=True))
    for insurance in reversed(INSURANCES):
        # Of several the first is kept: the old table has one place.
        op.execute(
            sa.text(
                f"UPDATE objection SET insurance = '{insurance}' "  # noqa: S608
                f"WHERE CAST(insurances AS VARCHAR(200)) LIKE '%\"{insurance}\"%'"
            )
        )
    listed = ", ".join(f"'{insurance}'" for insurance in INSURANCES)
    with op.batch_alter_table("objection") as batch:
        batch.drop_column("insurances")
        batch.create_check_constraint(op.f("ck_objection_insurance"), f"insurance IN ({listed})")
    op.execute(sa.text("UPDATE objection SET state = 'upheld' WHERE state = 'corrected'"))
    op.execute(sa.text("UPDATE objection SET state = 'dismissed' WHERE state = 'withdrawn'"))
    op.execute(sa.text("UPDATE review SET state = 'manual_review' WHERE state = 'correcting'"))
    _set_states("objection", OBJECTION_STATES)
    _set_states("review", REVIEW_STATES)
