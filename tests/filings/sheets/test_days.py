"""Days and months in the many shapes people write them; what may mean two is asked."""

import pytest

from siweb.documents.spreadsheets.reading.cell import Cell, CellKind
from siweb.filings.sheets import values
from siweb.filings.sheets.values import Unreadable


def read(reader, text, kind=CellKind.TEXT):
    try:
        return reader(Cell(kind, text))
    except Unreadable as unreadable:
        return unreadable.code


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-03T00:00:00", "2026-11-03"),
        ("2026/11/3 0:00", "2026-11-03"),
        ("2026年11月3日 星期二", "2026-11-03"),
        ("2026-11-03(周二)", "2026-11-03"),
        ("3-Nov-26", "2026-11-03"),
        ("03-NOV-2026", "2026-11-03"),
        ("Nov 3, 2026", "2026-11-03"),
        ("6-Oct-2026", "2026-10-06"),
        ("26年11月3日", "2026-11-03"),
        ("26/11/2026", "2026-11-26"),
        ("11/26/2026", "2026-11-26"),
        ("12/13/2026", "2026-12-13"),
        ("11/11/2026", "2026-11-11"),
        ("46329", "2026-11-03"),
        ("46329.5", "2026-11-03"),
        ("18264", "1950-01-01"),
        ("18263", "cell_day"),
        ("109574", "2199-12-31"),
        ("109575", "cell_day"),
        ("46329.9999999", "2026-11-04"),
        ("20261", "cell_day_unclear"),
        ("2026 11 03", "2026-11-03"),
        ("2026-11-03T08:00:00+08:00", "2026-11-03"),
        ("2026-11-02T16:00:00.000Z", "cell_day_unclear"),
        ("2026-11-02T16:00:00+00:00", "cell_day_unclear"),
        ("2026Q4-1", "cell_day"),
        ("2026-11-03至12", "cell_day"),
        ("26/11/3", "cell_day_unclear"),
        ("3/11/2026", "cell_day_unclear"),
        ("12/11/2026", "cell_day_unclear"),
        ("11/12/2026", "cell_day_unclear"),
        ("11月3日", "cell_day_unclear"),
        ("26-Nov", "cell_day_unclear"),
        ("OCT-26", "cell_day_unclear"),
        ("13/13/2026", "cell_day"),
        ("2026-02-29", "cell_day"),
        ("3-Foo-26", "cell_day"),
        ("soon", "cell_day"),
    ],
)
def test_a_day_is_read_or_asked(written, day):
    assert read(values.day, written) == day


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("Nov-26", "2026-11"),
        ("2026Q4", "cell_month"),
        ("2026年4季度", "cell_month"),
        ("2026第4", "cell_month"),
        ("2026H1", "cell_month"),
        ("2026/11/", "2026-11"),
        ("2026、11月份", "2026-11"),
        ("20261", "cell_month_unclear"),
        ("NOV-26", "2026-11"),
        ("Nov 2026", "2026-11"),
        ("November-2026", "2026-11"),
        ("2026-Nov", "2026-11"),
        ("26年11月", "2026-11"),
        ("26年11月份", "2026-11"),
        ("2026年11月份", "2026-11"),
        ("11/2026", "2026-11"),
        ("2026-11-03", "2026-11"),
        ("3-Nov-26", "2026-11"),
        ("2.02611E+05", "2026-11"),
        ("12/2026", "2026-12"),
        ("13/2026", "cell_month"),
        ("26-11", "cell_month_unclear"),
        ("26/11", "cell_month_unclear"),
        ("26/11/3", "cell_month_unclear"),
        ("26-Nov", "cell_month_unclear"),
        ("11月", "cell_month_unclear"),
        ("Foo-26", "cell_month"),
        ("2026.1", "cell_month"),
    ],
)
def test_a_month_is_read_or_asked(written, month):
    assert read(values.month, written) == month


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("8,000", 800_000),
        ("1,234,567.89", 123_456_789),
        ("8 000", 800_000),
        ("８，０００．５", 800_050),
        ("RMB 8000", 800_000),
        ("人民币8000元整", 800_000),
        ("8000元/月", 800_000),
        ("8.000E+03", 800_000),
        ("8.0005E+03", 800_050),
        ("9500,5", "cell_money"),
        ("8,00,0", "cell_money"),
        ("9,5005", "cell_money"),
        ("1,2,000", "cell_money"),
        (",800", "cell_money"),
        ("8000,", "cell_money"),
        ("1234,567", "cell_money"),
        ("80 00", "cell_money"),
        ("8.0E+03", "cell_number_short"),
        ("8.00E+03", "cell_number_short"),
        ("1.2E+06", "cell_number_short"),
        ("(500)", "cell_money"),
        ("8千", "cell_money"),
    ],
)
def test_an_amount_is_read_only_as_it_can_be_meant(written, fen):
    assert read(values.fen, written) == fen


@pytest.mark.parametrize(
    ("kept", "fen"),
    [("8.0E+03", 800_000), ("9.500500000000000E+03", 950_050), ("1.2E-3", "cell_money")],
)
def test_a_number_that_a_file_keeps_has_all_its_digits(kept, fen):
    assert read(values.fen, kept, CellKind.NUMBER) == fen


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("12", 12),
        ("12.0", 12),
        ("12个月", 12),
        ("9 月", 9),
        ("1.5", "cell_number"),
        ("", "cell_number"),
    ],
)
def test_a_whole_number_may_name_its_months(written, whole):
    assert read(values.whole, written) == whole


@pytest.mark.parametrize(
    ("written", "mobile"),
    [
        ("+86 138-0000-1234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("1.38E+10", "cell_number_short"),
        ("021-61234567", "cell_mobile"),
        ("12800001234", "cell_mobile"),
    ],
)
def test_a_mobile_number_is_read_by_the_one_reader(written, mobile):
    assert read(values.mobile, written) == mobile
    assert read(values.mobile, "1.3800001234E10", CellKind.NUMBER) == "13800001234"


def test_an_id_number_is_read_from_between_marks_that_nobody_sees():
    assert read(values.id_number, "\u202d310101199003070115\u202c") == "310101199003070115"
    assert read(values.id_number, "3.10101E+17") == "310101000000000000"


def test_what_a_sheet_counts_as_a_day_is_no_month_in_digits():
    assert read(values.month, "202611") == "2026-11"
    assert read(values.month, "202611", CellKind.DAY) == "cell_month"
