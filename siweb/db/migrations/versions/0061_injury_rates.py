"""Decisions on the rate for work injury of an employer: from a month on, by two people."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "injury_rate",
        sa.Column("employer_id", Key, nullable=False, autoincrement=False),
        sa.Column("from_month", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("decision_number", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("injury_class", sa.SmallInteger(), nullable=False),
        sa.Column("injury_tier_ppm", Key, nullable=False),
        sa.Column("basis", sa.String(500), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_account_id", Key, nullable=False),
        sa.Column("checked_by_account_id", Key, nullable=False),
        sa.CheckConstraint(
            "injury_class BETWEEN 1 AND 8", name=op.f("ck_injury_rate_injury_class")
        ),
        sa.CheckConstraint("injury_tier_ppm > 0", name=op.f("ck_injury_rate_injury_tier")),
        sa.CheckConstraint("decision_number > 0", name=op.f("ck_injury_rate_decision_number")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name="fk_injury_rate_employer_id"
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name="fk_injury_rate_region_code"
        ),
        sa.PrimaryKeyConstraint(
            "employer_id", "from_month", "decision_number", name="pk_injury_rate"
        ),
        sqlite_with_rowid=False,
    )


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_injury_rate_{name}"))


def downgrade() -> None:
    op.drop_table("injury_rate")
