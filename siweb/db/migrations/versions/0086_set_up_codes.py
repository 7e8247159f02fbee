"""Codes by which staff set up their first second factor, and who gave which code."""

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "set_up_code",
        sa.Column("id", Key, primary_key=True),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("issued_by_person_id", Key, nullable=True),
        sa.Column("issued_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("tries", Key, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_set_up_code_person_id"),
        sa.ForeignKeyConstraint(
            ["issued_by_person_id"], ["person.id"], name="fk_set_up_code_issued_by_person_id"
        ),
    )
    op.create_index("ix_set_up_code_person_id", "set_up_code", ["person_id"])
    # Of codes that were given before nobody knows who gave them: the log does.
    with op.batch_alter_table("activation_code") as table:
        table.add_column(sa.Column("issued_by_person_id", Key, nullable=True))
        table.create_foreign_key(
            "fk_activation_code_issued_by_person_id", "person", ["issued_by_person_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("activation_code") as table:
        table.drop_constraint("fk_activation_code_issued_by_person_id", type_="foreignkey")
        table.drop_column("issued_by_person_id")
    op.drop_table("set_up_code")
