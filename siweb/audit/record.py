"""Write the activity log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ScalarSelect,
    Table,
    bindparam,
    column,
    func,
    insert,
    literal,
    select,
    table,
)
from sqlalchemy.orm import Session

from siweb import clock
from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.audit.chain.link import UnsealedActivity
from siweb.db.next_number import next_number
from siweb.db.types import OFFICE, RegionCode

_LINES = cast("Table", Activity.__table__)
_WAITING = cast("Table", UnsealedActivity.__table__)


def _region_of(name: str) -> ScalarSelect[str]:
    """Return the region of the person or employer that a line names; none where it names none.

    By bare names: the register writes this log, and must not be needed by it.
    """
    register = table(name, column("id"), column("region_code", RegionCode()))
    asked = register.c.id == bindparam(f"{name}_id", type_=_LINES.c[f"{name}_id"].type)
    return select(register.c.region_code).where(asked).scalar_subquery()


_GIVEN: dict[str, Any] = {
    part.name: bindparam(part.name) for part in _LINES.c if part.name not in ("id", "region_code")
}
_WRITE = (
    insert(_LINES)
    .values(
        {
            "id": next_number(Activity.id, {}),
            "region_code": func.coalesce(
                _region_of("person"), _region_of("employer"), literal(OFFICE, RegionCode())
            ),
            **_GIVEN,
        }
    )
    .returning(_LINES.c.id, _LINES.c.region_code)
)
_WAIT = insert(_WAITING)
_WRITTEN = _WRITE.cte("written")
# PostgreSQL does both in one statement: one way there and back instead of two.
_WRITE_AND_WAIT = insert(_WAITING).from_select(
    ["activity_id", "region_code", "written_at"],
    select(
        _WRITTEN.c.id,
        _WRITTEN.c.region_code,
        bindparam("written_at", type_=_WAITING.c.written_at.type),
    ),
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
    written = connection.execute(_WRITE, line).one()
    waits = {"activity_id": written.id, "region_code": written.region_code}
    connection.execute(_WAIT, waits | {"written_at": clock.now()})
