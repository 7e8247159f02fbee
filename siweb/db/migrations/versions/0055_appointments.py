"""Functions that people hold for agencies take the place of one role that might do everything.

Whoever was "staff" holds every function for the whole office, as before; the office takes away what
is too much. Account.roles goes with it.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FUNCTIONS = (
    "registration",
    "contributions",
    "finance",
    "review",
    "audit",
    "parameters",
    "administration",
)

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    listed = ", ".join(f"'{word}'" for word in FUNCTIONS)
    op.create_table(
        "appointment",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("function", sa.String(24), nullable=False),
        sa.Column("agency_id", Key, nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("made_by_account_id", Key, nullable=True),
        sa.Column("checked_by_account_id", Key, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"function IN ({listed})", name=op.f("ck_appointment_function")),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_appointment_until_after_from")
        ),
        sa.CheckConstraint(
            "made_by_account_id <> checked_by_account_id", name=op.f("ck_appointment_two_people")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_appointment_person_id"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_appointment_agency_id"),
        sa.ForeignKeyConstraint(
            ["made_by_account_id"], ["account.id"], name="fk_appointment_made_by_account_id"
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_account_id"], ["account.id"], name="fk_appointment_checked_by_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_appointment"),
    )
    of_agency = sa.text("ended_at IS NULL AND agency_id IS NOT NULL")
    of_office = sa.text("ended_at IS NULL AND agency_id IS NULL")
    op.create_index(
        "uq_appointment_of_agency",
        "appointment",
        ["person_id", "function", "agency_id"],
        unique=True,
        sqlite_where=of_agency,
        postgresql_where=of_agency,
    )
    op.create_index(
        "uq_appointment_of_office",
        "appointment",
        ["person_id", "function"],
        unique=True,
        sqlite_where=of_office,
        postgresql_where=of_office,
    )
    _create_task(listed)
    _create_office()
    # Made now, since the days before are sealed; held as long as the account is there.
    now = sa.bindparam("now", datetime.now(UTC), type_=sa.DateTime(timezone=True))
    for function in FUNCTIONS:
        op.execute(
            sa.text(
                "INSERT INTO appointment (person_id, function, from_on, made_at)"  # noqa: S608 - fixed words
                f" SELECT person_id, '{function}', date(created_at), :now FROM account"
                """ WHERE CAST(roles AS TEXT) LIKE '%"staff"%'"""
            ).bindparams(now)
        )
    with op.batch_alter_table("account") as table:
        table.drop_column("roles")


def _create_task(listed: str) -> None:
    op.create_table(
        "task",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("function", sa.String(24), nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("because", sa.String(500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("made_by_account_id", Key, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by_account_id", Key, nullable=True),
        sa.Column("answer", sa.String(500), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"function IN ({listed})", name=op.f("ck_task_function")),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'refused', 'withdrawn')", name=op.f("ck_task_state")
        ),
        sa.CheckConstraint(
            "made_by_account_id <> checked_by_account_id", name=op.f("ck_task_two_people")
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'refused')) = (checked_by_account_id IS NOT NULL)",
            name=op.f("ck_task_checked"),
        ),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f("ck_task_closed")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_task_region_code"),
        sa.ForeignKeyConstraint(
            ["made_by_account_id"], ["account.id"], name="fk_task_made_by_account_id"
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_account_id"], ["account.id"], name="fk_task_checked_by_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
        sa.UniqueConstraint("reference", name="uq_task_reference"),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_task_open",
        "task",
        ["function", "region_code", "due_on"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index(
        "uq_task_open",
        "task",
        ["kind", "subject"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _create_office() -> None:
    op.create_table(
        "office",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name_zh", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("mixes_functions", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_one_row")),
        sa.PrimaryKeyConstraint("id", name="pk_office"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("agency") as table:
        table.add_column(sa.Column("hours", sa.String(80), nullable=False, server_default=""))
    with op.batch_alter_table("agency") as table:
        table.alter_column("hours", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("agency") as table:
        table.drop_column("hours")
    op.drop_table("office")
    op.drop_table("task")
    with op.batch_alter_table("account") as table:
        table.add_column(sa.Column("roles", sa.JSON(), nullable=False, server_default="[]"))
    op.execute(
        """UPDATE account SET roles = '["staff"]' WHERE person_id IN"""
        " (SELECT person_id FROM appointment WHERE ended_at IS NULL)"
    )
    with op.batch_alter_table("account") as table:
        table.alter_column("roles", server_default=None)
    op.drop_table("appointment")
