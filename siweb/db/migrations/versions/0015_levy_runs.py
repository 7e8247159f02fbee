"""Levy runs: the employers of a run, what a preview came to, terms for each of several months."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INSURANCES = ("pension", "medical", "unemployment", "work_injury", "maternity")
OLD = {"kind": ("regular", "adjustment"), "state": ("computing", "issued", "cancelled")}
NEW = {
    "kind": ("regular", "adjustment", "preview"),
    "state": ("computing", "shown", "issued", "cancelled"),
}
TERM_KEY = ("levy_run_id", "insurance", "scheme", "injury_class", "injury_tier_ppm")


def _set_words(words: Mapping[str, tuple[str, ...]]) -> None:
    with op.batch_alter_table("levy_run") as batch:
        for column, allowed in words.items():
            listed = ", ".join(f"'{word}'" for word in allowed)
            batch.drop_constraint(op.f(f"ck_levy_run_{column}"), type_="check")
            batch.create_check_constraint(op.f(f"ck_levy_run_{column}"), f"{column} IN ({listed})")


def upgrade() -> None:
    _set_words(NEW)
    with op.batch_alter_table("levy_run") as batch:
        batch.add_column(sa.Column("reason", sa.String(500), nullable=True))
    with op.batch_alter_table("levy_term") as batch:
        batch.add_column(sa.Column("contribution_month", sa.String(7), nullable=True))
    op.execute(
        "UPDATE levy_term SET contribution_month = (SELECT contribution_month FROM levy_run "
        "WHERE levy_run.id = levy_term.levy_run_id)"
    )
    with op.batch_alter_table("levy_term") as batch:
        batch.alter_column("contribution_month", nullable=False)
        batch.drop_constraint("uq_levy_term", type_="unique")
        batch.create_unique_constraint("uq_levy_term", [*TERM_KEY, "contribution_month"])
    _employers()
    _preview()
    _index("employer_id", "region_code", "from_month", "to_month", "person_id")


def _index(*columns: str) -> None:
    op.drop_index("ix_enrolment_employer", "enrolment")
    op.create_index("ix_enrolment_employer", "enrolment", list(columns))


def _employers() -> None:
    op.create_table(
        "levy_employer",
        sa.Column("levy_run_id", Key, nullable=False),
        sa.Column("contribution_month", sa.String(7), nullable=False),
        sa.Column("employer_id", Key, nullable=False),
        sa.Column("injury_class", sa.SmallInteger(), nullable=False),
        sa.Column("injury_tier_ppm", Key, nullable=False),
        sa.Column("last_person_id", Key, nullable=False),
        sa.Column("enrolments", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["levy_run_id"], ["levy_run.id"], name="fk_levy_employer_levy_run_id"
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name="fk_levy_employer_employer_id"
        ),
        sa.PrimaryKeyConstraint(
            "levy_run_id", "contribution_month", "employer_id", name="pk_levy_employer"
        ),
    )


def _preview() -> None:
    op.create_table(
        "levy_preview",
        sa.Column("levy_run_id", Key, nullable=False),
        sa.Column("employer_id", Key, nullable=False),
        sa.Column(
            "insurance",
            sa.Enum(
                *INSURANCES, name="insurance", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("headcount", Key, nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("employer_fen", sa.BigInteger(), nullable=False),
        sa.Column("employee_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["levy_run_id"], ["levy_run.id"], name="fk_levy_preview_levy_run_id"
        ),
        sa.PrimaryKeyConstraint("levy_run_id", "employer_id", "insurance", name="pk_levy_preview"),
    )


def downgrade() -> None:
    _index("employer_id")
    op.drop_table("levy_preview")
    op.drop_table("levy_employer")
    with op.batch_alter_table("levy_term") as batch:
        batch.drop_constraint("uq_levy_term", type_="unique")
        batch.create_unique_constraint("uq_levy_term", list(TERM_KEY))
        batch.drop_column("contribution_month")
    with op.batch_alter_table("levy_run") as batch:
        batch.drop_column("reason")
    _set_words(OLD)
