"""What people typed into forms of several pages is sealed: bank accounts and numbers among it."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None

_AT_A_TIME = 2_000
_SEALED, _PLAIN = sa.LargeBinary(), sa.JSON()


def upgrade() -> None:
    _change(_PLAIN, _SEALED, lambda typed: bytes(_keys().seal(json.dumps(typed))))


def downgrade() -> None:
    _change(_SEALED, _PLAIN, lambda kept: json.loads(_keys().unseal(bytes(kept))))


def _change(before: Any, after: Any, changed: Callable[[Any], Any]) -> None:
    op.add_column("draft_answer", sa.Column("anew", after, nullable=True))
    known = sa.table(
        "draft_answer", sa.column("id"), sa.column("typed", before), sa.column("anew", after)
    )
    for rows in _portions(known):
        op.get_bind().execute(
            sa.update(known)
            .where(known.c.id == sa.bindparam("of"))
            .values(anew=sa.bindparam("new")),
            [{"of": row.id, "new": changed(row.typed)} for row in rows],
        )
    with op.batch_alter_table("draft_answer") as batch:
        batch.drop_column("typed")
        batch.alter_column("anew", existing_type=after, nullable=False)
    op.execute(sa.text("ALTER TABLE draft_answer RENAME COLUMN anew TO typed"))


def _portions(known: Any) -> Iterator[Sequence[Any]]:
    after = 0
    asked = sa.select(known.c.id, known.c.typed).order_by(known.c.id).limit(_AT_A_TIME)
    while rows := op.get_bind().execute(asked.where(known.c.id > after)).all():
        yield rows
        after = rows[-1].id


def _keys() -> Any:
    """Return the office's keys, as whoever migrates holds them."""
    return context.config.attributes["field_keys"]()
