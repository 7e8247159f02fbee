"""Reports of unregistered hires; assessments that are found, heard, decided by two and settled."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = ("unregistered", "undeclared")
STATES = ("proposed", "decided", "dropped", "settled")
DOCUMENTS = ("review_receipt", "filing_receipt", "rights_record", "contribution_certificate")
TWO_PEOPLE = "decided_by_account_id IS NULL OR decided_by_account_id <> proposed_by_account_id"
BOTH_KNOWN = (
    "kind = 'settlement' OR state NOT IN ('decided', 'overtaken', 'settled') OR "
    "(proposed_by_account_id IS NOT NULL AND decided_by_account_id IS NOT NULL)"
)


def _in(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"


def _assessment_checks(kinds: tuple[str, ...], states: tuple[str, ...]) -> dict[str, str]:
    return {
        "two_people": TWO_PEOPLE,
        "month_order": "to_month >= from_month",
        "kind": _in("kind", kinds),
        "state": _in("state", states),
    }


def _document_checks(kinds: tuple[str, ...]) -> dict[str, str]:
    return {
        "version": "(version = 1) = (supersedes_id IS NULL)",
        "holder": "person_id IS NOT NULL OR employer_id IS NOT NULL",
        "kind": _in("kind", kinds),
    }


OLD = _assessment_checks(KINDS, STATES)
NEW = _assessment_checks((*KINDS, "settlement"), (*STATES, "found", "overtaken")) | {
    "both_known": BOTH_KNOWN,
    "is_heard": "state <> 'proposed' OR hearing_until IS NOT NULL",
    "settles": "(kind = 'settlement') = (settles_id IS NOT NULL)",
    "base_rule": _in("base_rule", ("wage", "employer_average", "local_average")),
}


def _set_checks(table: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Put new checks in the place of the old ones; SQLite builds the table anew for that."""
    with op.batch_alter_table(table) as batch:
        for name, said in old.items():
            if new.get(name) != said:
                batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        for name, said in new.items():
            if old.get(name) != said:
                batch.create_check_constraint(op.f(f"ck_{table}_{name}"), said)


def upgrade() -> None:
    _reports()
    with op.batch_alter_table("assessment") as batch:
        batch.add_column(sa.Column("report_id", Key, nullable=True))
        batch.add_column(sa.Column("settles_id", Key, nullable=True))
        batch.add_column(sa.Column("base_rule", sa.String(24), nullable=True))
        batch.add_column(sa.Column("base_fen", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("calculation", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("heard_by_account_id", Key, nullable=True))
        batch.add_column(sa.Column("document_id", Key, nullable=True))
        batch.add_column(sa.Column("overtaken_on", sa.Date(), nullable=True))
    op.execute("UPDATE assessment SET opened_at = proposed_at, calculation = '[]'")
    with op.batch_alter_table("assessment") as batch:
        batch.alter_column("opened_at", nullable=False)
        batch.alter_column("calculation", nullable=False)
        batch.alter_column("hearing_until", nullable=True)
        batch.alter_column("proposed_at", nullable=True)
        for column, table in (
            ("report_id", "hire_report"),
            ("settles_id", "assessment"),
            ("document_id", "document"),
        ):
            batch.create_foreign_key(f"fk_assessment_{column}", table, [column], ["id"])
        for column in ("report_id", "settles_id"):
            batch.create_unique_constraint(f"uq_assessment_{column}", [column])
    _set_checks("assessment", OLD, NEW)
    op.create_index(
        "uq_assessment_undeclared",
        "assessment",
        ["employer_id", "from_month"],
        unique=True,
        sqlite_where=sa.text("kind = 'undeclared'"),
        postgresql_where=sa.text("kind = 'undeclared'"),
    )
    _set_checks(
        "document",
        _document_checks(DOCUMENTS),
        _document_checks((*DOCUMENTS, "assessment_notice")),
    )


def _reports() -> None:
    words = sa.Enum("review", "complaint", "list", name="origin", native_enum=False,
                    create_constraint=True, length=24)  # fmt: skip
    states = sa.Enum("open", "taken_up", "dropped", name="state", native_enum=False,
                     create_constraint=True, length=24)  # fmt: skip
    op.create_table(
        "hire_report",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("origin", words, nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("employer_said", sa.String(length=200), nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("person_name", sa.String(length=100), nullable=False),
        sa.Column("id_number", sa.String(length=18), nullable=True),
        sa.Column("hired_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("wage_fen", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("reported_by_person_id", Key, nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_account_id", Key, nullable=True),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= hired_on", name=op.f("ck_hire_report_ended_after")
        ),
        sa.CheckConstraint("wage_fen IS NULL OR wage_fen >= 0", name=op.f("ck_hire_report_wage")),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name="fk_hire_report_region_code"
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name="fk_hire_report_employer_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_hire_report_person_id"),
        sa.ForeignKeyConstraint(
            ["reported_by_person_id"], ["person.id"], name="fk_hire_report_reported_by_person_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hire_report"),
        sa.UniqueConstraint("reference", name="uq_hire_report_reference"),
        sa.UniqueConstraint("source_key", name="uq_hire_report_source_key"),
    )
    op.create_index("ix_hire_report_state", "hire_report", ["region_code", "state"])
    op.create_index("ix_hire_report_sender", "hire_report", ["reported_by_person_id"])


def downgrade() -> None:
    _set_checks(
        "document",
        _document_checks((*DOCUMENTS, "assessment_notice")),
        _document_checks(DOCUMENTS),
    )
    op.drop_index("uq_assessment_undeclared", table_name="assessment")
    _set_checks("assessment", NEW, OLD)
    with op.batch_alter_table("assessment") as batch:
        for column in ("report_id", "settles_id"):
            batch.drop_constraint(f"uq_assessment_{column}", type_="unique")
        for column in ("report_id", "settles_id", "document_id"):
            batch.drop_constraint(f"fk_assessment_{column}", type_="foreignkey")
        for column in (
            "report_id", "settles_id", "base_rule", "base_fen", "calculation", "opened_at",
            "heard_at", "heard_by_account_id", "document_id", "overtaken_on",
        ):  # fmt: skip
            batch.drop_column(column)
        batch.alter_column("hearing_until", nullable=False)
        batch.alter_column("proposed_at", nullable=False)
    op.drop_index("ix_hire_report_sender", table_name="hire_report")
    op.drop_index("ix_hire_report_state", table_name="hire_report")
    op.drop_table("hire_report")
