"""Names, birth dates and numbers are corrected by two people; a replaced number still finds.

A merge says by which task it was made; of those made before there is none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)
_IN_FORCE = sa.text("freed_at IS NULL")
_REFERENCES = {
    "task_id": "task.id",
    "person_id": "person.id",
    "region_code": "region.code",
    "made_by_account_id": "account.id",
    "checked_by_account_id": "account.id",
}


def upgrade() -> None:
    op.create_table(
        "former_number",
        sa.Column("person_id", Key, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("end_digest", sa.String(16), nullable=False),
        sa.Column("replaced_at", _INSTANT, nullable=False),
        sa.Column("freed_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_former_number_person_id"),
        sa.PrimaryKeyConstraint("person_id", "sequence", name="pk_former_number"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_former_number_digest",
        "former_number",
        ["digest"],
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )
    op.create_table(
        "identity_correction",
        sa.Column("task_id", Key, autoincrement=False, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(24), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("was", sa.JSON(), nullable=False),
        sa.Column("now", sa.JSON(), nullable=False),
        sa.Column("papers", sa.JSON(), nullable=False),
        sa.Column("paper", sa.String(500), nullable=False),
        sa.Column("made_by_account_id", Key, nullable=False),
        sa.Column("checked_by_account_id", Key, nullable=False),
        sa.Column("corrected_at", _INSTANT, nullable=False),
        sa.CheckConstraint(
            "basis IN ('replaced', 'mistaken')", name=op.f("ck_identity_correction_basis")
        ),
        sa.CheckConstraint(
            "made_by_account_id <> checked_by_account_id",
            name=op.f("ck_identity_correction_two_people"),
        ),
        *(
            sa.ForeignKeyConstraint([name], [to], name=f"fk_identity_correction_{name}")
            for name, to in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("task_id", name="pk_identity_correction"),
    )
    op.create_index("ix_identity_correction_person", "identity_correction", ["person_id"])
    with op.batch_alter_table("person_alias") as table:
        table.add_column(sa.Column("task_id", Key, nullable=True))
        table.create_foreign_key("fk_person_alias_task_id", "task", ["task_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("person_alias") as table:
        table.drop_constraint("fk_person_alias_task_id", type_="foreignkey")
        table.drop_column("task_id")
    op.drop_table("identity_correction")
    op.drop_table("former_number")
