"""What came is booked as it came: sixty statements of the kinds that went wrong."""

import pytest

from tests.collection.statements.make_statements import (
    ACCOUNT,
    HEAD,
    balance,
    balances,
    booked,
    camt,
    detail,
    entry,
    held,
    sheet,
    table,
    tag,
)
from tests.conftest import NOW

# What the file is; what is booked in fen; what is held, and what becomes of it.
STATEMENTS = {
    "details that add up": (
        camt(entry("30.00", details=detail("10.00") + detail("20.00", payer="乙"))), 3_000, [],
    ),
    "details a fen short": (
        camt(entry("30.00", details=detail("10.00") + detail("19.99"))),
        3_000, [("details", "booked")],
    ),
    "details with a fee taken off": (
        camt(entry("30.00", details=detail("31.00") + detail("1.00", side="DBIT"))),
        3_000, [("details", "booked")],
    ),
    "one detail of another amount": (
        camt(entry("30.00", details=detail("130.00"))), 3_000, [("details", "booked")],
    ),
    "one detail that is a debit": (
        camt(entry("30.00", details=detail("30.00", side="DBIT"))), 3_000, [("details", "booked")],
    ),
    "fewer details than the batch names": (
        camt(entry("30.00", details=tag("Btch", tag("NbOfTxs", "3")) + detail("10.00") + detail("20.00"))),
        3_000, [("details", "booked")],
    ),
    "as many details as the batch names": (
        camt(entry("30.00", details=tag("Btch", tag("NbOfTxs", "2")) + detail("10.00") + detail("20.00"))),
        3_000, [],
    ),
    "a detail of nothing": (
        camt(entry("30.00", details=detail("30.00") + detail("0.00"))), 3_000, [("details", "booked")],
    ),
    "no details": (camt(entry("30.00", details="")), 3_000, []),
    "fillers": (
        camt(*(entry(ref=ref) for ref in ("NONREF", "NOTPROVIDED", "", "0", "-", "N/A", "0000", "无"))),
        8_000, [],
    ),
    "no reference at all, twice": (camt(entry(ref=None), entry(ref=None)), 2_000, []),
    "a real reference twice, nothing proves it": (
        camt(entry(), entry()), 1_000, [("repeated", "waiting")],
    ),
    "a real reference twice, the balances prove it": (
        camt(balances("100.00", "120.00"), entry(), entry()), 2_000, [],
    ),
    "a real reference twice, the count and the sum prove it": (
        camt(
            tag("TxsSummry", tag("TtlNtries", tag("NbOfNtries", "2") + tag("Sum", "20.00"))),
            entry(), entry(),
        ), 2_000, [],
    ),
    "one reference for two amounts": (camt(entry("1.00"), entry("2.00")), 300, []),
    "dollars": (camt(entry("5.00", currency="USD", ref="U"), entry()), 1_000, [("currency", "waiting")]),
    "no amount": (camt(entry(None, ref="N"), entry()), 1_000, [("amount_missing", "waiting")]),
    "an amount with three places": (camt(entry("1.005", ref="N"), entry()), 1_000, [("amount", "waiting")]),
    "an amount with an exponent": (camt(entry("1E2", ref="N"), entry()), 1_000, [("amount", "waiting")]),
    "an amount below zero": (camt(entry("-1.00", ref="N"), entry()), 1_000, [("amount", "waiting")]),
    "more money than there is": (
        camt(entry("9" * 30, ref="N"), entry()), 1_000, [("amount", "waiting")],
    ),
    "zero": (camt(entry("0.00", ref="N"), entry()), 1_000, [("zero", "dismissed")]),
    "no day": (camt(entry(day="", ref="N"), entry()), 1_000, [("day", "waiting")]),
    "the 30th of February": (camt(entry(day="2026-02-30", ref="N"), entry()), 1_000, [("day", "waiting")]),
    "the year 9999": (camt(entry(day="9999-12-31", ref="N"), entry()), 1_000, [("day_future", "waiting")]),
    "tomorrow": (camt(entry(day="2026-11-25", ref="N"), entry()), 1_000, [("day_future", "waiting")]),
    "today": (camt(entry(day="2026-11-24")), 1_000, []),
    "the first day of the law": (camt(entry(day="2011-07-01")), 1_000, []),
    "the day before the law": (camt(entry(day="2011-06-30")), 0, [("day_too_old", "waiting")]),
    "a time in another zone, tomorrow here": (
        camt(entry(day="2026-11-24T17:00:00Z")), 0, [("day_future", "waiting")],
    ),
    "a time in another zone, today here": (camt(entry(day="2026-11-24T15:59:59Z")), 1_000, []),
    "neither credit nor debit": (camt(entry(side=""), entry(ref="B")), 1_000, [("direction", "waiting")]),
    "a reversal": (
        camt(entry(ref="R", side="DBIT", reversal="true")), 0, [("returned", "waiting")],
    ),
    "a reversal written as 1": (
        camt(entry(ref="R", side="DBIT", reversal="1")), 0, [("returned", "waiting")],
    ),
    "a return in words": (
        camt(entry(ref="R", side="DBIT", details=detail(text="退汇 账号不符"))),
        0, [("returned", "waiting")],
    ),
    "a return with its own element": (
        camt(entry(ref="R", side="DBIT", details=tag("TxDtls", tag("RtrInf", tag("Rsn", "AC01"))))),
        0, [("returned", "waiting")],
    ),
    "an ordinary debit": (camt(entry(side="DBIT")), 0, []),
    "money that a reversed debit gave back": (camt(entry(reversal="true")), 1_000, []),
    "not booked by the bank yet": (camt(entry(state="PDNG")), 0, []),
    "UTF-16": (camt(entry(), encoding="utf-16"), 1_000, []),
    "GBK that says GB2312": (camt(entry(), encoding="gbk", declared="GB2312"), 1_000, []),
    "GB18030 that says UTF-8": (camt(entry(), encoding="gb18030", declared="UTF-8"), 1_000, []),
    "balances that fit, with a debit": (
        camt(balances("100.00", "103.00"), entry(), entry("7.00", side="DBIT", ref="D")), 1_000, [],
    ),
    "an overdraft that fits": (
        camt(balance("OPBD", "5.00", "DBIT") + balance("CLBD", "5.00"), entry()), 1_000, [],
    ),
    "interim balances that fit": (
        camt(balance("ITBD", "5.00") + balance("ITBD", "15.00"), entry()), 1_000, [],
    ),
    "a table": (table("2026-11-20,10.00,甲,1,社保,A1"), 1_000, []),
    "a table in GB18030": (table("2026-11-20,10.00,甲,1,社保,A1", encoding="gb18030"), 1_000, []),
    "a table with a mark and tabs": (
        "\ufeff".encode() + table("2026-11-20,10.00,甲,1,社保,A1").replace(b",", b"\t"), 1_000, [],
    ),
    "days with a time, with slashes, in Chinese, without anything": (
        table(
            "2026-11-20 10:20:30,1.00,甲,1,a,1", "2026/11/20,1.00,甲,1,a,2",
            "2026年11月20日,1.00,甲,1,a,3", "20261120,1.00,甲,1,a,4", "20261120102030,1.00,甲,1,a,5",
        ), 500, [],
    ),
    "a title above the headings": (
        table("2026-11-20,10.00,甲,1,a,A1", head=f"对账单,,\n账号：{ACCOUNT}\n{HEAD}"), 1_000, [],
    ),
    "a negative line": (
        table("2026-11-20,10.00,甲,1,a,A1", "2026-11-20,-10.00,甲,1,退回,A2"),
        1_000, [("returned", "waiting")],
    ),
    "a line in brackets": (
        table("2026-11-20,(10.00),甲,1,a,A2"), 0, [("returned", "waiting")],
    ),
    "fillers in a table": (
        table("2026-11-20,10.00,甲,1,a,-", "2026-11-20,10.00,甲,1,a,0", "2026-11-20,10.00,甲,1,a,"),
        3_000, [],
    ),
    "a line without an amount": (
        table("2026-11-20,,甲,1,a,A1", "2026-11-20,1.00,甲,1,a,A2"), 100, [("amount_missing", "waiting")],
    ),
    "a line in euro": (
        table("2026-11-20,€5.00,甲,1,a,A1", "2026-11-20,1.00,甲,1,a,A2"), 100, [("currency", "waiting")],
    ),
    "a currency column": (
        table("2026-11-20,5.00,甲,1,a,A1,USD", "2026-11-20,1.00,甲,1,a,A2,人民币", head=f"{HEAD},币种"),
        100, [("currency", "waiting")],
    ),
    "a comma that parts no thousands": (
        table('2026-11-20,"1,00",甲,1,a,A1', '2026-11-20,"1,000.00",甲,1,a,A2'),
        100_000, [("amount", "waiting")],
    ),
    "an odd day in a table": (
        table("2026-02-30,1.00,甲,1,a,A1", "2026-11-20,1.00,甲,1,a,A2"), 100, [("day", "waiting")],
    ),
    "totals and who made the list, below": (
        table("2026-11-20,10.00,甲,1,a,A1", "合计,10.00,,,1笔,", "制表人：王,,,,,"), 1_000, [],
    ),
    "when it was printed, and a page's total": (
        table("2026-11-20,10.00,甲,1,a,A1", "本页合计,99.00,,,,", "打印时间：2026-11-28 10:00,,,,,"),
        1_000, [],
    ),
    "a running balance that fits, newest first": (
        table(
            "2026-11-20,10.00,甲,1,a,A2,120.00", "2026-11-20,20.00,甲,1,a,A1,110.00",
            head=f"{HEAD},余额",
        ), 3_000, [],
    ),
    "a spreadsheet": (
        sheet([HEAD.split(","), ["2026-11-20", 10.1, "甲", "1", "社保", "A1"]]), 1_010, [],
    ),
    "a spreadsheet with real days": (
        sheet([HEAD.split(","), [NOW.replace(tzinfo=None), 1474.1, "甲", "1", "社保", "A1"]]), 147_410, [],
    ),
    "a spreadsheet whose days begin in 1904": (
        sheet(
            [HEAD.split(","), [NOW.replace(tzinfo=None), 10, "甲", "1", "社保", "A1"]], date_1904=True
        ), 1_000, [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", STATEMENTS)
def test_what_came_is_booked_and_the_rest_is_named(office, session, kind):
    content, fen, waiting = STATEMENTS[kind]

    _kept, total = office(content)

    assert (booked(session), held(session)) == (fen, waiting)
    counted = (
        total.booked + total.duplicates + total.held + total.zero + total.debits + total.pending
    )
    assert counted + total.no_entries == total.read, "every entry is counted once"


@pytest.mark.parametrize("kind", STATEMENTS)
def test_the_same_file_again_books_and_holds_nothing_more(office, session, kind):
    content, fen, waiting = STATEMENTS[kind]
    office(content)
    # As an overlapping file is: the same entries under another hash.
    again = (
        content
        if content.startswith(b"PK")
        else content + (b"\n" if b"<" in content[:9] else b",\n")
    )

    if "utf-16" not in kind.lower():
        office(again)

    assert (booked(session), held(session)) == (fen, waiting)
