"""A row of a filing is named by its filing, where it stands there, and the employer's region.

What employees answered and what the desk follows up name a row so as well. Rows have no number of
their own any more: the log's lines of before, which say it, are found by their instant and person.
Old code does not run on it.
"""

# ruff: noqa: S608 - every statement is made of names that stand here
import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = ["filing_id", "position", "region_code"]
_KEPT = (
    "filing_id", "position", "person_id", "row_values", "findings", "state", "is_late",
    "number_digest", "row_key",
)  # fmt: skip
_OF_HIRE = ("opened_at", "closed_at", "closed_by_account_id")
_APPLIED, _OPEN = sa.text("state = 3"), sa.text("closed_at IS NULL")
_OLD_ANSWER, _OLD_HIRE = (
    f"fk_{table}_filing_row_id" for table in ("declaration_answer", "hire_follow_up")
)


def upgrade() -> None:
    with op.batch_alter_table("declaration_answer") as table:
        table.drop_constraint(_OLD_ANSWER, type_="foreignkey")
        for name, of_type in _types().items():
            table.add_column(sa.Column(name, of_type, nullable=True))
    _create_rows(is_after=True)
    kept = ", ".join(f"r.{name}" for name in _KEPT)
    _run(
        f"INSERT INTO _rebuilt_row ({', '.join(_KEPT)}, region_code) SELECT {kept}, e.region_code"
        " FROM filing_row r JOIN filing f ON f.id = r.filing_id"
        " JOIN employer e ON e.id = f.employer_id ORDER BY r.filing_id, r.position"
    )
    _name_answers()
    _create_hires(is_after=True)
    key = ", ".join(f"n.{name}" for name in _KEY)
    _run(
        f"INSERT INTO _rebuilt_hire ({', '.join((*_KEY, *_OF_HIRE))})"
        f" SELECT {key}, {', '.join(f'h.{name}' for name in _OF_HIRE)} FROM hire_follow_up h"
        f" {_rows_of('h.filing_row_id')}"
    )
    _take_place(is_after=True)
    with op.batch_alter_table("declaration_answer") as table:
        for name, of_type in _types().items():
            table.alter_column(name, existing_type=of_type, nullable=False)
        table.drop_index("ix_declaration_answer_row")
        table.drop_column("filing_row_id")
        table.create_foreign_key("fk_declaration_answer_row", "filing_row", _KEY, _KEY)
        table.create_index("ix_declaration_answer_row", _KEY)


def downgrade() -> None:
    with op.batch_alter_table("declaration_answer") as table:
        table.drop_constraint("fk_declaration_answer_row", type_="foreignkey")
        table.add_column(sa.Column("filing_row_id", Key, nullable=True))
    _create_rows(is_after=False)
    _run(
        f"INSERT INTO _rebuilt_row (id, {', '.join(_KEPT)})"
        " SELECT row_number() OVER (ORDER BY filing_id, position),"
        f" {', '.join(_KEPT)} FROM filing_row"
    )
    number = (
        "(SELECT r.id FROM _rebuilt_row r WHERE r.filing_id = {0}.filing_id"
        " AND r.position = {0}.position)"
    )
    _run(f"UPDATE declaration_answer SET filing_row_id = {number.format('declaration_answer')}")
    _create_hires(is_after=False)
    _run(
        f"INSERT INTO _rebuilt_hire (filing_row_id, {', '.join(_OF_HIRE)})"
        f" SELECT {number.format('h')}, {', '.join(_OF_HIRE)} FROM hire_follow_up h"
    )
    _take_place(is_after=False)
    with op.batch_alter_table("declaration_answer") as table:
        table.alter_column("filing_row_id", existing_type=Key, nullable=False)
        table.drop_index("ix_declaration_answer_row")
        for name in _KEY:
            table.drop_column(name)
        table.create_foreign_key(_OLD_ANSWER, "filing_row", ["filing_row_id"], ["id"])
        table.create_index("ix_declaration_answer_row", ["filing_row_id"])


def _run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _types() -> dict[str, sa.types.TypeEngine[int]]:
    return {"filing_id": Key, "position": Key, "region_code": sa.Integer()}


def _rows_of(number: str) -> str:
    """Return the joins from a row's number to the row as it is named from now on."""
    return (
        f"JOIN filing_row r ON r.id = {number}"
        " JOIN _rebuilt_row n ON n.filing_id = r.filing_id AND n.position = r.position"
    )


def _name_answers() -> None:
    for name in _KEY:
        _run(
            f"UPDATE declaration_answer SET {name} = (SELECT n.{name} FROM filing_row r"
            " JOIN _rebuilt_row n ON n.filing_id = r.filing_id AND n.position = r.position"
            " WHERE r.id = declaration_answer.filing_row_id)"
        )


def _for_now(name: str) -> str:
    """Return what a key is called while PostgreSQL's old table still has its name."""
    return f"_rebuilt_{name}" if _is_postgresql() else name


def _create_rows(*, is_after: bool) -> None:
    constraints: list[sa.Constraint] = [
        sa.CheckConstraint("state BETWEEN 1 AND 4", name=op.f("ck_filing_row_state"))
    ]
    references = {"filing_id": "filing.id", "person_id": "person.id"}
    if is_after:
        references["region_code"] = "region.code"
    constraints += [
        sa.ForeignKeyConstraint([name], [to], f"fk_filing_row_{name}")
        for name, to in references.items()
    ]
    key = _KEY if is_after else ["id"]
    constraints.append(sa.PrimaryKeyConstraint(*key, name=_for_now("pk_filing_row")))
    if not is_after:
        name = _for_now("uq_filing_row_filing_id_position")
        constraints.append(sa.UniqueConstraint("filing_id", "position", name=name))
    first = [] if is_after else [sa.Column("id", Key, nullable=False, autoincrement=False)]
    region = [sa.Column("region_code", sa.Integer(), nullable=False)] if is_after else []
    op.create_table(
        "_rebuilt_row",
        *first,
        sa.Column("filing_id", Key, nullable=False),
        sa.Column("position", Key, nullable=False),
        *region,
        sa.Column("person_id", Key, nullable=True),
        sa.Column("row_values", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("row_key", sa.String(64), nullable=False),
        sa.Column("number_digest", sa.String(32), nullable=False),
        *constraints,
    )


def _create_hires(*, is_after: bool) -> None:
    key = _KEY if is_after else ["filing_row_id"]
    types = _types() | {"filing_row_id": Key}
    constraints: list[sa.Constraint] = [
        sa.ForeignKeyConstraint(
            ["closed_by_account_id"], ["account.id"], "fk_hire_follow_up_closed_by_account_id"
        ),
        sa.PrimaryKeyConstraint(*key, name=_for_now("pk_hire_follow_up")),
    ]
    if not _is_postgresql():
        # References are not held while tables change places.
        constraints.append(_of_row(is_after=is_after))
    op.create_table(
        "_rebuilt_hire",
        *(sa.Column(name, types[name], autoincrement=False, nullable=False) for name in key),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by_account_id", Key),
        *constraints,
        sqlite_with_rowid=not is_after,
    )


def _of_row(*, is_after: bool) -> sa.ForeignKeyConstraint:
    """Return the reference of what is followed up to its row, which is called so in a moment."""
    if is_after:
        to = [f"filing_row.{name}" for name in _KEY]
        return sa.ForeignKeyConstraint(_KEY, to, "fk_hire_follow_up_row")
    return sa.ForeignKeyConstraint(["filing_row_id"], ["filing_row.id"], _OLD_HIRE)


def _take_place(*, is_after: bool) -> None:
    op.drop_table("hire_follow_up")
    op.drop_table("filing_row")
    op.rename_table("_rebuilt_row", "filing_row")
    op.rename_table("_rebuilt_hire", "hire_follow_up")
    if _is_postgresql():
        _name_keys(is_after=is_after)
    op.create_index("ix_filing_row_person", "filing_row", ["person_id"])
    op.create_index(
        "uq_filing_row_applied",
        "filing_row",
        ["row_key", "region_code"] if is_after else ["row_key"],
        unique=True,
        sqlite_where=_APPLIED,
        postgresql_where=_APPLIED,
    )
    op.create_index(
        "ix_hire_follow_up_open",
        "hire_follow_up",
        ["opened_at"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _name_keys(*, is_after: bool) -> None:
    """Give PostgreSQL's keys the names that the old tables had until now."""
    keys = {"pk_filing_row": "filing_row", "pk_hire_follow_up": "hire_follow_up"}
    if not is_after:
        keys["uq_filing_row_filing_id_position"] = "filing_row"
    for name, table in keys.items():
        _run(f"ALTER TABLE {table} RENAME CONSTRAINT {_for_now(name)} TO {name}")
    if is_after:
        op.create_foreign_key("fk_hire_follow_up_row", "hire_follow_up", "filing_row", _KEY, _KEY)
        return
    op.create_foreign_key(_OLD_HIRE, "hire_follow_up", "filing_row", ["filing_row_id"], ["id"])
    _run("CREATE SEQUENCE filing_row_id_seq OWNED BY filing_row.id")
    _run("ALTER TABLE filing_row ALTER COLUMN id SET DEFAULT nextval('filing_row_id_seq')")
    _run("SELECT setval('filing_row_id_seq', coalesce(max(id), 1), count(*) > 0) FROM filing_row")
