"""Lists of bills, payments, runs and statements: their order, whose they are, and page by page."""

from datetime import date

import pytest

from siweb.auth.staff.duties import EVERYWHERE, Scope
from siweb.collection.bills import find as bills
from siweb.collection.bills.find import BillOn, BillState, Payer
from siweb.collection.levy import find as levies
from siweb.collection.payments import find as payments
from siweb.collection.payments.find import PaymentsShown
from siweb.collection.statements import upload as statements
from siweb.collection.tables.bank_statement import BankStatement, StatementFormat
from siweb.collection.tables.bill import Bill, BillKind
from siweb.registry.packs.in_force import packs_in_force
from tests import factories
from tests.bills import PACK_REGION, make_bill, make_levy_run, receive
from tests.conftest import NOW

ON = date(2026, 11, 24)
ELSEWHERE = "110000"


@pytest.fixture(autouse=True)
def _two_a_page(monkeypatch):
    for module in (bills, levies, payments, statements):
        monkeypatch.setattr(module, "PAGE", 2)


def pages(read):
    """Two pages of two: the second is full, and nothing follows."""
    return [([row.id for row in rows], more) for rows, more in (read(1), read(2), read(3))]


def in_pages(ids):
    return [(ids[:2], True), (ids[2:], False), ([], False)]


def test_a_payers_bills_stand_newest_month_first(session):
    employer = factories.make_employer(session, region_code=PACK_REGION)
    person = factories.make_person(session, region_code=PACK_REGION)
    found = [
        make_bill(session, [person], employer=employer, run=make_levy_run(session, month))
        for month in ("2026-06", "2026-08", "2026-07", "2026-05")
    ]
    make_bill(session, [factories.make_person(session, region_code=PACK_REGION)])
    packs = packs_in_force(session)

    def read(page, **whose):
        payer = Payer(**(whose or {"employer_id": employer.id}))
        rows, more = bills.load_bills(session, payer, packs=packs, on=ON, page=page)
        return [row.bill for row in rows], more

    assert pages(read) == in_pages([found[place].id for place in (1, 2, 0, 3)])
    assert read(1, person_id=person.id) == ([], False)
    found[1].issued_at = None
    session.flush()
    assert [bill.id for bill in read(1)[0]] == [found[2].id, found[0].id]


def test_payments_that_wait_stand_oldest_first_and_all_newest_first(session):
    found = [
        receive(session, 100, payer_name=name, remittance=text).id
        for name, text in (("甲", "a"), ("乙", "甲"), ("丙", "a"), ("丁", "b"))
    ]
    used = receive(session, 100)
    kept = receive(session, 100)
    used.unallocated_fen, kept.kept_at = 0, NOW
    session.flush()

    def read(page, shown=PaymentsShown.WAITING, query="", scope=EVERYWHERE):
        return payments.list_payments(session, shown, query, page, scope=scope)

    assert pages(read) == in_pages(found)
    assert [row.id for row in read(1, PaymentsShown.KEPT)[0]] == [kept.id]
    assert [row.id for row in read(1, PaymentsShown.ALL)[0]] == [kept.id, used.id]
    assert [row.id for row in read(1, query="甲")[0]] == found[:2]
    assert read(1, scope=Scope(frozenset({ELSEWHERE}))) == ([], False)
    # A fen that is left waits too.
    used.unallocated_fen = 1
    session.flush()
    assert [row.id for row in read(3)[0]] == [used.id]


def test_runs_and_statements_stand_newest_first_and_in_their_region(session):
    runs = [make_levy_run(session, f"2026-0{month}").id for month in (8, 5, 7, 6)]
    make_levy_run(session, "2026-09", region_code=ELSEWHERE)
    files = []
    for number, region in enumerate((*[PACK_REGION] * 4, ELSEWHERE)):
        statement = BankStatement(
            region_code=region, format=StatementFormat.CSV, bank="", file_name="", entries=0,
            content_hash=str(number), imported_at=NOW,
        )  # fmt: skip
        session.add(statement)
        session.flush()
        files.append(statement.id)
    here = Scope(frozenset({PACK_REGION}))

    assert pages(lambda page: levies.latest_runs(session, [PACK_REGION], page=page)) == in_pages(
        runs[::-1]
    )
    assert pages(
        lambda page: statements.latest_statements(session, scope=here, page=page)
    ) == in_pages(files[3::-1])


@pytest.mark.parametrize(
    ("total", "paid", "fee", "employer", "values", "state"),
    [
        (-1, 0, 0, 1, {}, BillState.CREDIT),
        (0, 0, 0, 1, {}, BillState.PAID),
        (100, 100, 0, 1, {}, BillState.PAID),
        (100, 100, 1, 1, {}, BillState.LATE_FEE),
        (100, 99, 0, 1, {}, BillState.OVERDUE),
        (100, 0, 0, None, {}, BillState.NOT_PAID),
        (100, 0, 0, 1, {"deferred_until": ON}, BillState.DEFERRED),
        (100, 0, 0, 1, {"on": date(2026, 9, 15)}, BillState.OPEN),
        (100, 1, 0, 1, {"on": date(2026, 9, 15)}, BillState.PART_PAID),
        (100, 0, 0, 1, {"on": date(2026, 9, 16)}, BillState.OVERDUE),
    ],
)
def test_how_a_bill_stands_on_a_day(total, paid, fee, employer, values, state):
    bill = Bill(
        kind=BillKind.LEVY, total_fen=total, paid_fen=paid, employer_id=employer,
        due_on=date(2026, 9, 15), late_fee_waived_until=None,
    )  # fmt: skip
    now = BillOn(**({"bill": bill, "on": ON, "late_fee_fen": fee} | values))

    assert now.state is state
    assert now.to_pay_fen == max(0, total - paid) + fee
