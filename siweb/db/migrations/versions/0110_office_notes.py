"""Notes inside the office. Going back forgets what colleagues told one another."""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FUNCTIONS = (
    "registration",
    "contributions",
    "finance",
    "review",
    "audit",
    "parameters",
    "administration",
)


def upgrade() -> None:
    listed = ", ".join(f"'{function}'" for function in _FUNCTIONS)
    op.create_table(
        "office_note",
        sa.Column("id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("function", sa.String(24), nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("case_kind", sa.String(16), nullable=True),
        sa.Column("case_reference", sa.String(24), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_account_id", Key, nullable=False),
        sa.Column("corrects_id", Key, nullable=True),
        sa.CheckConstraint(f"function IN ({listed})", name=op.f("ck_office_note_function")),
        sa.CheckConstraint(
            "(case_kind IS NULL) = (case_reference IS NULL)", name=op.f("ck_office_note_case")
        ),
        sa.CheckConstraint(
            "case_kind IS NOT NULL OR (person_id IS NULL) <> (employer_id IS NULL)",
            name=op.f("ck_office_note_about"),
        ),
        sa.CheckConstraint("corrects_id <> id", name=op.f("ck_office_note_corrects_another")),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name="fk_office_note_region_code"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_office_note_person_id"),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name="fk_office_note_employer_id"
        ),
        sa.ForeignKeyConstraint(
            ["written_by_account_id"], ["account.id"], name="fk_office_note_written_by_account_id"
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["office_note.id"], name="fk_office_note_corrects_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_office_note"),
        sa.UniqueConstraint("corrects_id", name="uq_office_note_corrects_id"),
    )
    # Without the rows that name nobody, as the office's own indexes are (siweb/db/base.py).
    for name, columns in (
        ("person", ["person_id", "written_at"]),
        ("employer", ["employer_id", "written_at"]),
        ("case", ["case_kind", "case_reference", "written_at"]),
    ):
        is_there = sa.text(f"{columns[0]} IS NOT NULL")
        op.create_index(
            f"ix_office_note_{name}",
            "office_note",
            columns,
            sqlite_where=is_there,
            postgresql_where=is_there,
        )
    op.create_index("ix_office_note_written", "office_note", ["written_at"])


def downgrade() -> None:
    op.drop_table("office_note")
