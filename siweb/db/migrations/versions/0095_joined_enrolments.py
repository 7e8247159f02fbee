"""What went on under another key when two were joined. Old code runs on it and writes none."""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "joined_enrolment",
        sa.Column("former_id", Key, primary_key=True, autoincrement=False),
        sa.Column("person_id", Key, primary_key=True, autoincrement=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("region_code", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("insurance", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("insuring_employer_id", Key, primary_key=True, autoincrement=False),
        sa.Column("from_month", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.CheckConstraint("insurance BETWEEN 1 AND 5", name=op.f("ck_joined_enrolment_insurance")),
        sa.ForeignKeyConstraint(["former_id"], ["person.id"], name="fk_joined_enrolment_former_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_joined_enrolment_person_id"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("joined_enrolment")
