"""The activity log's chain stands apart from its lines, and lines wait for it after their commit.

The hashes of before become the first links, as they are. Old code does not run on it: two columns
go. Going back chains every line by the plain hash of before, in the order of the ids.
"""

import hashlib
import json
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

ROWS_AT_A_TIME = 2_000
ACTIVITY = sa.table(
    "activity",
    sa.column("id", Key),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("account_id", Key),
    sa.column("person_id", Key),
    sa.column("employer_id", Key),
    sa.column("channel", sa.String()),
    sa.column("action", sa.String()),
    sa.column("subject_kind", sa.String()),
    sa.column("subject_id", sa.String()),
    sa.column("facts", sa.JSON()),
    sa.column("previous_hash", sa.String()),
    sa.column("row_hash", sa.String()),
)
LINK = sa.table(
    "activity_link",
    sa.column("position", Key),
    sa.column("activity_id", Key),
    sa.column("key_mark", sa.String()),
    sa.column("link_hash", sa.LargeBinary()),
    sa.column("sealed_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.create_table(
        "activity_link",
        sa.Column("position", Key, primary_key=True, autoincrement=False),
        sa.Column("activity_id", Key, sa.ForeignKey("activity.id"), nullable=False),
        sa.Column("key_mark", sa.String(8), nullable=True),
        sa.Column("link_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("activity_id", name=op.f("uq_activity_link_activity_id")),
    )
    op.create_table(
        "activity_unsealed",
        sa.Column(
            "activity_id", Key, sa.ForeignKey("activity.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
    )
    _keep_hashes()
    with op.batch_alter_table("activity") as batch:
        batch.drop_constraint(op.f("uq_activity_row_hash"), type_="unique")
        batch.drop_column("previous_hash")
        batch.drop_column("row_hash")


def downgrade() -> None:
    with op.batch_alter_table("activity") as batch:
        batch.add_column(sa.Column("previous_hash", sa.String(64), nullable=True))
        batch.add_column(sa.Column("row_hash", sa.String(64), nullable=True))
    _chain_again()
    with op.batch_alter_table("activity") as batch:
        batch.alter_column("previous_hash", existing_type=sa.String(64), nullable=False)
        batch.alter_column("row_hash", existing_type=sa.String(64), nullable=False)
        batch.create_unique_constraint(op.f("uq_activity_row_hash"), ["row_hash"])
    op.drop_table("activity_unsealed")
    op.drop_table("activity_link")


def _pieces(columns: Any) -> Any:
    """Yield the lines in the order of their ids, a few at a time."""
    last = 0
    while lines := (
        op.get_bind()
        .execute(columns.where(ACTIVITY.c.id > last).order_by(ACTIVITY.c.id).limit(ROWS_AT_A_TIME))
        .all()
    ):
        yield lines
        last = lines[-1].id


def _keep_hashes() -> None:
    position = 0
    for lines in _pieces(sa.select(ACTIVITY)):
        links = []
        for line in lines:
            position += 1
            links.append(
                {
                    "position": position,
                    "activity_id": line.id,
                    "link_hash": _bytes(line.row_hash),
                    "sealed_at": line.at,
                }
            )
        op.get_bind().execute(sa.insert(LINK), links)


def _bytes(row_hash: str) -> bytes:
    """Return a hash as bytes; one that is none was put there, and must not look like one."""
    try:
        return bytes.fromhex(row_hash)
    except ValueError:
        return row_hash.encode()


def _chain_again() -> None:
    previous = "0" * 64
    joined = ACTIVITY.outerjoin(LINK, LINK.c.activity_id == ACTIVITY.c.id)
    links = sa.select(ACTIVITY, LINK.c.key_mark, LINK.c.link_hash).select_from(joined)
    for lines in _pieces(links):
        hashes = []
        for line in lines:
            had_one = line.link_hash is not None and line.key_mark is None
            row_hash = line.link_hash.hex() if had_one else _plain_hash(previous, line)
            hashes.append({"the_id": line.id, "previous": previous, "hash": row_hash})
            previous = row_hash
        op.get_bind().execute(
            sa.update(ACTIVITY)
            .where(ACTIVITY.c.id == sa.bindparam("the_id"))
            .values(previous_hash=sa.bindparam("previous"), row_hash=sa.bindparam("hash")),
            hashes,
        )


def _plain_hash(previous: str, line: Any) -> str:
    at = line.at.replace(tzinfo=UTC) if line.at.tzinfo is None else line.at.astimezone(UTC)
    hashed = [previous, at.isoformat(), line.account_id, line.person_id, line.channel, line.action]
    hashed += [line.subject_kind, line.subject_id, line.facts]
    if line.employer_id is not None:
        hashed.append(line.employer_id)
    text = json.dumps(hashed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
