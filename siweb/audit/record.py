"""Write the activity log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from siweb import clock
from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.audit.chain.link import UnsealedActivity

_LINES = cast("Table", Activity.__table__)
_WAITING = cast("Table", UnsealedActivity.__table__)
_GIVEN: dict[str, Any] = {
    column.name: bindparam(column.name) for column in _LINES.c if column.name != "id"
}
_WRITE = insert(_LINES).values(_GIVEN).returning(_LINES.c.id)
_WAIT = insert(_WAITING)
_WRITTEN = _WRITE.cte("written")
# PostgreSQL does both in one statement: one way there and back instead of two.
_WRITE_AND_WAIT = insert(_WAITING).from_select(
    ["activity_id", "written_at"],
    select(_WRITTEN.c.id, bindparam("written_at", type_=_WAITING.c.written_at.type)),
)


def record_activity(
    session: Session,
    action: str,
    *,
    actor: Actor,
    at: datetime,
    subject: tuple[str, int | str],
    person_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Add one line: `action` in the past tense, e.g. "review.submitted".

    `facts` hold no ID number. Nobody waits for another's line: it is sealed after the commit.
    """
    line = {
        "at": at,
        "account_id": actor.account_id,
        "person_id": person_id,
        "employer_id": actor.on_behalf_of_employer_id,
        "channel": actor.channel.value,
        "action": action,
        "subject_kind": subject[0],
        "subject_id": str(subject[1]),
        "facts": dict(facts or {}),
    }
    # What the line is about is there before it, and has its number.
    session.flush()
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_WRITE_AND_WAIT, {**line, "written_at": clock.now()})
        return
    line_id = connection.scalar(_WRITE, line)
    connection.execute(_WAIT, {"activity_id": line_id, "written_at": clock.now()})
