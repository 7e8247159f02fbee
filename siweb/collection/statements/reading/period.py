"""The time that a statement is of, where it states it."""

import re
from datetime import date, datetime, time, timedelta

from siweb.clock import OFFICE_ZONE

Period = tuple[datetime, datetime]
"""From a moment on, until just before another."""
_DAY = r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?"
_LABELLED = re.compile(
    rf"(?:起止|期间|区间|时间段|日期范围|起始|开始|period|from)[^\d]{{0,12}}{_DAY}"
    rf"(?:[ T]*\d\d:\d\d(?::\d\d)?)?[^\d]{{1,16}}{_DAY}",
    re.IGNORECASE | re.ASCII,
)


def period_of(first: str, last: str) -> Period | None:
    """Return the time between two ISO instants; None where it cannot be read or is none.

    Two midnights are two days, and the second day is of it: banks write whole days so.
    """
    try:
        begins, ends = (office_instant(text) for text in (first, last))
    except ValueError:
        return None
    if begins.time() == ends.time() == time.min:
        return _days(begins.date(), ends.date())
    return (begins, ends) if begins < ends else None


def period_in(line: str) -> Period | None:
    """Return the days that a title line of a table names with a word for a period."""
    match = _LABELLED.search(line)
    if match is None:
        return None
    numbers = [int(part) for part in match.groups()]
    try:
        return _days(date(*numbers[:3]), date(*numbers[3:]))
    except ValueError:
        return None


def office_instant(text: str) -> datetime:
    """Return the instant of an ISO date with its time, in the office's zone.

    :raises ValueError: for anything else, and where that zone's calendar has no such day: banks
        write 9999-12-31T23:59:59Z for an end that is open.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        return at.replace(tzinfo=OFFICE_ZONE)
    try:
        return at.astimezone(OFFICE_ZONE)
    except OverflowError as error:
        raise ValueError(text) from error


def _days(first: date, last: date) -> Period | None:
    try:
        begins, ends = (
            datetime.combine(on, time.min, OFFICE_ZONE) for on in (first, last + timedelta(days=1))
        )
    except OverflowError:
        return None
    return (begins, ends) if begins < ends else None
