"""A bank's table is read cell by cell: amounts on one side or two, days, totals, what is no entry."""

from datetime import date

import pytest

from siweb.collection.statements.reading.aside import read_account, read_around, read_total
from siweb.collection.statements.reading.control import Stated
from siweb.collection.statements.reading.csv_mapping import CsvMapping
from siweb.collection.statements.reading.entry import Direction, StatementRefused
from siweb.collection.statements.reading.read_table import (
    LOOKED_AT,
    _plain_amount,
    clean,
    find_headings,
    read_table,
)
from siweb.collection.tables.held_entry import HeldReason

IN, OUT, BACK = Direction.CREDIT, Direction.DEBIT, Direction.RETURNED
TWO = CsvMapping(day="日期", credit="收入", payer_name="户名", remittance=("摘要",))
ONE = CsvMapping(day="日期", amount="金额")
SIDED = CsvMapping(day="日期", amount="金额", direction="借贷", credit_words=("贷",))


def read(mapping, heading, *lines, **how):
    """The entries of a table, and what its lines around them state."""
    stated = []
    table = [heading.split("|"), *(line.split("|") for line in lines)]
    found = list(read_table(enumerate(table, 1), mapping, stated, **how))
    return found, stated[0]


def only(mapping, heading, line):
    (found,), _stated = read(mapping, heading, line)
    return found


def amount_of(entry):
    problem = entry.problem and (entry.problem.reason, entry.problem.field, entry.problem.text)
    return entry.direction, entry.amount_fen, entry.signed_fen, problem


@pytest.mark.parametrize(
    ("came", "left", "found"),
    [
        ("1.00", "", (IN, 100, 100, None)),
        ("1.00", "-", (IN, 100, 100, None)),
        ("1.00", "0.00", (IN, 100, 100, None)),
        ("", "2.00", (OUT, 200, -200, None)),
        ("0.00", "2.00", (OUT, 200, -200, None)),
        ("--", "2.00", (OUT, 200, -200, None)),
        # Red ink: what left came back, what came was taken back.
        ("", "-2.00", (IN, 200, 200, None)),
        ("-1.00", "", (BACK, 100, -100, None)),
        ("0.00", "", (IN, 0, 0, (HeldReason.ZERO, "收入", "0.00"))),
        ("0.00", "0.00", (IN, 0, 0, (HeldReason.ZERO, "收入", "0.00"))),
        ("1.00", "2.00", (IN, None, None, (HeldReason.TWO_AMOUNTS, "收入", "1.00 / 2.00"))),
        ("much", "", (IN, None, None, (HeldReason.AMOUNT, "收入", "much"))),
        ("1.00", "much", (IN, None, None, (HeldReason.AMOUNT, "支出", "much"))),
        ("", "much", (OUT, None, 0, (HeldReason.AMOUNT, "支出", "much"))),
        ("", "", (IN, None, None, (HeldReason.AMOUNT_MISSING, "收入", ""))),
        ("$1.00", "", (IN, None, None, (HeldReason.CURRENCY, "收入", "$1.00"))),
        ("", "USD 1", (OUT, None, 0, (HeldReason.CURRENCY, "支出", "USD 1"))),
    ],
)
def test_an_amount_stands_on_one_side_of_two(came, left, found):
    entry = only(TWO, "日期|户名|摘要|收入|支出", f"2026-11-20|甲|缴费|{came}|{left}")
    assert amount_of(entry) == found
    assert (entry.payer.name, entry.payer.remittance, entry.number) == ("甲", "缴费", 2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.00", (IN, 100, 100, None)),
        ("-1.00", (OUT, 100, -100, None)),
        ("0", (IN, 0, 0, (HeldReason.ZERO, "金额", "0"))),
        ("-", (IN, None, None, (HeldReason.AMOUNT_MISSING, "金额", ""))),
        ("1,00x", (IN, None, None, (HeldReason.AMOUNT, "金额", "1,00x"))),
        ("€5", (IN, None, None, (HeldReason.CURRENCY, "金额", "€5"))),
    ],
)
def test_in_one_column_a_minus_is_what_left(text, found):
    assert amount_of(only(ONE, "日期|金额", f"2026-11-20|{text}")) == found


@pytest.mark.parametrize(
    ("side", "text", "found"),
    [
        ("贷", "1.00", (IN, 100, 100, None)),
        ("贷", "-1.00", (BACK, 100, -100, None)),
        ("借", "1.00", (OUT, 100, -100, None)),
        ("借", "-1.00", (OUT, 100, -100, None)),
        ("借", "much", (OUT, None, 0, (HeldReason.AMOUNT, "金额", "much"))),
        ("", "1.00", (OUT, 100, -100, None)),
    ],
)
def test_a_column_may_say_which_way_it_went(side, text, found):
    assert amount_of(only(SIDED, "日期|金额|借贷", f"2026-11-20|{text}|{side}")) == found


@pytest.mark.parametrize(
    ("currency", "reason"),
    [("CNY", None), ("人民币", None), ("", None), ("usd", HeldReason.CURRENCY)],
)
def test_another_currency_is_no_yuan(currency, reason):
    entry = only(TWO, "日期|户名|摘要|收入|支出|币种", f"2026-11-20|甲|x|1.00||{currency}")
    assert (entry.problem and entry.problem.reason) == reason
    sent = only(TWO, "日期|户名|摘要|收入|支出|币种", f"2026-11-20|甲|x||1.00|{currency}")
    assert sent.direction is OUT
    if reason:
        assert entry.problem.text == "1.00 USD"
        sided = only(SIDED, "日期|金额|借贷|币种", f"2026-11-20|1.00|借|{currency}")
        assert sided.direction is OUT


@pytest.mark.parametrize(("words", "direction"), [("退汇", BACK), ("缴费", OUT)])
def test_words_mark_what_left_as_a_return(words, direction):
    for line in (f"2026-11-20|甲|{words}||2.00", f"2026-11-20|{words}|x||2.00"):
        assert only(TWO, "日期|户名|摘要|收入|支出", line).direction is direction
    assert only(TWO, "日期|户名|摘要|收入|支出", f"2026-11-20|甲|{words}|2.00|").direction is IN


DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-02", DAY), ("2026/11/2", DAY), ("2026.11.02", DAY), ("2026年11月2日", DAY),
        ("20261102", DAY), ("20261102 101530", DAY), ("2026-11-02 10:15:30.5", DAY),
        ("2026-11-02T23:00:00Z", date(2026, 11, 3)), ("2026-11-02 10:15", DAY),
        ("2026-13-02", None), ("20261302", None), ("2026-11", None),
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_shapes_of_banks(text, day):
    entry = only(ONE, "日期|金额", f"{text}|1.00")
    assert entry.entry_on == day
    if day is None:
        problem = entry.problem
        assert (problem.reason, problem.field, problem.text) == (HeldReason.DAY, "日期", text)


def test_a_mapping_may_have_a_shape_of_its_own():
    mapping = CsvMapping(day="日期", amount="金额", day_shape="%d.%m.%Y")
    for text in ("02.11.2026", "02.11.2026 10:00"):
        assert only(mapping, "日期|金额", f"{text}|1.00").entry_on == DAY


@pytest.mark.parametrize(
    ("line", "is_entry"),
    [
        ("|", False), ("制表人：王|", False), ("制表人：王|1.00", True), ("1|", True),
        ("制表人：王|much", True), ("合计|9.00", False), ("小计|9.00", False),
        ("2026-11-20|", True),
    ],
)  # fmt: skip
def test_a_line_with_neither_day_nor_amount_is_no_entry(line, is_entry):
    entry = only(ONE, "日期|金额", line)
    assert (entry.direction is not Direction.NO_ENTRY) is is_entry


HEADING = "日期|户名|摘要|收入|支出|余额"


def balances(*lines, heading=HEADING):
    return read(TWO, heading, *lines)[1].running


def test_the_balances_of_the_first_and_the_last_line_are_kept():
    lines = ["2026-11-20|甲|x|1.00||11.00", "2026-11-20|甲|x||2.00|9.00", "2026-11-21|甲|x|4||13"]
    assert balances(*lines) == [1_100, 100, 1_300, 400]
    assert balances(lines[0]) == [1_100, 100, 1_100, 100]
    # A line that only carries a balance over moved nothing.
    assert balances("2026-11-19|承前页||||10.00", *lines[:1]) == [1_000, 0, 1_100, 100]
    # One balance or amount that cannot be read, and they prove nothing.
    for broken in ("2026-11-20|甲|x|1.00||", "2026-11-20|甲|x|much||12.00"):
        assert balances(*lines[:2], broken) == []
    assert balances() == []
    short = "日期|户名|摘要|收入|余额"
    assert balances("2026-11-20|甲|x|1.00|11.00", heading=short) == [1_100, 100, 1_100, 100]
    assert balances("2026-11-20|甲|x|1.00|11.00", "2026-11-20|甲|x||9.00", heading=short) == []


def test_the_account_stands_in_the_line_or_above_the_table():
    above = [["账号：3105 0000-888"], ["期间：2026年11月01日至2026年11月30日", "期初余额", "10.00"]]
    stated = []
    table = [*above, ["日期", "金额", "本方账号"], ["2026-11-20", "1", "99"], ["2026-11-20", "1"]]
    entries = list(read_table(enumerate(table, 1), ONE, stated, of_receipts=True))
    assert [(each.account, each.number, each.is_receipt) for each in entries] == [
        ("99", 4, True), ("31050000888", 5, True),
    ]  # fmt: skip
    assert (stated[0].account, stated[0].opening_fen) == ("31050000888", 1_000)
    assert stated[0].period is not None
    assert not only(ONE, "日期|金额", "2026-11-20|1").is_receipt


def refused(lines, mapping=TWO):
    with pytest.raises(StatementRefused) as found:
        find_headings(lines, mapping)
    return found.value.code, found.value.line, found.value.column


def test_the_headings_are_the_first_line_that_has_all():
    good = ["日期", "户名", "摘要", "收入"]
    lines = [(1, ["x"]), (2, ["日期"]), (3, good[:3]), (4, good), (5, good)]
    assert find_headings(lines, TWO) == 3
    # Of the line that has most of them, the first that is not there.
    assert refused(lines[:3]) == ("column_missing", 3, "收入")
    assert refused(lines[:2]) == ("column_missing", 2, "收入")
    assert refused([(1, good[:3]), (2, good[:3])]) == ("column_missing", 1, "收入")
    assert refused([(1, [" "])])[0] == "empty"
    late = [(number, ["x"]) for number in range(LOOKED_AT)]
    assert find_headings([*late[1:], (60, good)], TWO) == LOOKED_AT - 1
    with pytest.raises(StatementRefused):
        list(read_table([*late, (61, good)], TWO, []))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("¥1.00", "1.00"), ("+1.00元", "1.00"), ("CNY 1.00", "1.00"), ("1.00 RMB", "1.00"),
        ("人民币1.00", "1.00"), ("(1.00)", "-1.00"), ("(1.00", "(1.00"), ("1.00)", "1.00)"),
    ],
)  # fmt: skip
def test_an_amount_is_plain_without_what_banks_put_around_it(text, plain):
    assert _plain_amount(text) == plain


@pytest.mark.parametrize(
    ("cell", "text"),
    [('="001"', "001"), ('="001', '="001'), ('001"', '001"'), ("'001", "001"), (" １２ ", "12")],
)
def test_a_cell_is_plain_without_what_spreadsheets_put_around_it(cell, text):
    assert clean(cell) == text
    assert len(clean("x" * 5_000)) == 4_096


def around(*cells):
    stated = Stated()
    states = read_around(list(cells), stated)
    return states, {name: value for name in NAMES if (value := getattr(stated, name)) is not None}


NAMES = (
    "opening_fen", "closing_fen", "count", "sum_fen", "credit_count", "credit_fen",
    "debit_count", "debit_fen",
)  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["期初余额：1,000.50"], {"opening_fen": 100_050}),
        (["Opening balance CNY 5"], {"opening_fen": 500}),
        (["期末账户余额", "-3.00"], {"closing_fen": -300}),
        (["收入总金额 7.00", "支出总金额 2.00"], {"credit_fen": 700, "debit_fen": 200}),
        (["贷方笔数：12", "借方笔数：3"], {"credit_count": 12, "debit_count": 3}),
        (["合计金额 5.00", "总笔数 4"], {"sum_fen": 500, "count": 4}),
        (["共 9 笔"], {"count": 9}),
        (["期初余额"], {}),
        (["", "甲公司"], {}),
    ],
    ids=str,
)
def test_lines_around_the_list_state_totals(cells, found):
    assert around(*cells) == (bool(found), found)


@pytest.mark.parametrize(
    ("cells", "number"),
    [
        (["账号: 6222 0200-1"], "622202001"), (["", "账号", "", "6222020"], "6222020"),
        (["Account No. 6222020"], "6222020"), (["对方账号:6222020"], ""), (["账号", "王"], ""),
        (["户名", "6222020"], ""), (["账号"], ""),
    ],
    ids=str,
)  # fmt: skip
def test_a_title_may_name_the_account(cells, number):
    assert read_account(cells) == number


@pytest.mark.parametrize(
    ("cells", "debit", "is_total", "found"),
    [
        (["合计", "9.00", "2.00"], 2, True, {"credit_fen": 900, "debit_fen": 200}),
        (["合计", "9.00", "2.00"], None, True, {"credit_fen": 900}),
        (["合计 3笔", "¥9.00", ""], 2, True, {"credit_fen": 900, "count": 3}),
        (["合计", "", "2.00"], 2, True, {"debit_fen": 200}),
        (["收入合计", "", "9.00"], 2, True, {"credit_fen": 900}),
        (["支出合计", "9.00"], 2, True, {"debit_fen": 900}),
        (["Total", "9.00"], 2, True, {"credit_fen": 900}),
        (["小计", "9.00"], 2, True, {}),
        (["", "本页合计", "9.00"], 2, True, {}),
        (["期初余额 5.00", "9.00"], 2, True, {"opening_fen": 500}),
        (["甲", "9.00"], 2, False, {}),
        (["合计", "much"], 2, True, {}),
    ],
    ids=str,
)
def test_a_line_of_totals_is_kept_and_a_subtotal_passed_over(cells, debit, is_total, found):
    stated = Stated()
    assert read_total(cells, 1, debit, stated) is is_total
    assert {n: v for n in NAMES if (v := getattr(stated, n)) is not None} == found


def test_a_count_that_was_stated_before_stays():
    stated = Stated(count=7)
    read_total(["合计 3笔", "9.00"], 1, None, stated)
    assert stated.count == 7
