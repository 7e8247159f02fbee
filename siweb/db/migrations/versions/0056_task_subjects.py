"""A task says whom it is about, and a bank account which region's it is.

Until now only the values of a task named its person; an account without a region is the whole
office's, as every one was.
"""

import json

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SUBJECTS = ("person", "employer")

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("task") as table:
        for name in SUBJECTS:
            table.add_column(sa.Column(f"{name}_id", Key, nullable=True))
            table.create_foreign_key(f"fk_task_{name}_id", name, [f"{name}_id"], ["id"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_task_person", "task", ["person_id"], sqlite_where=is_open, postgresql_where=is_open
    )
    _name_people()
    with op.batch_alter_table("bank_account") as table:
        table.add_column(sa.Column("region_code", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_bank_account_region_code", "region", ["region_code"], ["code"])


def _name_people() -> None:
    """Every action so far was about a person, whom its values name."""
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, change FROM task")).all():
        change = json.loads(row.change) if isinstance(row.change, str) else row.change
        connection.execute(
            sa.text("UPDATE task SET person_id = :person WHERE id = :id"),
            {"person": change["person_id"], "id": row.id},
        )


def downgrade() -> None:
    with op.batch_alter_table("bank_account") as table:
        table.drop_constraint("fk_bank_account_region_code", type_="foreignkey")
        table.drop_column("region_code")
    op.drop_index("ix_task_person", "task")
    with op.batch_alter_table("task") as table:
        for name in SUBJECTS:
            table.drop_constraint(f"fk_task_{name}_id", type_="foreignkey")
            table.drop_column(f"{name}_id")
