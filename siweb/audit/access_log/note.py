"""Note who was shown whose data: one statement, however many people a page or a file names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, cast, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from siweb import clock
from siweb.audit.access_log.entry import AccessLogEntry
from siweb.audit.access_log.reason import Function, Reason
from siweb.audit.access_log.store import AccessLog
from siweb.audit.actor import Channel
from siweb.db.among import each
from siweb.rules.errors import Refusal

# One entry for whoever looks at somebody for a reason on a day; the rest is counted in it.
KEY = ("person_id", "on_day", "account_id", "employer_id", "function", "reason", "channel")


class AccessNotNoted(Refusal):
    """When the log cannot be written: what would have been noted must not be shown."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is shown another person's data."""

    account_id: int
    # Their own data are theirs to see, and are not noted.
    person_id: int
    function: Function
    channel: Channel
    employer_id: int | None = None
    region_code: str = ""


def note_access(
    log: AccessLog, person_ids: Iterable[int], viewer: Viewer, reason: Reason, *, at: datetime
) -> int:
    """Add an entry for each person but the viewer, and commit; return for how many.

    :raises AccessNotNoted: when it cannot be written, whatever the cause.
    """
    # Sorted: two exports of one roster take their rows in the same order, and none waits for both.
    others = sorted({*person_ids} - {viewer.person_id})
    if not others:
        return 0
    try:
        with log.begin() as session:
            of_postgresql = session.get_bind().dialect.name == "postgresql"
            insert = postgresql.insert if of_postgresql else sqlite.insert
            shown = each(others)
            values: dict[str, Any] = {
                "person_id": cast(shown.c.value, BigInteger),
                "on_day": literal(clock.office_day(at)),
                "account_id": literal(viewer.account_id, BigInteger),
                "employer_id": literal(viewer.employer_id or 0, BigInteger),
                "function": literal(viewer.function.value),
                "reason": literal(reason.value),
                "channel": literal(viewer.channel.value),
                "region_code": literal(viewer.region_code),
                "times": literal(1),
                "first_at": literal(at, AccessLogEntry.first_at.type),
                "last_at": literal(at, AccessLogEntry.last_at.type),
            }
            # WHERE true: SQLite would read ON CONFLICT as the ON of a join.
            rows = select(*values.values()).where(literal(value=True)).order_by(shown.c.value)
            statement = insert(AccessLogEntry).from_select(list(values), rows)
            session.execute(
                statement.on_conflict_do_update(
                    index_elements=KEY,
                    set_={
                        "times": AccessLogEntry.times + 1,
                        "last_at": statement.excluded.last_at,
                    },
                )
            )
    except (SQLAlchemyError, OSError) as error:
        raise AccessNotNoted("not_noted", people=len(others)) from error
    return len(others)
