"""Messages: what people and employers were told, of what, and when they read it."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNCARRIED = sa.text("carried_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("region_code", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("reader_id", Key, nullable=False, autoincrement=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("employer_id", Key, nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by_account_id", Key, nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (employer_id IS NULL)", name=op.f("ck_message_one_reader")
        ),
        sa.CheckConstraint(
            "reader_id = coalesce(person_id, employer_id)", name=op.f("ck_message_reader")
        ),
        sa.CheckConstraint(
            "(read_at IS NULL) = (read_by_account_id IS NULL)", name=op.f("ck_message_who_read")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_message_region_code")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_message_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["read_by_account_id"], ["account.id"], name=op.f("fk_message_read_by_account_id")
        ),
        sa.PrimaryKeyConstraint(
            "region_code", "kind", "subject", "notified_on", "reader_id", name=op.f("pk_message")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_message_person", "message", ["person_id", "made_at"])
    op.create_index("ix_message_employer", "message", ["employer_id", "made_at"])
    op.create_index(
        "ix_message_uncarried",
        "message",
        ["made_at"],
        sqlite_where=UNCARRIED,
        postgresql_where=UNCARRIED,
    )


def downgrade() -> None:
    op.drop_table("message")
