"""Seal what the activity log holds: chain the lines that were committed, in one place only."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, delete, func, insert, select, text
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.audit.chain.hashing import FIRST, FORM, LINE, ChainKeys
from siweb.audit.chain.link import ActivityLink, UnsealedActivity, is_line
from siweb.db.among import among

# A line is sealed so long after its commit at the latest.
PROMISE = timedelta(seconds=2)
# In one transaction: SQLite lets nobody else write meanwhile.
LINES_A_PIECE = 2_000
_LAST = (
    select(ActivityLink.position, ActivityLink.link_hash, ActivityLink.key_mark)
    .order_by(ActivityLink.position.desc())
    .limit(1)
)
_WAITING = (
    select(*LINE, ActivityLink.position)
    .join(UnsealedActivity, is_line(UnsealedActivity))
    .outerjoin(ActivityLink, is_line(ActivityLink))
    .order_by(Activity.id)
    .limit(LINES_A_PIECE)
)
# Any number that nothing else of this database locks; 7345 is the interest run's.
_SEALER_LOCK = 7302


class Late(NamedTuple):
    """How many lines wait for too long, and since when."""

    lines: int
    since: datetime


class OtherKey(Exception):
    """The chain ends under a key that is not here; the message is the key's mark."""


def seal_lines(
    session: Session,
    keys: ChainKeys,
    *,
    at: datetime,
    waits: bool = False,
    begins_anew: bool = False,
) -> int:
    """Seal lines that wait and return how many, 0 when there are none; commit at once.

    Another sealer is waited for or, without `waits`, left to its work. A line whose transaction
    ended after that of a later id simply comes later in the chain: nothing is skipped.

    :raises OtherKey: when the last link was made with a key that is not among these, unless the
        chain `begins_anew` with the present one.
    """
    if not _is_alone(session, waits):
        return 0
    last = session.execute(_LAST).first()
    position, previous = (last.position, last.link_hash) if last else (0, FIRST)
    if last and last.key_mark is not None and last.key_mark not in keys and not begins_anew:
        raise OtherKey(last.key_mark)
    waiting = session.execute(_WAITING).all()
    links: list[dict[str, Any]] = []
    for line in waiting:
        if line.position is not None:
            continue  # somebody put it there a second time
        position += 1
        previous = keys.link_hash(keys.mark, previous, position, line, at)
        links.append(
            {
                "position": position,
                "activity_id": line.id,
                "region_code": line.region_code,
                "hash_form": FORM,
                "key_mark": keys.mark,
                "link_hash": previous,
                "sealed_at": at,
            }
        )
    if links:
        session.execute(insert(ActivityLink), links)
    if waiting:
        done = among(UnsealedActivity.activity_id, [line.id for line in waiting])
        session.execute(delete(UnsealedActivity).where(done))
    return len(waiting)


def old_end(session: Session) -> Row[int, bytes, str | None] | None:
    """Return the last link where it was made without a key, None where there is none such."""
    last = session.execute(_LAST).first()
    return last if last and last.key_mark is None else None


def is_waiting(session: Session) -> bool:
    """Return whether a line waits to be sealed."""
    return session.scalar(select(UnsealedActivity.activity_id).limit(1)) is not None


def late_lines(session: Session, *, written_before: datetime) -> Late | None:
    """Return the lines of before an instant that wait still, None when there are none."""
    lines, since = session.execute(
        select(func.count(), func.min(UnsealedActivity.written_at)).where(
            UnsealedActivity.written_at < written_before
        )
    ).one()
    return Late(lines, since) if lines else None


def _is_alone(session: Session, waits: bool) -> bool:
    """Let one sealer at a time go on, until it commits: SQLite has one writer anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    function = "pg_advisory_xact_lock" if waits else "pg_try_advisory_xact_lock"
    got = session.scalar(text(f"SELECT {function}(:lock)"), {"lock": _SEALER_LOCK})
    return got is not False
