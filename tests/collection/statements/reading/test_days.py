"""The day of an entry, as banks write it, with a time and a zone or without."""

from datetime import date

import pytest

from siweb.collection.statements.reading.camt_entry import office_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-03", date(2026, 11, 3)),
        ("2026-11-03+08:00", date(2026, 11, 3)),
        ("2026-11-03T23:59:59", date(2026, 11, 3)),
        # Midnight here is 16:00 there.
        ("2026-11-02T16:00:00Z", date(2026, 11, 3)),
        ("9999-12-31", date(9999, 12, 31)),
    ],
)
def test_a_day_is_that_of_the_office(text, day):
    assert office_date(text) == day


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-02-30", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"]
)
def test_what_is_no_day_here_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        office_date(text)
