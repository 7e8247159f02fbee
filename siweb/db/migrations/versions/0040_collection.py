"""Levy runs and their bills; records name the run that billed them."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0040"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "levy_run",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("contribution_month", sa.String(length=7), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "regular",
                "adjustment",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("sequence", sa.SmallInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "computing",
                "issued",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("late_fee_waived_until", sa.Date(), nullable=True),
        sa.Column("done_through_person_id", Key, nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_account_id", Key, nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(contribution_month) = 7", name="ck_levy_run_month_shape"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_levy_run_region_code"),
        sa.PrimaryKeyConstraint("id", name="pk_levy_run"),
        sa.UniqueConstraint(
            "region_code",
            "contribution_month",
            "kind",
            "sequence",
            name="uq_levy_run_region_code_contribution_month_kind_sequence",
        ),
    )
    op.create_index("ix_levy_run_state", "levy_run", ["state"], unique=False)
    op.create_table(
        "bill",
        sa.Column("id", Key, nullable=False),
        sa.Column("levy_run_id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("contribution_month", sa.String(length=7), nullable=False),
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("bank_reference", sa.BigInteger(), nullable=True),
        sa.Column("headcount", Key, nullable=False),
        sa.Column("employer_fen", sa.BigInteger(), nullable=False),
        sa.Column("employee_fen", sa.BigInteger(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(employer_id IS NULL) <> (person_id IS NULL)", name="ck_bill_one_payer"
        ),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_bill_employer_id"),
        sa.ForeignKeyConstraint(["levy_run_id"], ["levy_run.id"], name="fk_bill_levy_run_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_bill_person_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_bill_region_code"),
        sa.PrimaryKeyConstraint("id", name="pk_bill"),
        sa.UniqueConstraint("bank_reference", name="uq_bill_bank_reference"),
        sa.UniqueConstraint("levy_run_id", "employer_id", name="uq_bill_levy_run_id_employer_id"),
        sa.UniqueConstraint("levy_run_id", "person_id", name="uq_bill_levy_run_id_person_id"),
    )
    op.create_index("ix_bill_employer", "bill", ["employer_id", "contribution_month"], unique=False)
    op.create_index("ix_bill_person", "bill", ["person_id", "contribution_month"], unique=False)
    op.create_table(
        "levy_term",
        sa.Column("id", Key, nullable=False),
        sa.Column("levy_run_id", Key, nullable=False),
        sa.Column(
            "insurance",
            sa.Enum(
                "pension",
                "medical",
                "unemployment",
                "work_injury",
                "maternity",
                name="insurance",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "scheme",
            sa.Enum(
                "employee",
                "flexible",
                "resident",
                name="scheme",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("injury_class", sa.SmallInteger(), nullable=False),
        sa.Column("injury_tier_ppm", Key, nullable=False),
        sa.Column("base_floor_fen", sa.BigInteger(), nullable=False),
        sa.Column("base_ceiling_fen", sa.BigInteger(), nullable=False),
        sa.Column("employer_ppm", Key, nullable=False),
        sa.Column("employee_ppm", Key, nullable=False),
        sa.Column("account_ppm", Key, nullable=False),
        sa.Column("employer_addition_fen", sa.BigInteger(), nullable=False),
        sa.Column("employee_addition_fen", sa.BigInteger(), nullable=False),
        sa.Column("rounding", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "base_ceiling_fen >= base_floor_fen", name="ck_levy_term_floor_below_ceiling"
        ),
        sa.ForeignKeyConstraint(["levy_run_id"], ["levy_run.id"], name="fk_levy_term_levy_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_levy_term"),
        sa.UniqueConstraint(
            "levy_run_id",
            "insurance",
            "scheme",
            "injury_class",
            "injury_tier_ppm",
            name="uq_levy_term",
        ),
    )
    op.create_table(
        "bill_line",
        sa.Column("id", Key, nullable=False),
        sa.Column("bill_id", Key, nullable=False),
        sa.Column(
            "insurance",
            sa.Enum(
                "pension",
                "medical",
                "unemployment",
                "work_injury",
                "maternity",
                name="insurance",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("headcount", Key, nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("employer_fen", sa.BigInteger(), nullable=False),
        sa.Column("employee_fen", sa.BigInteger(), nullable=False),
        sa.Column("rounding_fen", sa.BigInteger(), nullable=False),
        sa.Column("rounding", sa.String(length=16), nullable=True),
        sa.Column("scope", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_bill_line_bill_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bill_line"),
        sa.UniqueConstraint("bill_id", "insurance", name="uq_bill_line_bill_id_insurance"),
    )
    op.add_column(
        "contribution_record",
        sa.Column("levy_run_id", Key, sa.ForeignKey("levy_run.id"), nullable=True),
        inline_references=True,
    )


def downgrade() -> None:
    with op.batch_alter_table("contribution_record") as table:
        table.drop_column("levy_run_id")
    op.drop_table("bill_line")
    op.drop_table("levy_term")
    op.drop_index("ix_bill_person", table_name="bill")
    op.drop_index("ix_bill_employer", table_name="bill")
    op.drop_table("bill")
    op.drop_index("ix_levy_run_state", table_name="levy_run")
    op.drop_table("levy_run")
