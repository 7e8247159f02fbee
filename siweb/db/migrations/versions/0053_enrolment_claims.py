"""One open enrolment a person and insurance, whatever region: claimed in a table beside them.

Where somebody is open in two regions already, the first of them has the claim; `siweb check` names
the other until one of the regions ends it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CLAIM = """
INSERT INTO enrolment_claim (person_id, insurance, employer_id, region_code)
SELECT person_id, insurance, insuring_employer_id, region_code
FROM enrolment WHERE to_month IS NULL
ORDER BY from_month, region_code
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.create_table(
        "enrolment_claim",
        sa.Column("person_id", Key, primary_key=True, autoincrement=False),
        sa.Column("insurance", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("employer_id", Key, primary_key=True, autoincrement=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.CheckConstraint("insurance BETWEEN 1 AND 5", name=op.f("ck_enrolment_claim_insurance")),
        sqlite_with_rowid=False,
    )
    op.execute(CLAIM)


def downgrade() -> None:
    op.drop_table("enrolment_claim")
