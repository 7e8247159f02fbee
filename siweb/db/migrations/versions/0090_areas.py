"""Who audits may do so for a province: all regions of it, and nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None

_OPEN = "ended_at IS NULL AND agency_id IS NULL"


def upgrade() -> None:
    # Partial indexes are made anew after the table: a rebuilt one would lose their condition.
    op.drop_index("uq_appointment_of_office", "appointment")
    op.drop_index("uq_appointment_of_agency", "appointment")
    with op.batch_alter_table("appointment") as table:
        table.add_column(sa.Column("area_code", sa.Integer(), nullable=True))
        table.create_check_constraint(
            op.f("ck_appointment_area_is_read"),
            "area_code IS NULL OR agency_id IS NULL AND function = 'audit'",
        )
        table.create_check_constraint(
            op.f("ck_appointment_area_is_a_province"), "area_code % 10000 = 0"
        )
    _index("of_office", ["person_id", "function"], f"{_OPEN} AND area_code IS NULL")
    _of_agency()
    area = "ended_at IS NULL AND area_code IS NOT NULL"
    _index("of_area", ["person_id", "function", "area_code"], area)


def downgrade() -> None:
    for name in ("of_area", "of_agency", "of_office"):
        op.drop_index(f"uq_appointment_{name}", "appointment")
    # Without an area each would hold for the whole office.
    op.execute("DELETE FROM appointment WHERE area_code IS NOT NULL")
    with op.batch_alter_table("appointment") as table:
        table.drop_constraint(op.f("ck_appointment_area_is_a_province"), type_="check")
        table.drop_constraint(op.f("ck_appointment_area_is_read"), type_="check")
        table.drop_column("area_code")
    _index("of_office", ["person_id", "function"], _OPEN)
    _of_agency()


def _of_agency() -> None:
    agency = "ended_at IS NULL AND agency_id IS NOT NULL"
    _index("of_agency", ["person_id", "function", "agency_id"], agency)


def _index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(
        f"uq_appointment_{name}",
        "appointment",
        columns,
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
