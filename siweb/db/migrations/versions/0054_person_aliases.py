"""Former keys of people: two registrations of one person become one without a row rewritten."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "person_alias",
        sa.Column("former_id", Key, primary_key=True, autoincrement=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by_account_id", Key, nullable=True),
        sa.CheckConstraint("former_id <> person_id", name=op.f("ck_person_alias_other_person")),
        sa.ForeignKeyConstraint(
            ["former_id"], ["person.id"], name=op.f("fk_person_alias_former_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_alias_person_id")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_person_alias_person_id"), "person_alias", ["person_id"])


def downgrade() -> None:
    op.drop_table("person_alias")
