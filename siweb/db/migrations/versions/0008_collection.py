"""Levy runs, bills, payments, assessments and arrears; records name the run that billed them."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_mapping",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("bank", sa.String(length=40), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_account_id", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name="fk_bank_mapping_region_code"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bank_mapping"),
        sa.UniqueConstraint("region_code", "bank", name="uq_bank_mapping_region_code_bank"),
    )
    op.create_table(
        "bank_statement",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "csv",
                "camt_053",
                name="format",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("bank", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("entries", Key, nullable=False),
        sa.Column("done_entries", Key, nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_account_id", Key, nullable=True),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name="fk_bank_statement_region_code"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bank_statement"),
        sa.UniqueConstraint(
            "region_code", "content_hash", name="uq_bank_statement_region_code_content_hash"
        ),
    )
    op.create_table(
        "levy_run",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("contribution_month", sa.String(length=7), nullable=False),
        sa.Column("through_month", sa.String(length=7), nullable=False),
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
        sa.Column("after_record_id", Key, nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_account_id", Key, nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(contribution_month) = 7", name=op.f("ck_levy_run_month_shape")),
        sa.CheckConstraint(
            "through_month >= contribution_month", name=op.f("ck_levy_run_month_order")
        ),
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
        "assessment",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "unregistered",
                "undeclared",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("employer_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("from_month", sa.String(length=7), nullable=False),
        sa.Column("to_month", sa.String(length=7), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("facts", sa.String(length=2000), nullable=False),
        sa.Column("amounts", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.String(length=2000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "decided",
                "dropped",
                "settled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("hearing_until", sa.Date(), nullable=False),
        sa.Column("employer_statement", sa.String(length=4000), nullable=True),
        sa.Column("proposed_by_account_id", Key, nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_account_id", Key, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=2000), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decided_by_account_id IS NULL OR decided_by_account_id <> proposed_by_account_id",
            name=op.f("ck_assessment_two_people"),
        ),
        sa.CheckConstraint("to_month >= from_month", name=op.f("ck_assessment_month_order")),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_assessment_employer_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_assessment_person_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_assessment_region_code"),
        sa.PrimaryKeyConstraint("id", name="pk_assessment"),
        sa.UniqueConstraint("reference", name="uq_assessment_reference"),
    )
    op.create_index(
        "ix_assessment_employer", "assessment", ["employer_id", "from_month"], unique=False
    )
    op.create_index("ix_assessment_state", "assessment", ["region_code", "state"], unique=False)
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
            "base_ceiling_fen >= base_floor_fen", name=op.f("ck_levy_term_floor_below_ceiling")
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
        "payment",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "transfer",
                "gateway",
                "tax",
                "credit",
                "refund",
                "reversal",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("payer_name", sa.String(length=200), nullable=False),
        sa.Column("payer_account", sa.String(length=40), nullable=False),
        sa.Column("remittance", sa.String(length=500), nullable=False),
        sa.Column("entry_key", sa.String(length=64), nullable=False),
        sa.Column("statement_id", Key, nullable=True),
        sa.Column("origin_payment_id", Key, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_account_id", Key, nullable=True),
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("person_id", Key, nullable=True),
        sa.Column(
            "matched_by",
            sa.Enum(
                "reference",
                "amount",
                "payer",
                "staff",
                name="matched_by",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("unallocated_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(kind = 'credit') = (amount_fen = 0)", name=op.f("ck_payment_credit")),
        sa.CheckConstraint(
            "(kind IN ('refund', 'reversal')) = (origin_payment_id IS NOT NULL)",
            name=op.f("ck_payment_origin"),
        ),
        sa.CheckConstraint(
            "(origin_payment_id IS NOT NULL) = (amount_fen < 0)", name=op.f("ck_payment_sign")
        ),
        sa.CheckConstraint(
            "employer_id IS NULL OR person_id IS NULL", name=op.f("ck_payment_one_payer")
        ),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_payment_employer_id"),
        sa.ForeignKeyConstraint(
            ["origin_payment_id"], ["payment.id"], name="fk_payment_origin_payment_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_payment_person_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_payment_region_code"),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["bank_statement.id"], name="fk_payment_statement_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment"),
        sa.UniqueConstraint("entry_key", name="uq_payment_entry_key"),
    )
    op.create_index("ix_payment_employer", "payment", ["employer_id"], unique=False)
    op.create_index("ix_payment_left", "payment", ["region_code", "unallocated_fen"], unique=False)
    op.create_index("ix_payment_origin", "payment", ["origin_payment_id"], unique=False)
    op.create_index("ix_payment_person", "payment", ["person_id"], unique=False)
    op.create_table(
        "bill",
        sa.Column("id", Key, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "levy",
                "adjustment",
                "assessment",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("levy_run_id", Key, nullable=True),
        sa.Column("assessment_id", Key, nullable=True),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("contribution_month", sa.String(length=7), nullable=False),
        sa.Column("through_month", sa.String(length=7), nullable=False),
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("bank_reference", sa.BigInteger(), nullable=True),
        sa.Column("headcount", Key, nullable=False),
        sa.Column("employer_fen", sa.BigInteger(), nullable=False),
        sa.Column("employee_fen", sa.BigInteger(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("late_fee_paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("late_fee_waived_until", sa.Date(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(employer_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_bill_one_payer")
        ),
        sa.CheckConstraint(
            "(levy_run_id IS NULL) <> (assessment_id IS NULL)", name=op.f("ck_bill_one_origin")
        ),
        sa.CheckConstraint("total_fen = employer_fen + employee_fen", name=op.f("ck_bill_total")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name="fk_bill_assessment_id"),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_bill_employer_id"),
        sa.ForeignKeyConstraint(["levy_run_id"], ["levy_run.id"], name="fk_bill_levy_run_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_bill_person_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_bill_region_code"),
        sa.PrimaryKeyConstraint("id", name="pk_bill"),
        sa.UniqueConstraint("assessment_id", name="uq_bill_assessment_id"),
        sa.UniqueConstraint("bank_reference", name="uq_bill_bank_reference"),
        sa.UniqueConstraint("levy_run_id", "employer_id", name="uq_bill_levy_run_id_employer_id"),
        sa.UniqueConstraint("levy_run_id", "person_id", name="uq_bill_levy_run_id_person_id"),
    )
    op.create_index("ix_bill_employer", "bill", ["employer_id", "contribution_month"], unique=False)
    op.create_index("ix_bill_person", "bill", ["person_id", "contribution_month"], unique=False)
    op.create_index("ix_bill_region", "bill", ["region_code", "contribution_month"], unique=False)
    op.create_table(
        "allocation",
        sa.Column("id", Key, nullable=False),
        sa.Column("payment_id", Key, nullable=False),
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
        sa.Column(
            "kind",
            sa.Enum(
                "premium",
                "late_fee",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("allocated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("allocated_by_account_id", Key, nullable=True),
        sa.Column("reverses_id", Key, nullable=True),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_allocation_bill_id"),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name="fk_allocation_payment_id"),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["allocation.id"], name="fk_allocation_reverses_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_allocation"),
        sa.UniqueConstraint("reverses_id", name="uq_allocation_reverses_id"),
    )
    op.create_index("ix_allocation_bill", "allocation", ["bill_id", "kind"], unique=False)
    op.create_index("ix_allocation_payment", "allocation", ["payment_id"], unique=False)
    op.create_table(
        "arrears",
        sa.Column("id", Key, nullable=False),
        sa.Column("bill_id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "found",
                "noticed",
                "overdue",
                "deferred",
                "paid",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("notice_by", sa.Date(), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("pay_by", sa.Date(), nullable=True),
        sa.Column("deferred_until", sa.Date(), nullable=True),
        sa.Column("legal_basis", sa.String(length=200), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "deferred_until IS NULL OR legal_basis IS NOT NULL", name=op.f("ck_arrears_legal_basis")
        ),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_arrears_bill_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_arrears_region_code"),
        sa.PrimaryKeyConstraint("id", name="pk_arrears"),
        sa.UniqueConstraint("bill_id", name="uq_arrears_bill_id"),
    )
    op.create_index("ix_arrears_state", "arrears", ["region_code", "state", "pay_by"], unique=False)
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
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("rounding_fen", sa.BigInteger(), nullable=False),
        sa.Column("rounding", sa.String(length=16), nullable=True),
        sa.Column("scope", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_bill_line_bill_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bill_line"),
        sa.UniqueConstraint("bill_id", "insurance", name="uq_bill_line_bill_id_insurance"),
    )
    op.add_column(
        "contribution_record",
        sa.Column(
            "levy_run_id",
            Key,
            sa.ForeignKey("levy_run.id", name=op.f("fk_contribution_record_levy_run_id")),
            nullable=True,
        ),
        # SQLite adds no constraint to a table that is there, only a column with its reference.
        inline_references=op.get_bind().dialect.name == "sqlite",
    )


def downgrade() -> None:
    with op.batch_alter_table("contribution_record") as table:
        table.drop_column("levy_run_id")
    op.drop_table("bill_line")
    op.drop_index("ix_arrears_state", table_name="arrears")
    op.drop_table("arrears")
    op.drop_index("ix_allocation_payment", table_name="allocation")
    op.drop_index("ix_allocation_bill", table_name="allocation")
    op.drop_table("allocation")
    op.drop_index("ix_bill_region", table_name="bill")
    op.drop_index("ix_bill_person", table_name="bill")
    op.drop_index("ix_bill_employer", table_name="bill")
    op.drop_table("bill")
    op.drop_index("ix_payment_person", table_name="payment")
    op.drop_index("ix_payment_origin", table_name="payment")
    op.drop_index("ix_payment_left", table_name="payment")
    op.drop_index("ix_payment_employer", table_name="payment")
    op.drop_table("payment")
    op.drop_table("levy_term")
    op.drop_index("ix_assessment_state", table_name="assessment")
    op.drop_index("ix_assessment_employer", table_name="assessment")
    op.drop_table("assessment")
    op.drop_index("ix_levy_run_state", table_name="levy_run")
    op.drop_table("levy_run")
    op.drop_table("bank_statement")
    op.drop_table("bank_mapping")
