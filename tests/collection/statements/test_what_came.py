"""What came is booked as it came: thirty-odd statements of the kinds that went wrong."""

from io import BytesIO

import pytest
import xlsxwriter
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.statements.control import Control
from siweb.collection.statements.csv_mapping import CsvMapping
from siweb.collection.statements.mapping import keep_mapping
from siweb.collection.statements.open_statement import needs_confirmation, survey
from siweb.collection.statements.refusal import StatementRefused
from siweb.collection.tables.held_entry import HeldEntry, HeldReason, HeldState
from siweb.collection.tables.payment import Payment
from tests.bills import PACK_REGION
from tests.collection.statements.make_statements import (
    ACCOUNT,
    balance,
    balances,
    camt,
    detail,
    entry,
    import_file,
    register,
    statement,
    tag,
)
from tests.conftest import NOW
from tests.factories import make_region

MAPPING = CsvMapping(
    day="交易日期", credit="收入金额", payer_name="对方户名", payer_account="对方账号",
    remittance=("摘要",), entry_id="流水号",
)  # fmt: skip
HEAD = "交易日期,收入金额,对方户名,对方账号,摘要,流水号"


@pytest.fixture
def office(session, tmp_path):
    """Import statements; the answer has what was booked, in fen, and why the rest was held."""
    make_region(session, PACK_REGION)
    register(session)
    keep_mapping(session, PACK_REGION, "A", MAPPING, actor=SYSTEM, at=NOW)
    numbers = iter(range(1_000))

    def load(content, **how):
        name = f"file{next(numbers)}"
        return import_file(session, tmp_path, content, PACK_REGION, name=name, **how)

    return load


def booked(session):
    return session.scalar(select(func.coalesce(func.sum(Payment.amount_fen), 0)))


def held(session):
    return [
        (row.reason.value, row.state.value)
        for row in session.scalars(select(HeldEntry).order_by(HeldEntry.id))
    ]


def table(*lines, head=HEAD, encoding="utf-8"):
    return "\n".join([head, *lines, ""]).encode(encoding)


def sheet(rows, **options):
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, **options})
    page, days = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if hasattr(value, "year"):
                page.write_datetime(number, place, value, days)
            else:
                page.write(number, place, value)
    book.close()
    return file.getvalue()


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


CONTRADICTIONS = {
    "closing balance": (camt(balances("100.00", "120.00"), entry()), "closing_balance", 12_000, 11_000),
    "a fen": (camt(balances("100.00", "110.01"), entry()), "closing_balance", 11_001, 11_000),
    "previous closing": (
        camt(balance("PRCD", "1.00") + balance("CLBD", "1.00"), entry()), "closing_balance", 100, 1_100,
    ),
    "count": (
        camt(tag("TxsSummry", tag("TtlNtries", tag("NbOfNtries", "3"))), entry()), "count", 3, 1,
    ),
    "sum": (camt(tag("TxsSummry", tag("TtlNtries", tag("Sum", "9.00"))), entry()), "sum_fen", 900, 1_000),
    "credits": (
        camt(tag("TxsSummry", tag("TtlCdtNtries", tag("Sum", "9.00"))), entry()), "credit_fen", 900, 1_000,
    ),
    "count of credits": (
        camt(tag("TxsSummry", tag("TtlCdtNtries", tag("NbOfNtries", "2"))), entry()), "credit_count", 2, 1,
    ),
    "debits": (
        camt(tag("TxsSummry", tag("TtlDbtNtries", tag("Sum", "9.00"))), entry(side="DBIT")),
        "debit_fen", 900, 1_000,
    ),
    "the second statement of a file": (
        camt(statements=statement(balances("0.00", "10.00"), entry())
             + statement(balances("0.00", "20.00"), entry(ref="B"))),
        "closing_balance", 2_000, 1_000,
    ),
    "running balance": (
        table("2026-11-20,10.00,甲,1,a,A1,110.00", "2026-11-20,20.00,甲,1,a,A2,999.00", head=f"{HEAD},余额"),
        "running_balance", 99_900, 13_000,
    ),
    "total line": (
        table("2026-11-20,10.00,甲,1,a,A1", "合计,11.00,,,,"), "credit_fen", 1_100, 1_000,
    ),
    "balances in the title": (
        table("2026-11-20,10.00,甲,1,a,A1", head=f"期初余额：100.00,期末余额：120.00\n{HEAD}"),
        "closing_balance", 12_000, 11_000,
    ),
    "count below": (table("2026-11-20,10.00,甲,1,a,A1", "总笔数：2,,,,,"), "count", 2, 1),
}  # fmt: skip


@pytest.mark.parametrize("kind", CONTRADICTIONS)
def test_a_statement_that_contradicts_itself_waits_for_a_person(office, session, tmp_path, kind):
    content, what, stated, found = CONTRADICTIONS[kind]
    kept, _total = office(content, because="银行已书面确认")

    (difference,) = Control.from_json(kept.control).differences
    assert (difference.what, difference.stated, difference.found) == (what, stated, found)
    assert (kept.confirmed_because, needs_confirmation(kept)) == ("银行已书面确认", False)
    kept.confirmed_at = None
    assert needs_confirmation(kept)


def test_balances_that_count_one_copy_let_the_second_wait(office, session):
    kept, _total = office(camt(balances("0.00", "10.00"), entry(), entry()), because="银行确认")

    assert (booked(session), held(session)) == (1_000, [("repeated", "waiting")])
    assert not Control.from_json(kept.control).is_proved


@pytest.mark.parametrize(
    ("content", "has_control"),
    [
        (camt(entry()), False),
        (camt(balance("OPBD", "1.00"), entry()), False),
        (camt(balances("1.00", "11.00"), entry()), True),
        (table("2026-11-20,10.00,甲,1,a,A1"), False),
        (table("2026-11-20,10.00,甲,1,a,A1,110.00", head=f"{HEAD},余额"), True),
        (camt(statements=statement(balances("0.00", "10.00"), entry()) + statement(entry(ref="B"))), False),
    ],
)  # fmt: skip
def test_whether_anything_proves_a_statement_is_kept(office, content, has_control):
    kept, _total = office(content)

    assert Control.from_json(kept.control).has_control is has_control


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (camt(entry(), account="DE99999999999999"), "account_foreign"),
        (camt(statements=statement(entry()) + statement(entry(ref="B"), account="99990000")), "account_foreign"),
        (table("2026-11-20,10.00,甲,1,a,A1", head=f"账号：99990000123\n{HEAD}"), "account_foreign"),
        (camt(entry(), declared="KOI8-R"), "encoding"),
        (camt(entry())[:-20], "not_camt"),
        (b"PK\x03\x04broken", "not_a_sheet"),
        (b"a,b\n1,2\n", "column_missing"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_the_offices_is_refused_whole(office, session, content, code):
    with pytest.raises(StatementRefused) as refused:
        office(content)

    assert (refused.value.code, booked(session)) == (code, 0)


def test_the_accounts_number_may_be_written_in_groups(office, session):
    office(camt(entry(), account="CN62 2200-0000000000"))

    assert booked(session) == 1_000


def test_a_file_without_an_account_is_of_the_only_one(office, session):
    kept, _total = office(camt(entry(), account=""))

    assert (kept.account, booked(session)) == (ACCOUNT, 1_000)


def test_a_file_without_an_account_is_asked_for_where_there_are_two(office, session):
    register(session, "11112222")

    with pytest.raises(StatementRefused, match="account_unnamed"):
        office(camt(entry(), account=""))
    office(camt(entry("2.00"), account=""), account="11112222")
    assert booked(session) == 200


def test_without_a_registered_account_nothing_is_imported(session, tmp_path):
    make_region(session, PACK_REGION)

    with pytest.raises(StatementRefused, match="account_missing"):
        import_file(session, tmp_path, camt(entry(), account=""), PACK_REGION)


def test_an_overlapping_statement_brings_only_what_is_new(office, session):
    office(camt(entry(ref="A"), entry(ref="B")))

    _kept, total = office(camt(entry(ref="B"), entry(ref="C")))

    assert (total.booked, total.duplicates, booked(session)) == (1, 1, 3_000)


def test_a_return_counts_once_too(office, session):
    back = entry(ref="R", side="DBIT", reversal="true")
    office(camt(back))

    _kept, total = office(camt(back, entry()))

    assert (total.returned, total.duplicates, len(held(session))) == (0, 1, 1)


def test_a_held_entry_names_everything_that_a_person_needs(office, session):
    office(
        camt(entry("5.00", currency="USD", ref="USD7", details=detail(payer="乙", account="99")))
    )

    row = session.scalars(select(HeldEntry)).one()
    assert (row.number, row.reason, row.field, row.text) == (
        1,
        HeldReason.CURRENCY,
        "Amt",
        "5.00 USD",
    )
    assert (row.reference, row.payer_name, row.payer_account) == ("USD7", "乙", "99")
    assert (row.state, row.amount_fen, row.account) == (HeldState.WAITING, None, ACCOUNT)


def test_a_second_reading_keeps_the_first_control(office, session, tmp_path):
    kept, _total = office(camt(balances("0.00", "10.00"), entry()))

    assert survey(session, kept, None).entries == 1
