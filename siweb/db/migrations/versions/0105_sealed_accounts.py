"""Accounts of payers and payees are sealed, as ID numbers are: in their rows, in tasks, in changes.

The keys are read from where the office keeps them, as 0045 does. Going back writes them out again.
"""

import base64
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None

_AT_A_TIME = 5_000
_COLUMNS = (
    ("payout", "payee_account", ("id",), 34),
    ("payment_file_line", "payee_account", ("payment_file_id", "number"), 34),
    ("payment", "payer_account", ("id",), 40),
    ("held_entry", "payer_account", ("id",), 40),
)
_CHANGE_KEY = ("region_code", "book", "recorded_on", "row_key", "column_name", "place")
_TASK = sa.table("task", sa.column("id"), sa.column("kind"), sa.column("change", sa.JSON()))


def upgrade() -> None:
    for table, name, key, _length in _COLUMNS:
        op.add_column(table, sa.Column("anew", sa.LargeBinary(), nullable=True))
        _change(table, name, key, _seal)
        op.drop_column(table, name)
        op.execute(sa.text(f"ALTER TABLE {table} RENAME COLUMN anew TO {name}"))
    _change_tasks(_seal_text)
    _change_changes(_seal_text)


def downgrade() -> None:
    for table, name, key, length in _COLUMNS:
        # With its default for whatever has no account; every writer gives a value.
        anew = sa.Column("anew", sa.String(length), nullable=False, server_default="")
        op.add_column(table, anew)
        _change(table, name, key, _unseal)
        op.drop_column(table, name)
        op.execute(sa.text(f"ALTER TABLE {table} RENAME COLUMN anew TO {name}"))
    _change_tasks(_unseal_text)
    _change_changes(_unseal_text)


def _change(table: str, name: str, key: Sequence[str], changed: Callable[[Any], Any]) -> None:
    """Write each value into the column that takes its place; an empty one stays empty."""
    known = sa.table(table, *map(sa.column, key), sa.column(name), sa.column("anew"))
    for rows in _portions(known, key, known.c[name].is_not(None)):
        given = [
            {
                **{f"of_{part}": row[place] for place, part in enumerate(key)},
                "new": changed(row[-1]),
            }
            for row in rows
            if row[-1]
        ]
        if given:
            found = (known.c[part] == sa.bindparam(f"of_{part}") for part in key)
            write = sa.update(known).where(*found).values(anew=sa.bindparam("new"))
            op.get_bind().execute(write, given)


def _portions(known: Any, key: Sequence[str], *where: Any) -> Iterator[Sequence[Any]]:
    columns = [known.c[part] for part in key]
    value = next(column for column in known.c if column.name not in (*key, "anew"))
    asked = sa.select(*columns, value).where(*where).order_by(*columns).limit(_AT_A_TIME)
    after: Sequence[Any] | None = None
    while True:
        beyond = [] if after is None else [sa.tuple_(*columns) > sa.tuple_(*after)]
        rows = op.get_bind().execute(asked.where(*beyond)).all()
        if not rows:
            return
        yield rows
        after = rows[-1][: len(key)]


def _change_tasks(changed: Callable[[str], str]) -> None:
    """Change what tasks keep of accounts: that of a payee, and those of a file's lines."""
    tasks = op.get_bind().execute(
        sa.select(_TASK.c.id, _TASK.c.kind, _TASK.c.change).where(
            _TASK.c.kind.in_(("payout.payee", "payout.release"))
        )
    )
    for number, kind, change in tasks.all():
        new = dict(change)
        if kind == "payout.payee":
            new["account"] = changed(change["account"])
        else:
            new["shown"] = [[*of[:2], changed(of[2]), *of[3:]] for of in change["shown"]]
        write = sa.update(_TASK).where(_TASK.c.id == number).values(change=new)
        op.get_bind().execute(write)


def _change_changes(changed: Callable[[str], str]) -> None:
    """Change what was said of a payee's account before and after a lawful change."""
    known = sa.table("book_change", *map(sa.column, (*_CHANGE_KEY, "was", "now")))
    rows = op.get_bind().execute(
        sa.select(*known.c).where(known.c.book == "payout", known.c.column_name == "payee_account")
    )
    for row in rows.mappings().all():
        found = (known.c[part] == row[part] for part in _CHANGE_KEY)
        new = {name: changed(row[name]) for name in ("was", "now")}
        op.get_bind().execute(sa.update(known).where(*found).values(new))


def _keys() -> Any:
    """Return the office's keys, as whoever migrates holds them."""
    return context.config.attributes["field_keys"]()


def _seal(text: str) -> bytes:
    return bytes(_keys().seal(text))


def _unseal(kept: bytes) -> str:
    return str(_keys().unseal(bytes(kept)))


def _seal_text(text: str) -> str:
    return base64.b64encode(_seal(text)).decode()


def _unseal_text(kept: str) -> str:
    return _unseal(base64.b64decode(kept))
