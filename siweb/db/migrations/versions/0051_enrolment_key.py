"""An enrolment is named by region, person, insurance and first month, no more by a number.

Those of a person that began in one month are told apart by their order; of work injury by the
employer. Old code does not run on it. On SQLite rows lie in the order of the key from now on.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_INJURY = "(CASE WHEN insurance = 4 THEN coalesce(employer_id, 0) ELSE 0 END)"
KEY = (
    "region_code", "person_id", "insurance", "insuring_employer_id", "from_month", "sequence",
)  # fmt: skip
KEPT = (
    "region_code", "person_id", "insurance", "from_month", "scheme", "employer_id", "to_month",
)  # fmt: skip
_ORDER = f"""row_number() OVER (
  PARTITION BY region_code, person_id, insurance, {_INJURY}, from_month ORDER BY id) - 1"""
_OPEN = "CREATE UNIQUE INDEX uq_enrolment_open ON enrolment ({}) WHERE to_month IS NULL"
_OPEN_BEFORE = _OPEN.format(f"person_id, insurance, region_code, {_INJURY}")
_OPEN_AFTER = _OPEN.format("region_code, person_id, insurance, insuring_employer_id")
_CHECK = ("ck_enrolment_insuring_employer", f"insuring_employer_id = {_INJURY}")


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("DROP INDEX uq_enrolment_open")
    if connection.dialect.name == "postgresql":
        _add_key()
    else:
        _drop_indexes()
        _create("_rebuilt_enrolment", in_order=True)
        names = ", ".join(KEPT)
        connection.exec_driver_sql(
            f"INSERT INTO _rebuilt_enrolment ({names}, insuring_employer_id, sequence)"  # noqa: S608
            f" SELECT {names}, {_INJURY}, {_ORDER} FROM enrolment ORDER BY {_in_order()}"
        )
        _take_place()
    connection.exec_driver_sql(_OPEN_AFTER)
    _analyse()


def downgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("DROP INDEX uq_enrolment_open")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "ALTER TABLE enrolment DROP CONSTRAINT pk_enrolment, ADD COLUMN id BIGSERIAL,"
            f" DROP CONSTRAINT {_CHECK[0]}, DROP COLUMN insuring_employer_id, DROP COLUMN sequence,"
            " ADD CONSTRAINT pk_enrolment PRIMARY KEY (id)"
        )
    else:
        _drop_indexes()
        _create("_rebuilt_enrolment", in_order=False)
        names = ", ".join(KEPT)
        connection.exec_driver_sql(
            f"INSERT INTO _rebuilt_enrolment ({names})"  # noqa: S608 - fixed names
            f" SELECT {names} FROM enrolment ORDER BY {', '.join(KEY)}"
        )
        _take_place()
    connection.exec_driver_sql(_OPEN_BEFORE)
    _analyse()


def _add_key() -> None:
    """Give PostgreSQL's table its key; old rows are told apart by the order of their numbers."""
    connection = op.get_bind()
    connection.exec_driver_sql(
        "ALTER TABLE enrolment ADD COLUMN insuring_employer_id BIGINT, ADD COLUMN sequence SMALLINT"
    )
    connection.exec_driver_sql(
        f"UPDATE enrolment SET insuring_employer_id = {_INJURY}, sequence = placed.place"  # noqa: S608
        f" FROM (SELECT id AS placed_id, {_ORDER} AS place FROM enrolment) AS placed"
        " WHERE id = placed_id"
    )
    connection.exec_driver_sql(
        "ALTER TABLE enrolment ALTER COLUMN insuring_employer_id SET NOT NULL,"
        " ALTER COLUMN sequence SET NOT NULL, DROP CONSTRAINT pk_enrolment, DROP COLUMN id,"
        f" ADD CONSTRAINT pk_enrolment PRIMARY KEY ({', '.join(KEY)}),"
        f" ADD CONSTRAINT {_CHECK[0]} CHECK ({_CHECK[1]})"
    )


def _in_order() -> str:
    return ", ".join(_INJURY if name == "insuring_employer_id" else name for name in KEY[:-1])


def _create(name: str, *, in_order: bool) -> None:
    """Create SQLite's table, with its natural key or with a number."""
    own: list[Any] = [sa.Column("id", Key, primary_key=True)]
    key: list[Any] = []
    if in_order:
        own = [
            sa.Column("insuring_employer_id", Key, nullable=False),
            sa.Column("sequence", sa.SmallInteger(), nullable=False),
        ]
        key = [
            sa.CheckConstraint(_CHECK[1], name=op.f(_CHECK[0])),
            sa.PrimaryKeyConstraint(*KEY, name="pk_enrolment"),
        ]
    op.create_table(
        name,
        *own,
        sa.Column("region_code", sa.Integer(), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("insurance", sa.SmallInteger(), nullable=False),
        sa.Column("from_month", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.SmallInteger(), nullable=False),
        sa.Column("employer_id", Key),
        sa.Column("to_month", sa.Integer()),
        sa.CheckConstraint("insurance BETWEEN 1 AND 5", name=op.f("ck_enrolment_insurance")),
        sa.CheckConstraint("scheme BETWEEN 1 AND 3", name=op.f("ck_enrolment_scheme")),
        sa.CheckConstraint(
            "to_month IS NULL OR to_month >= from_month", name=op.f("ck_enrolment_to_after_from")
        ),
        sa.CheckConstraint(
            "(scheme = 1) = (employer_id IS NOT NULL)", name=op.f("ck_enrolment_employer_given")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_enrolment_person_id"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name="fk_enrolment_region_code"),
        sa.ForeignKeyConstraint(["employer_id"], ["employer.id"], name="fk_enrolment_employer_id"),
        *key,
        sqlite_with_rowid=not in_order,
    )


def _drop_indexes() -> None:
    for name in ("person", "employer", "ended"):
        op.drop_index(f"ix_enrolment_{name}", "enrolment")


def _take_place() -> None:
    op.drop_table("enrolment")
    op.rename_table("_rebuilt_enrolment", "enrolment")
    op.create_index("ix_enrolment_person", "enrolment", ["person_id", "insurance"])
    op.create_index(
        "ix_enrolment_employer",
        "enrolment",
        ["employer_id", "region_code", "from_month", "to_month", "person_id"],
    )
    op.create_index(
        "ix_enrolment_ended",
        "enrolment",
        ["region_code", "to_month", "person_id"],
        sqlite_where=sa.text("to_month IS NOT NULL"),
    )


def _analyse() -> None:
    connection = op.get_bind()
    if sa.inspect(connection).has_table("sqlite_stat1"):
        # What was known of a table went with it, and whoever plans without it errs.
        connection.exec_driver_sql("PRAGMA analysis_limit=1000")
        connection.exec_driver_sql("ANALYZE")
