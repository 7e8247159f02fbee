import io
from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.payments.bank_reference import printed, references_in
from siweb.collection.payments.match import find_match
from siweb.collection.statements.import_entries import import_piece, pieces
from siweb.collection.statements.open_statement import file_of, identified, survey
from siweb.collection.statements.reading.csv_mapping import CsvMapping
from siweb.collection.statements.reading.entry import Direction, StatementRefused
from siweb.collection.statements.reading.read_camt import read_camt
from siweb.collection.statements.reading.read_csv import csv_lines
from siweb.collection.statements.reading.read_table import read_table
from siweb.collection.tables.bank_statement import BankMapping, BankStatement
from siweb.collection.tables.payment import MatchedBy, Payment, PaymentKind
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from tests.bills import PACK_REGION, make_bill, make_levy_run, receive
from tests.collection.statements.make_statements import import_file, opened, register
from tests.conftest import NOW
from tests.factories import AT, make_employer, make_person, make_region

MAPPING = CsvMapping(
    day="交易日期",
    credit="收入",
    payer_name="对方户名",
    payer_account="对方账号",
    remittance=("摘要", "附言"),
    day_shape="%Y%m%d",
    encoding="gb18030",
    skipped_lines=1,
)
HEAD = "工商银行\n交易日期,收入,支出,对方户名,对方账号,摘要,附言\n"
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Acct><Id><Othr><Id>6222000</Id></Othr></Id></Acct>
{entries}</Stmt></BkToCstmrStmt></Document>"""
ENTRY = """<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>
<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-09-11</Dt></BookgDt><ValDt><Dt>2026-09-10</Dt></ValDt>
<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>甲公司</Nm></Pty></Dbtr>
<DbtrAcct><Id><Othr><Id>123</Id></Othr></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""


def csv_file(*lines):
    return io.BytesIO((HEAD + "".join(f"{line}\n" for line in lines)).encode("gb18030"))


@pytest.fixture
def bill(session):
    employer = make_employer(session, region_code=PACK_REGION, name="甲公司", bank_account="123")
    return make_bill(session, [make_person(session)], employer=employer)


@pytest.fixture
def bank(session):
    row = BankMapping(
        region_code=PACK_REGION, bank="icbc", mapping=MAPPING.to_json(), changed_at=AT
    )
    session.add(row)


def load(session, tmp_path, content, name="a.csv", size=500, bank="icbc"):
    """Import a file to its end, a piece at a time, as the job does."""
    register(session, "6222000")
    account = "6222000" if bank != "tax" else ""
    given = content.getvalue() if isinstance(content, io.BytesIO) else content.encode()
    return import_file(
        session, tmp_path, given, PACK_REGION, name=name, size=size, bank=bank, account=account
    )[1]


def read_all(source, mapping):
    return list(read_table(csv_lines(source, mapping), mapping, []))


def test_a_line_with_the_reference_pays_its_bill(session, tmp_path, bill, bank):
    text = f"社保费 {printed(bill.bank_reference)} 谢谢"

    load(session, tmp_path, csv_file(f'20260910,"3,520.00",,乙公司,9,{text},八月'))

    payment = session.scalars(select(Payment)).one()
    assert (payment.matched_by, bill.outstanding_fen) == (MatchedBy.REFERENCE, 0)


def test_the_same_file_and_the_same_line_count_once(session, tmp_path, bill, bank):
    lines = ["20260910,1.00,,甲公司,123,a,b", "20260910,1.00,,甲公司,123,a,b", "20260911,,5,x,,,"]
    load(session, tmp_path, csv_file(*lines))

    assert load(session, tmp_path, csv_file(*lines)).read == 0
    again = load(session, tmp_path, csv_file(*lines, "20260912,2.00,,甲公司,123,a,b"))

    assert (again.booked, again.duplicates, again.debits) == (1, 2, 1)
    assert bill.paid_fen == 400


def test_a_killed_import_goes_on_where_it_was_committed(session, tmp_path, bill, bank):
    lines = [f"20260910,{number}.00,,甲公司,123,a,b" for number in range(1, 8)]
    register(session, "6222000")
    kept, file = opened(
        session, tmp_path, csv_file(*lines).getvalue(), PACK_REGION, bank="icbc", account="6222000"
    )
    read = file_of(session, kept, file, today=NOW.date())
    survey(session, kept, read)
    first = next(pieces(identified(kept, read), 0, 3))
    import_piece(session, kept.id, first, actor=SYSTEM, at=AT, packs=packs_in_force(session))

    load(session, tmp_path, csv_file(*lines), size=3)

    assert session.scalar(select(func.count(Payment.id))) == 7
    assert session.scalars(select(BankStatement)).one().done_entries == 7
    assert bill.paid_fen == 2800


@pytest.mark.parametrize(
    ("line", "reason", "field"),
    [
        ("2026-13-10,1.00,,,,,", "day", "交易日期"),
        (",1.00,,,,,", "day", "交易日期"),
        ("20260910,abc,,,,,", "amount", "收入"),
        ("20260910,1.005,,,,,", "amount", "收入"),
        ("20260910,,,,,,", "amount_missing", "收入"),
        ("20260910,1.00,2.00,,,,", "two_amounts", "收入"),
        ("20260910,USD 5.00,,,,,", "currency", "收入"),
        ("20260910,0.00,,,,,", "zero", "收入"),
    ],
)
def test_a_line_that_cannot_be_booked_is_named_and_the_others_are_read(line, reason, field):
    good, bad = read_all(csv_file("20260910,1.00,,,,,", line), MAPPING)

    assert (good.amount_fen, good.problem) == (100, None)
    assert (bad.number, bad.problem.reason, bad.problem.field) == (4, reason, field)


def test_a_file_in_another_shape_is_refused():
    with pytest.raises(StatementRefused, match="column_missing"):
        read_all(io.BytesIO(b"x\na,b\n"), MAPPING)
    with pytest.raises(StatementRefused, match="encoding"):
        read_all(io.BytesIO(b"\xff\xff\xff\n"), MAPPING)


def test_a_column_of_words_tells_what_came_in():
    mapping = CsvMapping(day="d", amount="a", direction="s", credit_words=("贷",))
    file = io.BytesIO("d,a,s\n2026-09-10,1.00,贷\n2026-09-10,2.00,借\n".encode())

    came, left = read_all(file, mapping)

    assert (came.direction, came.amount_fen) == (Direction.CREDIT, 100)
    assert (left.direction, left.amount_fen) == (Direction.DEBIT, 200)


ONE_COLUMN = CsvMapping(day="d", amount="a")
WITH_WORDS = CsvMapping(day="d", amount="a", direction="s", credit_words=("贷",))
TWO_COLUMNS = CsvMapping(day="d", credit="a", debit="s")
NO_DEBITS = CsvMapping(day="d", credit="a")


@pytest.mark.parametrize(
    ("mapping", "cells", "direction", "fen", "reason"),
    [
        # Without words a minus is what left.
        (ONE_COLUMN, "1.00,", Direction.CREDIT, 100, None),
        (ONE_COLUMN, "-3.00,", Direction.DEBIT, 300, None),
        (ONE_COLUMN, "0.00,", Direction.CREDIT, 0, "zero"),
        (ONE_COLUMN, ",", Direction.CREDIT, None, "amount_missing"),
        (ONE_COLUMN, "x,", Direction.CREDIT, None, "amount"),
        # With words a minus is red ink: the bank took it back.
        (WITH_WORDS, "1.00,贷", Direction.CREDIT, 100, None),
        (WITH_WORDS, "-3.00,贷", Direction.RETURNED, 300, None),
        (WITH_WORDS, "-3.00,借", Direction.DEBIT, 300, None),
        (WITH_WORDS, "x,借", Direction.DEBIT, None, "amount"),
        (TWO_COLUMNS, "1.00,", Direction.CREDIT, 100, None),
        (TWO_COLUMNS, "-1.00,", Direction.RETURNED, 100, None),
        (TWO_COLUMNS, "1.00,0.00", Direction.CREDIT, 100, None),
        (TWO_COLUMNS, "1.00,x", Direction.CREDIT, None, "amount"),
        (TWO_COLUMNS, "1.00,2.00", Direction.CREDIT, None, "two_amounts"),
        (TWO_COLUMNS, "0.00,2.00", Direction.DEBIT, 200, None),
        (TWO_COLUMNS, ",2.00", Direction.DEBIT, 200, None),
        (TWO_COLUMNS, ",-2.00", Direction.CREDIT, 200, None),
        (TWO_COLUMNS, ",x", Direction.DEBIT, None, "amount"),
        (TWO_COLUMNS, ",", Direction.CREDIT, None, "amount_missing"),
        (TWO_COLUMNS, "0.00,0.00", Direction.CREDIT, 0, "zero"),
        (NO_DEBITS, "1.00,9.00", Direction.CREDIT, 100, None),
        (NO_DEBITS, ",9.00", Direction.CREDIT, None, "amount_missing"),
    ],
)
def test_an_amount_is_what_its_column_its_sign_and_its_words_say(
    mapping, cells, direction, fen, reason
):
    (one,) = read_all(io.BytesIO(f"d,a,s\n2026-09-10,{cells}\n".encode()), mapping)

    assert (one.direction, one.amount_fen) == (direction, fen)
    assert (one.problem.reason if one.problem else None) == reason


def test_camt_entries_are_read(session, tmp_path, bill):
    entries = ENTRY.format(
        number=1, amount="3520.00", sign="CRDT", text=f"No.{bill.bank_reference:012d}"
    ) + ENTRY.format(number=2, amount="7.00", sign="DBIT", text="fee")

    counts = load(session, tmp_path, CAMT.format(entries=entries), "a.xml")

    payment = session.scalars(select(Payment)).one()
    assert (counts.booked, counts.debits, counts.matched) == (1, 1, 1)
    assert (payment.received_on, payment.payer_name) == (date(2026, 9, 10), "甲公司")
    assert (payment.payer_account, bill.outstanding_fen) == ("123", 0)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><a>&y;</a>',
        "<a>",
        "<a/>",
        "<a>" * 100 + "</a>" * 100,
    ],
)
def test_hostile_xml_is_refused(text):
    with pytest.raises(StatementRefused):
        list(read_camt(io.BytesIO(text.encode()), []))


@pytest.mark.parametrize("shape", ["{0:012d}", "编号{1}。", "2026{0:012d}", "－{1}", "{0}"])
def test_a_reference_is_found_wherever_it_stands(bill, shape):
    text = shape.format(bill.bank_reference, printed(bill.bank_reference))

    assert bill.bank_reference in references_in(text)


def test_a_wrong_digit_is_no_reference(bill):
    wrong = f"{bill.bank_reference + 1:012d}"

    assert bill.bank_reference + 1 not in references_in(wrong)


def matched(session, amount, **stated):
    match = find_match(
        session, receive(session, amount, date(2026, 7, 1), **stated), packs=packs_in_force(session)
    )
    return match and (match.matched_by, [bill.id for bill in match.bills])


@pytest.fixture
def two_bills(session):
    """Two months of one employer with a registered account."""
    employer = make_employer(
        session, region_code=PACK_REGION, name="丙公司", bank_account="6222000099"
    )
    runs = [make_levy_run(session, month) for month in ("2026-06", "2026-07")]
    return [
        make_bill(session, [make_person(session)], employer=employer, run=run, base_fen=base)
        for run, base in zip(runs, (500_000, 600_000), strict=True)
    ]


def test_a_reference_goes_before_every_other_sign(session, bill, two_bills):
    signs = {"remittance": str(bill.bank_reference), "payer_name": "丙公司"}

    assert matched(session, two_bills[1].total_fen, **signs) == (MatchedBy.REFERENCE, [bill.id])


@pytest.mark.parametrize("stated", [{"payer_name": "丙公司"}, {"payer_account": "6222 0000 99"}])
def test_a_payer_and_the_amount_of_one_bill_agree(session, two_bills, stated):
    newer = two_bills[1]

    assert matched(session, newer.total_fen, **stated) == (MatchedBy.AMOUNT, [newer.id])


def test_a_name_and_its_account_agree(session, two_bills):
    found = matched(session, 7, payer_name="丙公司", payer_account="6222000099")

    assert found == (MatchedBy.PAYER, [bill.id for bill in two_bills])


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"payer_name": "丙公司"},
        {"payer_account": "6222000099"},
        {"payer_name": "谁也不是", "payer_account": "6222000099"},
        {"payer_name": "丙公司", "payer_account": "1"},
    ],
)
def test_one_sign_alone_uses_no_money(session, two_bills, stated):
    assert matched(session, 7, **stated) is None


def test_an_amount_alone_uses_no_money(session, bill):
    assert matched(session, bill.total_fen) is None
    assert matched(session, bill.total_fen, payer_name="谁也不是") is None
    assert matched(session, bill.total_fen, payer_account="6222 9999") is None


def test_the_name_of_a_person_is_no_sign(session):
    person = make_person(session, name="王伟")
    bill = make_bill(session, [person])

    assert matched(session, bill.total_fen, payer_name="王伟") is None


def test_two_references_wait_for_a_split(session, bill, two_bills):
    both = f"{two_bills[0].bank_reference:012d} {two_bills[1].bank_reference:012d}"

    assert matched(session, 7, remittance=both) is None


def test_the_same_reference_twice_is_one(session, bill):
    twice = f"{bill.bank_reference:012d} / {printed(bill.bank_reference)}"

    assert matched(session, 7, remittance=twice) == (MatchedBy.REFERENCE, [bill.id])


def test_a_reference_of_another_region_names_nothing_here(session, bill):
    make_region(session, "110000")
    bill.region_code = "110000"
    session.flush()

    assert matched(session, 7, remittance=f"{bill.bank_reference:012d}") is None


def test_a_bill_that_is_not_issued_is_none(session, bill):
    bill.issued_at = None
    session.flush()

    assert matched(session, 7, remittance=f"{bill.bank_reference:012d}") is None


def test_an_amount_with_its_late_fee_matches_its_payer(session, bill):
    payment = receive(session, bill.total_fen + 1_760, date(2026, 9, 25), payer_name="甲公司")

    assert (
        find_match(session, payment, packs=packs_in_force(session)).matched_by is MatchedBy.AMOUNT
    )


def test_an_amount_that_fits_two_bills_of_a_payer_fits_none(session, bill):
    other = make_levy_run(session, "2026-07")
    make_bill(
        session, [make_person(session)], employer=session.get(Employer, bill.employer_id), run=other
    )

    assert matched(session, bill.total_fen, payer_name="甲公司") is None


def test_what_the_tax_office_collected_is_of_its_own_kind(
    session, tmp_path, bill, tax_office_collects
):
    tax_office_collects("pension", "medical", "work_injury", region=PACK_REGION)
    kept = MAPPING.to_json()
    session.add(BankMapping(region_code=PACK_REGION, bank="tax", mapping=kept, changed_at=AT))
    line = f"20260910,3520.00,,甲公司,,{bill.bank_reference:012d},"
    load(session, tmp_path, csv_file(line), bank="tax")

    assert session.scalars(select(Payment.kind)).one() is PaymentKind.TAX
    assert bill.outstanding_fen == 0
