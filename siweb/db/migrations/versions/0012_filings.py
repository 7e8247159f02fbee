"""Filings, their rows, and what employees say to what was declared about them."""

import sqlalchemy as sa
from alembic import op

# SQLite only counts rows by itself in an INTEGER key.
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "filing",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("employer_id", Key, nullable=False),
        sa.Column(
            "kind",
            _word("kind", "hire", "leave", "change", "pause", "resume", "base"),
            nullable=False,
        ),
        sa.Column("state", _word("state", "draft", "confirmed"), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_account_id", Key, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_account_id", Key, nullable=True),
        sa.Column("document_id", Key, nullable=True),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_filing_employer_id"),
        sa.ForeignKeyConstraint(
            ["opened_by_account_id"], ["account.id"], name="fk_filing_opened_by_account_id"
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_account_id"], ["account.id"], name="fk_filing_confirmed_by_account_id"
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_filing_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_filing"),
        sa.UniqueConstraint("reference", name="uq_filing_reference"),
    )
    op.create_index(
        "ix_filing_employer", "filing", ["employer_id", "state", "opened_at"], unique=False
    )
    op.create_table(
        "filing_row",
        sa.Column("id", Key, nullable=False),
        sa.Column("filing_id", Key, nullable=False),
        sa.Column("position", Key, nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("state", _word("state", "good", "refused", "applied"), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("row_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name="fk_filing_row_filing_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_filing_row_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_filing_row"),
        sa.UniqueConstraint("filing_id", "position", name="uq_filing_row_filing_id_position"),
    )
    op.create_index("ix_filing_row_person", "filing_row", ["person_id"], unique=False)
    op.create_index(
        "uq_filing_row_applied",
        "filing_row",
        ["row_key"],
        unique=True,
        sqlite_where=sa.text("state = 'applied'"),
        postgresql_where=sa.text("state = 'applied'"),
    )
    op.create_table(
        "declaration_answer",
        sa.Column("id", Key, nullable=False),
        sa.Column("filing_row_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["filing_row_id"], ["filing_row.id"], name="fk_declaration_answer_filing_row_id"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_declaration_answer_person_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_declaration_answer"),
    )
    op.create_index(
        "ix_declaration_answer_row", "declaration_answer", ["filing_row_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_declaration_answer_row", table_name="declaration_answer")
    op.drop_table("declaration_answer")
    op.drop_index(
        "uq_filing_row_applied",
        table_name="filing_row",
        sqlite_where=sa.text("state = 'applied'"),
        postgresql_where=sa.text("state = 'applied'"),
    )
    op.drop_index("ix_filing_row_person", table_name="filing_row")
    op.drop_table("filing_row")
    op.drop_index("ix_filing_employer", table_name="filing")
    op.drop_table("filing")
