"""On which days a reminder comes: so many days before the last day of something."""

from datetime import date, timedelta

from siweb.messages.message_kind import MessageKind


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
