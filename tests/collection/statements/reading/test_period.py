"""The time that a statement is of: whole days where midnights are written, else the instants."""

from datetime import datetime

import pytest

from siweb.clock import OFFICE_ZONE
from siweb.collection.statements.reading.aside import read_around, read_total
from siweb.collection.statements.reading.control import Stated
from siweb.collection.statements.reading.period import period_in, period_of


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_ZONE)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2026-11-01T00:00:00", "2026-11-30T00:00:00", ("2026-11-01", "2026-12-01")),
        ("2026-11-01", "2026-11-01", ("2026-11-01", "2026-11-02")),
        ("2026-11-02", "2026-11-01", None),
        ("2026-11-03", "2026-11-01", None),
        ("2026-11-01T08:00:00", "2026-11-01T09:00:00", ("2026-11-01T08:00", "2026-11-01T09:00")),
        ("2026-11-01T00:00:00", "2026-11-01T09:00:00", ("2026-11-01", "2026-11-01T09:00")),
        ("2026-11-01T09:00:00", "2026-11-01T09:00:00", None),
        ("2026-11-01T09:00:00", "2026-11-01T08:00:00", None),
        # Of the whole world's clock: midnight here is 16:00 there.
        ("2026-10-31T16:00:00+00:00", "2026-11-29T16:00:00Z", ("2026-11-01", "2026-12-01")),
        ("2026-11-01T00:00:00+00:00", "2026-11-01T01:00:00+00:00",
         ("2026-11-01T08:00", "2026-11-01T09:00")),
        ("9999-12-31", "9999-12-31", None),
        # An end that is open, and a beginning: here the calendar has no such day.
        ("2026-11-01T00:00:00Z", "9999-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00+14:00", "2026-11-01T00:00:00Z", None),
        ("soon", "2026-11-01", None),
        ("2026-11-01", "", None),
    ],
)  # fmt: skip
def test_a_period_is_read_from_its_two_ends(first, last, found):
    assert period_of(first, last) == (found and tuple(map(at, found)))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("起止日期:2026-11-01 至 2026-11-30", ("2026-11-01", "2026-12-01")),
        ("查询期间 20261101-20261102", ("2026-11-01", "2026-11-03")),
        ("Period from 2026/1/5 to 2026/12/6", ("2026-01-05", "2026-12-07")),
        ("起始日期:2026年11月1日 00:00:00 终止日期:2026年11月3日", ("2026-11-01", "2026-11-04")),
        ("起止日期:2026-11-30 至 2026-11-28", None),
        ("起止日期:2026-13-01 至 2026-13-02", None),
        ("打印日期:2026-11-01", None),
        ("2026-11-01 至 2026-11-30", None),
        ("", None),
    ],
)
def test_a_title_names_its_days_with_a_word_for_a_period(line, found):
    assert period_in(line) == (found and tuple(map(at, found)))


def test_no_count_has_more_than_twelve_digits():
    stated = Stated()
    assert read_total(["合计", "共1234567890123笔"], 1, None, stated)
    assert stated.count == 123_456_789_012
    assert not read_around(["甲公司"], Stated())
