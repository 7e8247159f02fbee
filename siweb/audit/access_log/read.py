"""Who was shown my data: by day, the latest first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import select

from siweb.audit.access_log.entry import AccessLogEntry
from siweb.audit.access_log.reason import Function
from siweb.audit.access_log.store import AccessLog
from siweb.db.among import among

PAGE = 50
"""Entries of a page."""


@dataclass(frozen=True, slots=True)
class AccessDay:
    """What others were shown on one day."""

    on: date
    entries: list[AccessLogEntry]


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Some of the days, and whether earlier ones follow."""

    days: list[AccessDay]
    has_more: bool


def access_page(
    log: AccessLog,
    person_keys: Collection[int],
    functions: Iterable[Function] = Function,
    *,
    page: int = 1,
) -> AccessPage:
    """Return a page of what others were shown of a person in some functions; one statement."""
    with log.session() as session:
        found = session.scalars(
            select(AccessLogEntry)
            .where(
                among(AccessLogEntry.person_id, person_keys),
                AccessLogEntry.function.in_(sorted(functions)),
            )
            .order_by(
                AccessLogEntry.on_day.desc(),
                AccessLogEntry.last_at.desc(),
                AccessLogEntry.reason,
                AccessLogEntry.account_id,
            )
            .limit(PAGE + 1)
            .offset((page - 1) * PAGE)
        ).all()
        session.expunge_all()
    by_day = groupby(found[:PAGE], lambda row: row.on_day)
    return AccessPage([AccessDay(on, list(rows)) for on, rows in by_day], len(found) > PAGE)
