"""On which days a reminder comes: so many days before the last day of something."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from siweb.clock import start_of_day
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import day_of, notify_each


def last_reminded(kind: MessageKind, on: date) -> date:
    """Return the latest day of which a kind reminds on a day."""
    return on + timedelta(days=max(kind.days_before))


def reminded_on(kind: MessageKind, last_day: date, on: date) -> date | None:
    """Return under which day the reminder of `last_day` stands that is due by now, or None.

    Of several that were missed only the nearest is given, and none once the day is over: whatever
    day it is run, the same reminder stands under the same day, and comes once.
    """
    reached = [days for days in kind.days_before if last_day - timedelta(days=days) <= on]
    return last_day - timedelta(days=min(reached)) if reached and on <= last_day else None


def remind_of(
    session: Session, kind: MessageKind, what: Select[Any], *, on: date, at: datetime
) -> int:
    """Remind of everything whose last day is near, one statement for each day; return how many.

    `what` gives, under these names, the `region` and `subject` of the message, its `reader`, the
    `last_day`, and since when (`known_at`) the reader knows of it. Who was told after the day of a
    reminder is not told the same at once again.
    """
    waits = what.subquery("waits").c
    near = waits.last_day.between(on, last_reminded(kind, on))
    notified = 0
    for last_day in session.scalars(select(waits.last_day).where(near).distinct()).all():
        notified_on = reminded_on(kind, last_day, on)
        if notified_on is None:
            continue
        whom = select(
            waits.region, waits.subject, day_of(notified_on), waits.reader, waits.last_day
        ).where(waits.last_day == last_day, waits.known_at < start_of_day(notified_on))
        notified += notify_each(session, kind, whom, at=at)
    return notified
