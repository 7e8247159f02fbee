from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.rules.calendar.months import (
    MonthRefused,
    add_months,
    corresponding_day,
    first_day,
    last_day,
    month_at,
    month_index,
    month_of,
    months_between,
    months_through,
    parse_month,
)


@pytest.mark.parametrize("text", ["0001-01", "2025-12", "9999-12", "1949-10"])
def test_a_month_is_a_year_and_a_month(text):
    assert parse_month(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025",
        "2025-00",
        "2025-13",
        "2025-1",
        "0000-01",
        "2025-01-01",
        "25-01",
        " 2025-01",
        "２０２５-01",
    ],
)
def test_anything_else_is_refused_with_its_text(text):
    with pytest.raises(MonthRefused) as refused:
        parse_month(text)

    assert (refused.value.code, refused.value.facts) == ("month", {"text": text})


@pytest.mark.parametrize(
    ("month", "count", "later"),
    [
        ("2025-01", 0, "2025-01"),
        ("2025-12", 1, "2026-01"),
        ("2025-01", -1, "2024-12"),
        ("1965-12", 723, "2026-03"),
        ("0001-02", -1, "0001-01"),
        ("9999-11", 1, "9999-12"),
    ],
)
def test_months_are_added_over_the_years(month, count, later):
    assert add_months(month, count) == later
    assert months_between(month, later) == count


@pytest.mark.parametrize(("month", "count", "year"), [("0001-01", -1, 0), ("9999-12", 1, 10000)])
def test_counting_out_of_the_calendar_is_refused(month, count, year):
    with pytest.raises(MonthRefused) as refused:
        add_months(month, count)

    assert (refused.value.code, refused.value.facts) == ("month_range", {"year": year})


def test_months_through_includes_both_ends():
    assert list(months_through("2024-11", "2025-02")) == [
        "2024-11",
        "2024-12",
        "2025-01",
        "2025-02",
    ]
    assert list(months_through("2024-11", "2024-11")) == ["2024-11"]
    assert list(months_through("2024-12", "2024-11")) == []


@pytest.mark.parametrize(
    ("month", "last"),
    [
        ("2024-02", date(2024, 2, 29)),
        ("2025-02", date(2025, 2, 28)),
        ("2000-02", date(2000, 2, 29)),
        ("1900-02", date(1900, 2, 28)),
        ("2025-04", date(2025, 4, 30)),
        ("9999-12", date(9999, 12, 31)),
    ],
)
def test_first_and_last_day(month, last):
    assert last_day(month) == last
    assert first_day(month) == last.replace(day=1)
    assert month_of(last) == month


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2023, 12, 5), 12, date(2024, 12, 5)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
    ],
)
def test_the_corresponding_day_or_the_end_of_the_month(day, months, end):
    assert corresponding_day(day, months) == end


@given(st.integers(min_value=12, max_value=9999 * 12 + 11))
def test_index_and_month_are_each_others_inverse(index):
    assert month_index(month_at(index)) == index


def test_early_years_keep_their_zeros_so_that_months_sort_as_text():
    assert month_of(date(987, 6, 5)) == "0987-06"
