"""Every entry of a statement is money once: none is dropped, none comes twice."""

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.payments.tax_collection import INSURANCE_NAMES, TAX_OFFICE
from siweb.collection.statements.mapping import keep_mapping
from siweb.collection.statements.reading.csv_mapping import CsvMapping
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.held_entry import HeldEntry, HeldReason, HeldState
from siweb.collection.tables.payment import Payment
from tests.collection.statements.make_statements import import_file, register
from tests.conftest import NOW
from tests.factories import make_region
from tests.levies import BEIJING, INSURANCES, SHANGHAI, levy

ACCOUNTS = ("62220000", "11110000", "22220000")
MAPPING = CsvMapping(
    day="日期", credit="贷方", payer_name="户名", remittance=("户名",), entry_id="流水号"
)
CAMT = (
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
    "{}</BkToCstmrStmt></Document>"
)
STATEMENT = "<Stmt><Id>1</Id><Acct><Id><Othr><Id>{}</Id></Othr></Id></Acct>{}</Stmt>"
ENTRY = (
    '<Ntry>{own}<Amt Ccy="CNY">{yuan}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
    "<BookgDt><Dt>2026-09-10</Dt></BookgDt><NtryDtls><TxDtls><RmtInf><Ustrd>社保费</Ustrd>"
    "</RmtInf></TxDtls></NtryDtls></Ntry>"
)


@pytest.fixture
def load(session, tmp_path):
    register(session, *ACCOUNTS)

    def import_text(text, region_code=BEIJING, bank="icbc", account=ACCOUNTS[0]):
        make_region(session, region_code)
        content = text.encode("utf-8" if text.startswith("<") else "utf-8-sig")
        account = "" if text.startswith("<") or bank == TAX_OFFICE else account
        _kept, total = import_file(
            session, tmp_path, content, region_code, bank=bank, account=account
        )
        return total.payments, total.duplicates, total.differing

    return import_text


@pytest.fixture
def csv_of(session, load):
    def import_lines(*lines, region_code=BEIJING, account=ACCOUNTS[0]):
        make_region(session, region_code)
        keep_mapping(session, region_code, "icbc", MAPPING, actor=SYSTEM, at=NOW)
        return load(
            "日期,贷方,户名,流水号\n" + "\n".join(lines) + "\n", region_code, account=account
        )

    return import_lines


def received(session):
    return session.scalar(select(func.sum(Payment.amount_fen)))


def entry(yuan, own=""):
    return ENTRY.format(yuan=yuan, own=own)


def camt(**accounts):
    return CAMT.format("".join(STATEMENT.format(name[1:], said) for name, said in accounts.items()))


def test_equal_camt_entries_without_a_reference_are_as_many_as_the_file_has(session, load):
    assert load(camt(a62220000=entry("358.11") * 3)) == (3, 0, 0)
    assert load(camt(a62220000=entry("358.11") * 3 + entry("1.00"))) == (1, 3, 0)
    assert received(session) == 3 * 35811 + 100


def test_an_entry_that_the_bank_numbered_twice_is_a_question(session, load):
    own = entry("358.11", "<AcctSvcrRef>A1</AcctSvcrRef>")

    assert load(camt(a62220000=own + own)) == (1, 0, 0)
    held = session.scalars(select(HeldEntry)).one()
    assert (held.reason, held.state) == (HeldReason.REPEATED, HeldState.WAITING)
    assert load(camt(a62220000=own)) == (0, 1, 0)


def test_each_statement_of_a_file_has_its_own_account(session, load):
    first = entry("358.11", "<AcctSvcrRef>A1</AcctSvcrRef>")
    second = entry("400.11", "<AcctSvcrRef>A1</AcctSvcrRef>")

    assert load(camt(a11110000=first, a22220000=second)) == (2, 0, 0)
    assert load(camt(a22220000=second)) == (0, 1, 0)
    assert load(camt(a11110000=first)) == (0, 1, 0)
    assert received(session) == 35811 + 40011


def test_two_branches_of_a_bank_number_their_entries_alike(session, csv_of):
    assert csv_of("2026-09-10,100.00,甲,1") == (1, 0, 0)
    other = {"region_code": SHANGHAI, "account": ACCOUNTS[1]}
    assert csv_of("2026-09-10,100.00,甲,1", **other) == (1, 0, 0)
    assert received(session) == 20_000


def test_an_entry_of_one_account_counts_once_in_whatever_region(session, csv_of):
    assert csv_of("2026-09-10,100.00,甲,1") == (1, 0, 0)
    assert csv_of("2026-09-10,100.00,甲,1", "2026-09-10,1.00,乙,2", region_code=SHANGHAI) == (
        1,
        1,
        0,
    )
    assert received(session) == 10_100


@pytest.mark.parametrize("line", ["2026-09-10,250.00,甲,1", "2026-09-11,100.00,甲,1"])
def test_a_number_that_comes_again_with_other_facts_waits_for_a_person(session, csv_of, line):
    csv_of("2026-09-10,100.00,甲,1")

    assert csv_of(line) == (1, 0, 1)
    assert csv_of(line, "2026-09-12,1.00,丙,2") == (1, 1, 0)

    waiting = session.scalars(select(Payment).order_by(Payment.id)).all()[1]
    assert (waiting.unallocated_fen, waiting.matched_by) == (waiting.amount_fen, None)


def test_the_same_number_from_another_payer_is_a_question(session, csv_of):
    csv_of("2026-09-10,100.00,甲,1")

    assert csv_of("2026-09-10,100.00,乙,1") == (0, 0, 0)

    held = session.scalars(select(HeldEntry)).one()
    assert (held.reason, held.text, held.payer_name) == (HeldReason.PAYER_DIFFERS, "甲", "乙")
    assert received(session) == 10_000


def test_a_payer_who_is_not_named_again_is_no_question(session, csv_of):
    csv_of("2026-09-10,100.00,甲,1")

    assert csv_of("2026-09-10,100.00,,1") == (0, 1, 0)


def test_what_waits_is_not_matched_though_it_names_a_bill(session, hire_at, insure, csv_of):
    insure(900_000, hire_at(name="甲"))
    levy(session)
    bill = session.scalars(select(Bill)).one()
    csv_of("2026-09-10,1.00,乙,1")

    csv_of(
        f"2026-09-10,2.00,{bill.bank_reference:012d},1",
        f"2026-09-10,3.00,{bill.bank_reference:012d},2",
    )

    session.refresh(bill)
    assert bill.paid_fen == 300


@pytest.mark.parametrize("heading", ["险种", "项目"])
def test_a_receipt_of_the_tax_office_covers_every_line(
    session, hire_at, insure, tax_office_collects, load, heading
):
    insure(900_000, hire_at(name="甲公司"))
    tax_office_collects(*INSURANCES)
    levy(session)
    bill = session.scalars(select(Bill)).one()
    lines = session.scalars(select(BillLine).order_by(BillLine.insurance)).all()
    head = f"电子税票号码,缴费单号,缴费人名称,入库日期,{heading},实缴金额\n"
    rows = [
        f"3110,{bill.bank_reference:012d},甲公司,2026-09-10,{INSURANCE_NAMES[line.insurance]},"
        f"{line.total_fen // 100}.{line.total_fen % 100:02d}\n"
        for line in lines
    ]

    assert load(head + "".join(rows), bank=TAX_OFFICE) == (len(lines), 0, 0)
    session.refresh(bill)
    assert (received(session), bill.outstanding_fen) == (bill.total_fen, 0)
    assert load(head + "".join(rows) + "\n", bank=TAX_OFFICE) == (0, len(lines), 0)


def test_a_line_of_a_receipt_that_came_with_another_amount_waits(session, load):
    head = "电子税票号码,缴费单号,缴费人名称,入库日期,险种,实缴金额\n"
    line = "3110,1,甲公司,2026-09-10,基本养老保险,"

    load(f"{head}{line}100.00\n", bank=TAX_OFFICE)

    assert load(f"{head}{line}120.00\n", bank=TAX_OFFICE) == (1, 0, 1)
