"""A line of a bill is named by its bill, its insurance, and the bill's region and month.

How it is rounded is kept as numbers from now on. The table is written anew, so that no room is
lost to what is not there any more. Old code does not run on it.
"""

# ruff: noqa: S608 - every statement is made of names that stand here
import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = ("bill_id", "insurance", "region_code", "contribution_month")
_AMOUNTS = ("base_fen", "employer_fen", "employee_fen", "paid_fen", "rounding_fen")
_KEPT = ("bill_id", "insurance", "headcount", *_AMOUNTS)
_WORDS = {
    "rounding": ("half_up_fen", "half_up_jiao", "up_jiao", "half_up_yuan"),
    "scope": ("person", "employer_total"),
}
_CHECKS = {"insurance": 5} | {name: len(words) for name, words in _WORDS.items()}


def upgrade() -> None:
    _create(is_after=True)
    kept = ", ".join(f"l.{name}" for name in _KEPT)
    coded = (_case(f"l.{name}", words, are_coded=True) for name, words in _WORDS.items())
    _fill(
        (*_KEPT, *_WORDS, "region_code", "contribution_month"),
        f"SELECT {kept}, {', '.join(coded)}, b.region_code, b.contribution_month"
        " FROM bill_line l JOIN bill b ON b.id = l.bill_id ORDER BY l.bill_id, l.insurance",
    )
    _take_place(_KEY)


def downgrade() -> None:
    _create(is_after=False)
    words = (_case(name, words, are_coded=False) for name, words in _WORDS.items())
    number = "row_number() OVER (ORDER BY bill_id, insurance)"
    _fill(
        ("id", *_KEPT, *_WORDS),
        f"SELECT {number}, {', '.join((*_KEPT, *words))} FROM bill_line",
    )
    _take_place(("id",))
    if op.get_bind().dialect.name == "postgresql":
        for statement in (
            "CREATE SEQUENCE bill_line_id_seq OWNED BY bill_line.id",
            (
                "ALTER TABLE bill_line ALTER COLUMN id SET DEFAULT nextval('bill_line_id_seq'),"
                " ADD CONSTRAINT uq_bill_line_bill_id_insurance UNIQUE (bill_id, insurance)"
            ),
            "SELECT setval('bill_line_id_seq', coalesce(max(id), 1), count(*) > 0) FROM bill_line",
        ):
            op.get_bind().exec_driver_sql(statement)


def _case(column: str, words: tuple[str, ...], *, are_coded: bool) -> str:
    """Return SQL that turns words into their numbers, or those into words."""
    pairs = [(f"'{word}'", str(number)) for number, word in enumerate(words, 1)]
    when = (
        f"WHEN {was} THEN {becomes}"
        for was, becomes in (pairs if are_coded else [pair[::-1] for pair in pairs])
    )
    return f"CASE {column} {' '.join(when)} END"


def _create(*, is_after: bool) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    word = sa.SmallInteger() if is_after else sa.String(16)
    first = [] if is_after else [sa.Column("id", Key, nullable=False, autoincrement=False)]
    last = ("region_code", "contribution_month") if is_after else ()
    constraints: list[sa.Constraint] = [
        sa.CheckConstraint(f"{name} BETWEEN 1 AND {most}", name=op.f(f"ck_bill_line_{name}"))
        for name, most in _CHECKS.items()
        if is_after or name not in _WORDS
    ]
    references = {"bill_id": "bill.id"} | ({"region_code": "region.code"} if is_after else {})
    constraints += [
        sa.ForeignKeyConstraint([name], [to], f"fk_bill_line_{name}")
        for name, to in references.items()
    ]
    if is_sqlite:
        # On PostgreSQL the old table still has the names of its keys.
        key = _KEY if is_after else ("id",)
        constraints.append(sa.PrimaryKeyConstraint(*key, name="pk_bill_line"))
        if not is_after:
            unique = sa.UniqueConstraint(
                "bill_id", "insurance", name="uq_bill_line_bill_id_insurance"
            )
            constraints.append(unique)
    op.create_table(
        "_rebuilt_line",
        *first,
        sa.Column("bill_id", Key, nullable=False),
        sa.Column("insurance", sa.SmallInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in last),
        sa.Column("headcount", Key, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _AMOUNTS),
        *(sa.Column(name, word, nullable=True) for name in _WORDS),
        *constraints,
        sqlite_with_rowid=not is_after,
    )


def _fill(columns: tuple[str, ...], query: str) -> None:
    op.get_bind().exec_driver_sql(f"INSERT INTO _rebuilt_line ({', '.join(columns)}) {query}")


def _take_place(key: tuple[str, ...]) -> None:
    op.drop_table("bill_line")
    op.rename_table("_rebuilt_line", "bill_line")
    if op.get_bind().dialect.name == "postgresql":
        op.create_primary_key("pk_bill_line", "bill_line", list(key))
