import io
from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.payments.bank_reference import printed
from siweb.collection.payments.match import find_match, references_in
from siweb.collection.statements.import_entries import (
    import_piece,
    open_statement,
    pieces,
    read_statement,
)
from siweb.collection.statements.read_camt import read_camt
from siweb.collection.statements.read_csv import CsvMapping, StatementRefused, read_csv
from siweb.collection.tables.bank_statement import BankMapping, BankStatement
from siweb.collection.tables.payment import MatchedBy, Payment, PaymentKind
from tests.bills import PACK_REGION, make_bill, make_levy_run, receive
from tests.factories import AT, make_employer, make_person

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


def load(session, tmp_path, content, name="a.csv", size=500):
    """Import a file to its end, a piece at a time, as the job does."""
    file = tmp_path / name
    file.write_bytes(content.getvalue() if isinstance(content, io.BytesIO) else content.encode())
    statement = open_statement(
        session, PACK_REGION, "icbc", file, file_name=name, actor=SYSTEM, at=AT
    )
    with file.open("rb") as source:
        entries = read_statement(session, statement, source)
        return [
            import_piece(session, statement.id, piece, actor=SYSTEM, at=AT)
            for piece in pieces(entries, statement.done_entries, size)
        ]


def test_a_line_with_the_reference_pays_its_bill(session, tmp_path, bill, bank):
    said = f"社保费 {printed(bill.bank_reference)} 谢谢"

    load(session, tmp_path, csv_file(f'20260910,"3,520.00",,乙公司,9,{said},八月'))

    payment = session.scalars(select(Payment)).one()
    assert (payment.matched_by, bill.outstanding_fen) == (MatchedBy.REFERENCE, 0)


def test_the_same_file_and_the_same_line_count_once(session, tmp_path, bill, bank):
    lines = ["20260910,1.00,,甲公司,123,a,b", "20260910,1.00,,甲公司,123,a,b", "20260911,,5,x,,,"]
    load(session, tmp_path, csv_file(*lines))

    assert load(session, tmp_path, csv_file(*lines)) == []
    again = load(session, tmp_path, csv_file(*lines, "20260912,2.00,,甲公司,123,a,b"))

    assert [(one.new, one.known, one.left_out) for one in again] == [(1, 2, 1)]
    assert bill.paid_fen == 400


def test_a_killed_import_goes_on_where_it_was_committed(session, tmp_path, bill, bank):
    lines = [f"20260910,{number}.00,,甲公司,123,a,b" for number in range(1, 8)]
    file = tmp_path / "a.csv"
    file.write_bytes(csv_file(*lines).getvalue())
    statement = open_statement(
        session, PACK_REGION, "icbc", file, file_name="a", actor=SYSTEM, at=AT
    )
    with file.open("rb") as source:
        first = next(pieces(read_statement(session, statement, source), 0, 3))
        import_piece(session, statement.id, first, actor=SYSTEM, at=AT)

    load(session, tmp_path, csv_file(*lines), size=3)

    assert session.scalar(select(func.count(Payment.id))) == 7
    assert session.scalars(select(BankStatement)).one().done_entries == 7
    assert bill.paid_fen == 2800


@pytest.mark.parametrize(
    ("line", "code"),
    [("2026-09-10,1.00,,,,,", "day"), ("20260910,abc,,,,,", "amount")],
)
def test_a_line_that_cannot_be_read_is_named(line, code):
    with pytest.raises(StatementRefused) as caught:
        list(read_csv(csv_file("20260910,1.00,,,,,", line), "icbc", MAPPING))

    assert (caught.value.code, caught.value.line) == (code, 4)


def test_a_file_in_another_shape_is_refused():
    with pytest.raises(StatementRefused, match="column_missing"):
        list(read_csv(io.BytesIO(b"x\na,b\n"), "icbc", MAPPING))
    with pytest.raises(StatementRefused, match="encoding"):
        list(read_csv(io.BytesIO(b"\xff\xff\xff\n"), "icbc", MAPPING))


def test_a_column_of_words_tells_what_came_in():
    mapping = CsvMapping(day="d", amount="a", direction="s", credit_words=("贷",))
    file = io.BytesIO("d,a,s\n2026-09-10,1.00,贷\n2026-09-10,2.00,借\n".encode())

    assert [one and one.amount_fen for one in read_csv(file, "b", mapping)] == [100, None]


def test_camt_entries_are_read(session, tmp_path, bill):
    entries = ENTRY.format(
        number=1, amount="3520.00", sign="CRDT", text=f"No.{bill.bank_reference:012d}"
    ) + ENTRY.format(number=2, amount="7.00", sign="DBIT", text="fee")

    counts = load(session, tmp_path, CAMT.format(entries=entries), "a.xml")

    payment = session.scalars(select(Payment)).one()
    assert (counts[0].new, counts[0].left_out, counts[0].matched) == (1, 1, 1)
    assert (payment.received_on, payment.payer_name) == (date(2026, 9, 10), "甲公司")
    assert (payment.payer_account, bill.outstanding_fen) == ("123", 0)


@pytest.mark.parametrize(
    "said",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><a>&y;</a>',
        "<a>",
        "<a/>",
        "<a>" * 100 + "</a>" * 100,
        CAMT.format(entries=ENTRY.format(number=1, amount="1e9", sign="CRDT", text="")),
        CAMT.format(entries=ENTRY.format(number=1, amount="1", sign="CRDT", text="")).replace(
            "CNY", "USD"
        ),
    ],
)
def test_hostile_or_foreign_xml_is_refused(said):
    with pytest.raises(StatementRefused):
        list(read_camt(io.BytesIO(said.encode())))


@pytest.mark.parametrize("shape", ["{0:012d}", "编号{1}。", "2026{0:012d}", "－{1}", "{0}"])
def test_a_reference_is_found_wherever_it_stands(bill, shape):
    text = shape.format(bill.bank_reference, printed(bill.bank_reference))

    assert bill.bank_reference in references_in(text)


def test_a_wrong_digit_is_no_reference(bill):
    wrong = f"{bill.bank_reference + 1:012d}"

    assert bill.bank_reference + 1 not in references_in(wrong)


def test_reference_goes_before_amount_and_amount_before_payer(session, bill):
    employer = make_employer(session, region_code=PACK_REGION, name="丙公司")
    runs = [make_levy_run(session, month) for month in ("2026-06", "2026-07")]
    old, newer = (
        make_bill(session, [make_person(session)], employer=employer, run=run, base_fen=base)
        for run, base in zip(runs, (500_000, 600_000), strict=True)
    )

    def matched(amount, **said):
        match = find_match(session, receive(session, amount, date(2026, 7, 1), **said))
        return match and (match.matched_by, [one.id for one in match.bills])

    reference = {"remittance": str(bill.bank_reference), "payer_name": "丙公司"}
    assert matched(newer.total_fen, **reference) == (MatchedBy.REFERENCE, [bill.id])
    assert matched(newer.total_fen) == (MatchedBy.AMOUNT, [newer.id])
    assert matched(7, payer_name="丙公司") == (MatchedBy.PAYER, [old.id, newer.id])
    assert matched(newer.total_fen, payer_name="甲公司") == (MatchedBy.PAYER, [bill.id])
    assert matched(7, payer_name="谁也不是") is None


def test_an_amount_with_its_late_fee_matches(session, bill):
    payment = receive(session, bill.total_fen + 1_760, date(2026, 9, 25))

    assert find_match(session, payment).matched_by is MatchedBy.AMOUNT


@pytest.mark.parametrize("said", [{"payer_name": "谁也不是"}, {"payer_account": "6222 9999"}])
def test_the_amount_of_a_stranger_proves_nothing(session, bill, said):
    payment = receive(session, bill.total_fen, **said)

    assert find_match(session, payment) is None


def test_an_amount_that_fits_two_bills_fits_none(session, bill):
    make_bill(session, [make_person(session)], employer=make_employer(session))

    assert find_match(session, receive(session, bill.total_fen)) is None


def test_what_the_tax_office_collected_is_of_its_own_kind(
    session, tmp_path, bill, tax_office_collects
):
    tax_office_collects("pension", "medical", "work_injury", region=PACK_REGION)
    kept = MAPPING.to_json()
    session.add(BankMapping(region_code=PACK_REGION, bank="tax", mapping=kept, changed_at=AT))
    file = tmp_path / "tax.csv"
    file.write_bytes(csv_file(f"20260910,3520.00,,甲公司,,{bill.bank_reference:012d},").getvalue())
    statement = open_statement(
        session, PACK_REGION, "tax", file, file_name="t", actor=SYSTEM, at=AT
    )

    with file.open("rb") as source:
        for piece in pieces(read_statement(session, statement, source), 0):
            import_piece(session, statement.id, piece, actor=SYSTEM, at=AT)

    assert session.scalars(select(Payment.kind)).one() is PaymentKind.TAX
    assert bill.outstanding_fen == 0
