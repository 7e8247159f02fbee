"""Functions that people hold for agencies take the place of one role that might do everything.

Whoever was "staff" holds every function for the whole office, as before; the office takes away what
is too much. Account.roles goes with it.
"""

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

revision = "0050o"
down_revision = "0049"
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
    stands = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_appointment_standing",
        "appointment",
        ["person_id", "function", sa.text("coalesce(agency_id, 0)")],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    for function in FUNCTIONS:
        op.execute(
            "INSERT INTO appointment (person_id, function, from_on, made_at)"  # noqa: S608 - fixed words
            f" SELECT person_id, '{function}', date(created_at), created_at FROM account"
            """ WHERE CAST(roles AS TEXT) LIKE '%"staff"%'"""
        )
    with op.batch_alter_table("account") as table:
        table.drop_column("roles")


def downgrade() -> None:
    with op.batch_alter_table("account") as table:
        table.add_column(sa.Column("roles", sa.JSON(), nullable=False, server_default="[]"))
    op.execute(
        """UPDATE account SET roles = '["staff"]' WHERE person_id IN"""
        " (SELECT person_id FROM appointment WHERE ended_at IS NULL)"
    )
    with op.batch_alter_table("account") as table:
        table.alter_column("roles", server_default=None)
    op.drop_table("appointment")
