"""The register, the ledgers and the activity log"""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("id", Key, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", Key, nullable=True),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("row_hash", name=op.f("uq_activity_row_hash")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("ix_activity_person", ["person_id", "at"], unique=False)
        batch_op.create_index("ix_activity_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "region",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name_zh", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("pinyin", sa.String(length=60), nullable=False),
        sa.Column("province_zh", sa.String(length=40), nullable=False),
        sa.Column("province_en", sa.String(length=60), nullable=False),
        sa.Column("is_hosted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(code) = 6", name=op.f("ck_region_code_length")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_is_hosted"), ["is_hosted"], unique=False)
        batch_op.create_index(batch_op.f("ix_region_pinyin"), ["pinyin"], unique=False)

    op.create_table(
        "agency",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "hrss",
                "medical_security",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("name_zh", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("address_zh", sa.String(length=120), nullable=False),
        sa.Column("address_en", sa.String(length=160), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_agency_region_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("region_code", "kind", name=op.f("uq_agency_region_code_kind")),
    )
    op.create_table(
        "employer",
        sa.Column("id", Key, nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("industry_code", sa.String(length=8), nullable=False),
        sa.Column("injury_class", Key, nullable=False),
        sa.Column("injury_tier_ppm", Key, nullable=False),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("legal_representative", sa.String(length=100), nullable=True),
        sa.Column("bank_name", sa.String(length=100), nullable=True),
        sa.Column("bank_account", sa.String(length=40), nullable=True),
        sa.Column("established_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "suspended",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("injury_class BETWEEN 1 AND 8", name=op.f("ck_employer_injury_class")),
        sa.CheckConstraint("injury_tier_ppm > 0", name=op.f("ck_employer_injury_tier")),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_employer_region_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer")),
        sa.UniqueConstraint("uscc", name=op.f("uq_employer_uscc")),
    )
    with op.batch_alter_table("employer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employer_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_employer_region_code"), ["region_code"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", Key, nullable=False),
        sa.Column("id_number", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("M", "F", name="sex", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column(
            "retirement_category",
            sa.Enum(
                "male",
                "female55",
                "female50",
                name="retirement_category",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("mobile", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("postcode", sa.String(length=10), nullable=True),
        sa.Column("deemed_months", Key, nullable=False),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "died_on IS NULL OR died_on >= born_on", name=op.f("ck_person_died_after")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_person_region_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id_number", name=op.f("uq_person_id_number")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_region_code"), ["region_code"], unique=False)

    op.create_table(
        "benefit",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pension",
                "injury",
                "survivor",
                "unemployment",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("monthly_fen", sa.BigInteger(), nullable=False),
        sa.Column("from_month", sa.String(length=7), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "due",
                "overdue",
                "suspended",
                "terminated",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("suspended_from_month", sa.String(length=7), nullable=True),
        sa.Column("certified_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_benefit_person_id")),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_benefit_region_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit")),
        sa.UniqueConstraint("person_id", "kind", name=op.f("uq_benefit_person_id_kind")),
    )
    with op.batch_alter_table("benefit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_benefit_region_code"), ["region_code"], unique=False)

    op.create_table(
        "contribution_record",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
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
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("contribution_month", sa.String(length=7), nullable=False),
        sa.Column("sequence", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "regular",
                "back_payment",
                "adjustment",
                "reversal",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("declared_base_fen", sa.BigInteger(), nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("employer_fen", sa.BigInteger(), nullable=False),
        sa.Column("employee_fen", sa.BigInteger(), nullable=False),
        sa.Column("account_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("corrects_id", Key, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(contribution_month) = 7", name=op.f("ck_contribution_record_month_shape")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["contribution_record.id"],
            name=op.f("fk_contribution_record_corrects_id"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_contribution_record_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contribution_record_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_contribution_record_region_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_record")),
    )
    with op.batch_alter_table("contribution_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_contribution_record_employer", ["employer_id", "contribution_month"], unique=False
        )
        batch_op.create_index(
            "uq_contribution_record_month",
            ["person_id", "contribution_month", "insurance", "sequence"],
            unique=True,
        )

    op.create_table(
        "declared_base",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("employer_id", Key, nullable=True),
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
            nullable=True,
        ),
        sa.Column("from_month", sa.String(length=7), nullable=False),
        sa.Column("declared_base_fen", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("declared_base_fen >= 0", name=op.f("ck_declared_base_not_negative")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_declared_base_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_declared_base_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_base")),
    )
    with op.batch_alter_table("declared_base", schema=None) as batch_op:
        batch_op.create_index(
            "ix_declared_base_person", ["person_id", "employer_id", "from_month"], unique=False
        )

    op.create_table(
        "employment",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("employer_id", Key, nullable=False),
        sa.Column("hired_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=24), nullable=True),
        sa.Column("form", sa.String(length=24), nullable=False),
        sa.Column("declared_name", sa.String(length=100), nullable=True),
        sa.Column("post", sa.String(length=60), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= hired_on", name=op.f("ck_employment_ended_after")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_employment_employer_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_employment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment")),
    )
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.create_index("ix_employment_employer", ["employer_id", "ended_on"], unique=False)
        batch_op.create_index("ix_employment_person", ["person_id", "hired_on"], unique=False)
        batch_op.create_index(
            "uq_employment_open",
            ["person_id", "employer_id"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )

    op.create_table(
        "enrolment",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
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
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("from_month", sa.String(length=7), nullable=False),
        sa.Column("to_month", sa.String(length=7), nullable=True),
        sa.CheckConstraint(
            "(scheme = 'employee') = (employer_id IS NOT NULL)",
            name=op.f("ck_enrolment_employer_given"),
        ),
        sa.CheckConstraint(
            "to_month IS NULL OR to_month >= from_month", name=op.f("ck_enrolment_to_after_from")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_enrolment_employer_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id")),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_enrolment_region_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index("ix_enrolment_employer", ["employer_id"], unique=False)
        batch_op.create_index(
            "ix_enrolment_levy", ["region_code", "insurance", "scheme", "from_month"], unique=False
        )
        batch_op.create_index("ix_enrolment_person", ["person_id", "insurance"], unique=False)
        batch_op.create_index(
            "uq_enrolment_open",
            ["person_id", "insurance", "region_code"],
            unique=True,
            sqlite_where=sa.text("to_month IS NULL"),
            postgresql_where=sa.text("to_month IS NULL"),
        )

    op.create_table(
        "life_sign",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_life_sign_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_life_sign")),
    )
    with op.batch_alter_table("life_sign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_life_sign_person_id"), ["person_id"], unique=False)

    op.create_table(
        "account_entry",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opening",
                "credit",
                "interest",
                "provisional_interest",
                "transfer_in",
                "transfer_out",
                "inheritance",
                "reversal",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("contribution_month", sa.String(length=7), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("contribution_record_id", Key, nullable=True),
        sa.Column("rate_ppm", sa.Integer(), nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_record_id"],
            ["contribution_record.id"],
            name=op.f("fk_account_entry_contribution_record_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_account_entry_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_entry")),
    )
    with op.batch_alter_table("account_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_account_entry_person", ["person_id", "year", "kind"], unique=False
        )
        batch_op.create_index("ix_account_entry_record", ["contribution_record_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("account_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_account_entry_record")
        batch_op.drop_index("ix_account_entry_person")

    op.drop_table("account_entry")
    with op.batch_alter_table("life_sign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_life_sign_person_id"))

    op.drop_table("life_sign")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_enrolment_open",
            sqlite_where=sa.text("to_month IS NULL"),
            postgresql_where=sa.text("to_month IS NULL"),
        )
        batch_op.drop_index("ix_enrolment_person")
        batch_op.drop_index("ix_enrolment_levy")
        batch_op.drop_index("ix_enrolment_employer")

    op.drop_table("enrolment")
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_employment_open",
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )
        batch_op.drop_index("ix_employment_person")
        batch_op.drop_index("ix_employment_employer")

    op.drop_table("employment")
    with op.batch_alter_table("declared_base", schema=None) as batch_op:
        batch_op.drop_index("ix_declared_base_person")

    op.drop_table("declared_base")
    with op.batch_alter_table("contribution_record", schema=None) as batch_op:
        batch_op.drop_index("uq_contribution_record_month")
        batch_op.drop_index("ix_contribution_record_employer")

    op.drop_table("contribution_record")
    with op.batch_alter_table("benefit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_benefit_region_code"))

    op.drop_table("benefit")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_region_code"))

    op.drop_table("person")
    with op.batch_alter_table("employer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employer_region_code"))
        batch_op.drop_index(batch_op.f("ix_employer_name"))

    op.drop_table("employer")
    op.drop_table("agency")
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_region_pinyin"))
        batch_op.drop_index(batch_op.f("ix_region_is_hosted"))

    op.drop_table("region")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_subject")
        batch_op.drop_index("ix_activity_person")

    op.drop_table("activity")
