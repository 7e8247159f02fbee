"""The one door to the wall clock: entry points ask here, everything below is told the day."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return this instant in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the calendar day at the office, in Chinese standard time."""
    return now().astimezone(OFFICE_ZONE).date()


def office_day(at: datetime) -> date:
    """Return the calendar day at the office for an instant."""
    return at.astimezone(OFFICE_ZONE).date()


def start_of_day(day: date) -> datetime:
    """Return the first instant of a day at the office."""
    return datetime.combine(day, time(), OFFICE_ZONE)
