"""What is due goes to the tax office, and what was paid there comes back, to the fen."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.payments.tax_collection import TAX_OFFICE
from siweb.collection.statements.tax_files import hand_over, write_due
from siweb.collection.statements.tax_office import HEADINGS
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.payment import Payment, PaymentKind
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from tests.collection.statements.make_statements import import_file
from tests.conftest import NOW
from tests.levies import BEIJING, INSURANCES, MONTH, levy


def due(session, content):
    return write_due(session, BEIJING, MONTH, content, packs=packs_in_force(session))


def exported(session):
    content = BytesIO()
    due(session, content)
    text = content.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:])))


def yuan(fen):
    return f"{fen // 100}.{fen % 100:02d}"


def test_every_line_that_the_tax_office_collects_is_told(
    session, hire_at, insure, tax_office_collects
):
    employer = hire_at(name="=甲公司")
    insure(900_000, employer)
    tax_office_collects("pension", "unemployment")
    levy(session)

    rows = exported(session)

    bill = session.scalars(select(Bill)).one()
    lines = session.scalars(
        select(BillLine).where(BillLine.insurance.in_((Insurance.PENSION, Insurance.UNEMPLOYMENT)))
    )
    assert {row["应缴合计"] for row in rows} == {yuan(line.total_fen) for line in lines}
    assert {row["险种"] for row in rows} == {"基本养老保险", "失业保险"}
    assert {row["缴费单号"] for row in rows} == {f"{bill.bank_reference:012d}"}
    assert {row["缴费人代码"] for row in rows} == {employer.uscc}
    assert {row["缴费人名称"] for row in rows} == {"'=甲公司"}
    assert set(rows[0]) == set(HEADINGS)


def test_a_list_is_kept_with_its_lines_and_sum_and_the_same_is_kept_once(
    session, hire_at, insure, tax_office_collects
):
    insure(900_000, hire_at())
    tax_office_collects("pension", "unemployment")
    levy(session)
    rows = exported(session)

    def make():
        return hand_over(session, FileStore(), due(session, BytesIO()), actor=SYSTEM, at=NOW)

    first, is_new = make()
    again, is_new_again = make()

    assert (is_new, is_new_again) == (True, False)
    assert again.id == first.id
    assert (first.number, first.rows) == (1, len(rows) == 2 and 2)
    assert yuan(first.total_fen) == str(sum(Decimal(row["应缴合计"]) for row in rows))

    insure(800_000, hire_at())
    levy(session)
    second, is_new = make()
    assert (is_new, second.number, second.rows) == (True, 2, 4)
    with FileStore().opened(session, FileKind.TAX_OFFICE, first.digest) as file:
        assert len(file.read_text("utf-8-sig").splitlines()) == 1 + first.rows


def test_where_the_agency_collects_there_is_nothing_to_tell(session, hire_at, insure):
    insure(900_000, hire_at())
    levy(session)

    assert exported(session) == []


def test_what_was_paid_at_the_tax_office_comes_back(
    session, hire_at, insure, tax_office_collects, tmp_path
):
    insure(900_000, hire_at())
    tax_office_collects(*INSURANCES)
    levy(session)
    bill = session.scalars(select(Bill)).one()
    content = (
        "电子税票号码,缴费单号,缴费人名称,入库日期,实缴金额\n"
        f"3110,{bill.bank_reference:012d},甲公司,2026-09-10,{yuan(bill.total_fen)}\n"
    ).encode("utf-8-sig")
    import_file(session, tmp_path, content, BEIJING, bank=TAX_OFFICE)

    assert session.scalars(select(Payment)).one().kind is PaymentKind.TAX
    session.refresh(bill)
    assert bill.outstanding_fen == 0
    assert not list(check_books(session, packs_in_force(session), Scope()).lines())
