"""A person's record is corrected by a run of that person alone, and by a task of two people."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "kind IN ('missing', 'base', 'employer', 'not_insured')"


def upgrade() -> None:
    with op.batch_alter_table("levy_run") as table:
        table.add_column(sa.Column("person_id", Key, nullable=True))
        table.create_foreign_key("fk_levy_run_person_id", "person", ["person_id"], ["id"])
    op.create_table(
        "record_correction",
        sa.Column("task_id", Key, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False),
        sa.Column("last_month", sa.Integer(), nullable=False),
        sa.Column("objection_id", Key, nullable=True),
        sa.Column("levy_run_id", Key, nullable=True),
        sa.Column("effect", sa.JSON(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_record_correction_kind")),
        sa.CheckConstraint(
            "last_month >= first_month", name=op.f("ck_record_correction_month_order")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_record_correction_{name}_id")
            )
            for name in ("task", "person", "objection", "levy_run")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_record_correction_region_code")
        ),
        sa.UniqueConstraint("objection_id", name=op.f("uq_record_correction_objection_id")),
    )
    op.create_index("ix_record_correction_person", "record_correction", ["person_id"])


def downgrade() -> None:
    op.drop_table("record_correction")
    with op.batch_alter_table("levy_run") as table:
        table.drop_constraint("fk_levy_run_person_id", type_="foreignkey")
        table.drop_column("person_id")
