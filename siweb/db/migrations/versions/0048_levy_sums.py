"""What a levy comes to by payer is kept batch by batch; its exceptions are found by an index.

Old code runs on it: a table and two indexes are added. A run under way keeps the sums of what it
wrote so far, so that it can be finished.
"""

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSURANCES = ("pension", "medical", "unemployment", "work_injury", "maternity")

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_SUMS = """
INSERT INTO levy_sum (levy_run_id, through_person_id, employer_id, person_id, insurance, headcount,
  new_heads, records, last_month, base_fen, employer_fen, employee_fen)
SELECT sums.levy_run_id, sums.done, sums.employer_id, sums.person_id, sums.insurance,
  sums.headcount, CASE WHEN sums.insurance = heads.first_insurance THEN heads.heads ELSE 0 END,
  sums.records, sums.last_month, sums.base_fen, sums.employer_fen, sums.employee_fen
FROM (
  SELECT r.levy_run_id, u.done_through_person_id AS done, coalesce(r.employer_id, 0) AS employer_id,
    CASE WHEN r.employer_id IS NULL THEN r.person_id ELSE 0 END AS person_id, r.insurance,
    count(DISTINCT r.person_id) AS headcount, count(*) AS records,
    max(r.contribution_month) AS last_month, sum(r.base_fen) AS base_fen,
    sum(r.employer_fen) AS employer_fen, sum(r.employee_fen) AS employee_fen
  FROM contribution_record r JOIN levy_run u ON u.id = r.levy_run_id
  WHERE u.state = 'computing' AND r.id > u.after_record_id
  GROUP BY 1, 2, 3, 4, 5
) sums JOIN (
  SELECT r.levy_run_id, coalesce(r.employer_id, 0) AS employer_id,
    CASE WHEN r.employer_id IS NULL THEN r.person_id ELSE 0 END AS person_id,
    count(DISTINCT r.person_id) AS heads, min(r.insurance) AS first_insurance
  FROM contribution_record r JOIN levy_run u ON u.id = r.levy_run_id
  WHERE u.state = 'computing' AND r.id > u.after_record_id
  GROUP BY 1, 2, 3
) heads ON heads.levy_run_id = sums.levy_run_id AND heads.employer_id = sums.employer_id
  AND heads.person_id = sums.person_id
"""


def upgrade() -> None:
    listed = ", ".join(f"'{word}'" for word in INSURANCES)
    op.create_table(
        "levy_sum",
        sa.Column("levy_run_id", Key, nullable=False),
        sa.Column("through_person_id", Key, autoincrement=False, nullable=False),
        sa.Column("employer_id", Key, autoincrement=False, nullable=False),
        sa.Column("person_id", Key, autoincrement=False, nullable=False),
        sa.Column("insurance", sa.String(24), nullable=False),
        sa.Column("headcount", Key, nullable=False),
        sa.Column("new_heads", Key, nullable=False),
        sa.Column("records", Key, nullable=False),
        sa.Column("last_month", sa.String(7), nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("employer_fen", sa.BigInteger(), nullable=False),
        sa.Column("employee_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"insurance IN ({listed})", name=op.f("ck_levy_sum_insurance")),
        sa.ForeignKeyConstraint(["levy_run_id"], ["levy_run.id"], name="fk_levy_sum_levy_run_id"),
        sa.PrimaryKeyConstraint(
            "levy_run_id",
            "through_person_id",
            "employer_id",
            "person_id",
            "insurance",
            name="pk_levy_sum",
        ),
        sqlite_with_rowid=False,
    )
    op.execute(_SUMS)
    has_end, has_insurance = sa.text("to_month IS NOT NULL"), sa.text("insurance IS NOT NULL")
    op.create_index(
        "ix_enrolment_ended",
        "enrolment",
        ["region_code", "to_month", "person_id"],
        sqlite_where=has_end,
        postgresql_where=has_end,
    )
    op.create_index(
        "ix_declared_base_own",
        "declared_base",
        ["person_id"],
        sqlite_where=has_insurance,
        postgresql_where=has_insurance,
    )


def downgrade() -> None:
    op.drop_index("ix_declared_base_own", "declared_base")
    op.drop_index("ix_enrolment_ended", "enrolment")
    op.drop_table("levy_sum")
