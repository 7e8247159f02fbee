"""An allocation is named by its bill, a number among the bill's, and the bill's region.

The number is the one that it had: seals name it so. What takes it back says that number, and is of
the same bill. An index by bill is the key's own now. Old code does not run on it.
"""

# ruff: noqa: S608 - every statement is made of names that stand here
import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = ("bill_id", "allocation_number", "region_code")
_BACK = ("bill_id", "reverses_number", "region_code")
_KEPT = (
    "payment_id", "bill_id", "insurance", "kind", "amount_fen", "paid_on", "allocated_at",
    "allocated_by_account_id",
)  # fmt: skip
_CHECKS = {"insurance": 5, "kind": 2}
_REVERSED = sa.text("reverses_number IS NOT NULL")
# Numbers of one bill's own meet those of others where they become the table's: the later row gets
# one after all of them.
_NUMBERED = """SELECT a.*, CASE
 WHEN row_number() OVER (PARTITION BY allocation_number ORDER BY allocated_at, bill_id) = 1
 THEN allocation_number ELSE (SELECT max(allocation_number) FROM allocation)
 + row_number() OVER (ORDER BY allocated_at, bill_id, allocation_number) END AS id
 FROM allocation a"""


def upgrade() -> None:
    _create(is_after=True)
    kept = ", ".join(f"a.{name}" for name in _KEPT)
    op.get_bind().exec_driver_sql(
        f"INSERT INTO _rebuilt_allocation ({', '.join(_KEPT)}, allocation_number, reverses_number,"
        f" region_code) SELECT {kept}, a.id, a.reverses_id, b.region_code"
        " FROM allocation a JOIN bill b ON b.id = a.bill_id ORDER BY a.bill_id, a.id"
    )
    _take_place(is_after=True)


def downgrade() -> None:
    _create(is_after=False)
    kept = ", ".join(f"a.{name}" for name in _KEPT)
    op.get_bind().exec_driver_sql(
        f"INSERT INTO _rebuilt_allocation (id, {', '.join(_KEPT)}, reverses_id)"
        f" WITH numbered AS ({_NUMBERED}) SELECT a.id, {kept}, first.id FROM numbered a"
        " LEFT JOIN numbered first ON first.bill_id = a.bill_id"
        " AND first.allocation_number = a.reverses_number ORDER BY a.id"
    )
    _take_place(is_after=False)


def _create(*, is_after: bool) -> None:
    """Create the table, with its natural key or with a number of its own."""
    own = "allocation_number" if is_after else "id"
    back = "reverses_number" if is_after else "reverses_id"
    region = [sa.Column("region_code", sa.Integer(), nullable=False)] if is_after else []
    references = {"bill_id": "bill.id", "payment_id": "payment.id"}
    if is_after:
        references["region_code"] = "region.code"
    constraints: list[sa.Constraint] = [
        sa.CheckConstraint(f"{name} BETWEEN 1 AND {most}", name=op.f(f"ck_allocation_{name}"))
        for name, most in _CHECKS.items()
    ]
    constraints += [
        sa.ForeignKeyConstraint([name], [to], f"fk_allocation_{name}")
        for name, to in references.items()
    ]
    if op.get_bind().dialect.name == "sqlite":
        # On PostgreSQL the old table still has the names of its keys.
        constraints += _keys("_rebuilt_allocation", is_after=is_after)
    op.create_table(
        "_rebuilt_allocation",
        sa.Column("bill_id", Key, nullable=False),
        sa.Column(own, Key, nullable=False, autoincrement=False),
        *region,
        sa.Column("payment_id", Key, nullable=False),
        sa.Column("insurance", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("allocated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("allocated_by_account_id", Key, nullable=True),
        sa.Column(back, Key, nullable=True),
        *constraints,
        sqlite_with_rowid=not is_after,
    )


def _keys(table: str, *, is_after: bool) -> list[sa.Constraint]:
    """Return the key, and what holds a row to the one that it takes back."""
    key, back = (_KEY, _BACK) if is_after else (("id",), ("reverses_id",))
    to = [f"{table}.{column}" for column in key]
    name = "fk_allocation_reverses" if is_after else "fk_allocation_reverses_id"
    found: list[sa.Constraint] = [
        sa.PrimaryKeyConstraint(*key, name="pk_allocation"),
        sa.ForeignKeyConstraint(list(back), to, name),
    ]
    if not is_after:
        found.append(sa.UniqueConstraint("reverses_id", name="uq_allocation_reverses_id"))
    return found


def _take_place(*, is_after: bool) -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql and is_after:
        op.get_bind().exec_driver_sql("ALTER SEQUENCE allocation_id_seq OWNED BY NONE")
        op.get_bind().exec_driver_sql(
            "ALTER SEQUENCE allocation_id_seq RENAME TO allocation_number"
        )
    op.drop_table("allocation")
    op.rename_table("_rebuilt_allocation", "allocation")
    if is_postgresql:
        _add_keys(is_after=is_after)
    op.create_index("ix_allocation_payment", "allocation", ["payment_id"])
    if is_after:
        op.create_index(
            "ix_allocation_reverses",
            "allocation",
            list(_BACK),
            unique=True,
            sqlite_where=_REVERSED,
            postgresql_where=_REVERSED,
        )
    else:
        op.create_index("ix_allocation_bill", "allocation", ["bill_id", "kind"])


def _add_keys(*, is_after: bool) -> None:
    """Add PostgreSQL's keys, whose names the old table had until now."""
    key, back = (_KEY, _BACK) if is_after else (("id",), ("reverses_id",))
    name = "fk_allocation_reverses" if is_after else "fk_allocation_reverses_id"
    op.create_primary_key("pk_allocation", "allocation", list(key))
    op.create_foreign_key(name, "allocation", "allocation", list(back), list(key))
    if is_after:
        return
    op.create_unique_constraint("uq_allocation_reverses_id", "allocation", ["reverses_id"])
    for statement in (
        "ALTER SEQUENCE allocation_number RENAME TO allocation_id_seq",
        "ALTER SEQUENCE allocation_id_seq OWNED BY allocation.id",
        "ALTER TABLE allocation ALTER COLUMN id SET DEFAULT nextval('allocation_id_seq')",
        (
            "SELECT setval('allocation_id_seq', max(id)) FROM allocation HAVING max(id) >"
            " (SELECT last_value FROM allocation_id_seq)"
        ),
    ):
        op.get_bind().exec_driver_sql(statement)
