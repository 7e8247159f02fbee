"""Who was shown my data: by day, the latest first."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import select

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.audit.access_log.store import AccessLog
from siweb.db.among import among

# A year of days on which somebody looks daily for several reasons.
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class AccessDay:
    """What others were shown on one day."""

    on: date
    entries: list[AccessLogEntry]


def access_days(log: AccessLog, *person_keys: int) -> list[AccessDay]:
    """Return the days on which others were shown data of a person's keys; one statement."""
    with log.session() as session:
        found = session.scalars(
            select(AccessLogEntry)
            .where(among(AccessLogEntry.person_id, person_keys))
            .order_by(
                AccessLogEntry.on_day.desc(),
                AccessLogEntry.last_at.desc(),
                AccessLogEntry.reason,
                AccessLogEntry.account_id,
            )
            .limit(_MOST)
        ).all()
        session.expunge_all()
    return [AccessDay(on, list(rows)) for on, rows in groupby(found, lambda row: row.on_day)]
