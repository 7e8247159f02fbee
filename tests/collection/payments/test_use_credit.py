"""What is taken back was never owed: it costs no late fee, and gives back only what had come."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.assessments.decide import decide
from siweb.collection.assessments.propose import propose_all
from siweb.collection.assessments.settle import settle_all
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.late_fee import late_fee_due
from siweb.collection.payments.record import Received, entry_key, record_payment
from siweb.collection.payments.take_back import reverse_payment
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.bill import Bill, BillKind
from siweb.collection.tables.payment import (
    Allocation,
    AllocationKind,
    MatchedBy,
    Payment,
    PaymentKind,
)
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.ledgers.tables.fund_entry import FundEntry
from siweb.registry.claim_enrolments import release_claims
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.enrolment import Enrolment
from tests.collection.make_cases import AT, DECIDER, PROPOSER, REGION, make_staff
from tests.collection.make_cases import declare as declare_base
from tests.collection.make_cases import find as find_undeclared
from tests.conftest import NOW
from tests.levies import BEIJING, MONTH, ON, adjust, levy
from tests.served import serve

IN_TIME, LATE = date(2026, 9, 10), date(2026, 10, 20)


def pay(session, bill, on=IN_TIME):
    """Pay what a bill asks for on a day, late fee included."""
    received = Received(
        entry_key("test", bill.id, session.scalar(select(func.count(Payment.id)))),
        bill.outstanding_fen + late_fee_due(session, bill, on, packs=packs_in_force(session)),
        on,
    )
    payment, _ = record_payment(
        session, bill.region_code, PaymentKind.TRANSFER, received, actor=SYSTEM, at=NOW
    )
    allocate(
        session,
        payment,
        [bill],
        matched_by=MatchedBy.REFERENCE,
        actor=SYSTEM,
        at=NOW,
        packs=packs_in_force(session),
    )
    return payment


def bills(session):
    return session.scalars(select(Bill).order_by(Bill.id)).all()


def balance(session, person):
    return session.scalar(
        select(func.coalesce(func.sum(AccountEntry.amount_fen), 0)).where(
            AccountEntry.person_id == person.id
        )
    )


def fund(session):
    return session.scalar(select(func.coalesce(func.sum(FundEntry.amount_fen), 0)))


def balanced(session):
    return not list(check_books(session, packs_in_force(session), Scope()).lines())


def leave(session, person, last_month="2026-07"):
    for one in session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)):
        one.to_month = last_month
    release_claims(session, [person.id])
    session.commit()


@pytest.fixture
def two(session, hire_at, insure):
    """An employer's bill over two people."""
    employer = hire_at()
    people = insure(1_000_000, employer), insure(1_000_000, employer)
    levy(session)
    return people


def test_an_account_gives_back_only_what_it_got(session, two):
    gone, other = two
    leave(session, gone)
    adjust(session, months=(MONTH, MONTH))
    bill, credit = bills(session)
    assert (balance(session, gone), balance(session, other), fund(session)) == (0, 0, 0)
    assert bill.outstanding_fen == -credit.total_fen == bill.total_fen // 2
    assert balanced(session)

    payment = pay(session, bill)

    assert (balance(session, gone), balance(session, other)) == (0, 80_000)
    assert fund(session) == payment.amount_fen
    assert balanced(session)


def test_what_was_given_back_returns_when_the_payment_did_not_come(session, two):
    gone, other = two
    leave(session, gone)
    adjust(session, months=(MONTH, MONTH))
    payment = pay(session, bills(session)[0])

    reverse_payment(session, payment, on=ON, actor=SYSTEM, at=NOW, packs=packs_in_force(session))

    assert (balance(session, gone), balance(session, other), fund(session)) == (0, 0, 0)
    paid = session.scalar(select(func.count(ContributionRecord.paid_on)))
    assert paid == 0
    assert balanced(session)
    pay(session, bills(session)[0])
    assert (balance(session, gone), balance(session, other)) == (0, 80_000)
    assert balanced(session)


def test_money_of_a_month_taken_back_is_its_payers_again_until_it_bounces(session, two):
    gone, _ = two
    bill = bills(session)[0]
    payment = pay(session, bill)
    leave(session, gone)

    adjust(session, months=(MONTH, MONTH))

    assert (payment.unallocated_fen, fund(session)) == (bill.total_fen // 2, bill.total_fen // 2)
    assert balanced(session)
    reverse_payment(session, payment, on=ON, actor=SYSTEM, at=NOW, packs=packs_in_force(session))
    assert (payment.unallocated_fen, fund(session)) == (0, 0)
    assert bill.outstanding_fen == bill.total_fen // 2
    assert balanced(session)


def test_of_those_who_pay_alone_each_gets_back_from_the_own_bill(session, hire_at, insure):
    hire_at()
    gone, first = (insure(base, insurances=("pension", "medical")) for base in (900_000, 800_000))
    levy(session)
    leave(session, gone)

    adjust(session, months=(MONTH, MONTH))

    owed = {
        bill.person_id: bill.outstanding_fen for bill in bills(session) if bill.kind != "adjustment"
    }
    whole = next(bill.total_fen for bill in bills(session) if bill.person_id == first.id)
    assert owed == {first.id: whole, gone.id: 0}
    assert balanced(session)


def test_what_is_taken_back_ends_the_interest_where_it_began(session, hire_at, insure, declare):
    employer = hire_at()
    person = insure(1_000_000, employer)
    levy(session)
    pay(session, bills(session)[0], on=LATE)
    declare(person, employer, MONTH, 900_000)

    adjust(session, months=(MONTH, MONTH))

    entries = session.execute(
        select(AccountEntry.year, AccountEntry.interest_month, AccountEntry.amount_fen).order_by(
            AccountEntry.entry_number
        )
    ).all()
    assert entries == [(2026, "2026-10", 80_000), (2026, "2026-10", -8_000)]


def test_no_late_fee_is_on_what_was_never_owed(session, hire_at, insure, declare):
    employer = hire_at()
    person = insure(1_000_000, employer)
    levy(session)
    declare(person, employer, MONTH, 900_000)

    adjust(session, months=(MONTH, MONTH))

    bill = bills(session)[0]
    # 70 days at 5 in 10,000.
    assert (bill.outstanding_fen, (ON - bill.due_on).days) == (333_300, 70)
    assert late_fee_due(session, bill, ON, packs=packs_in_force(session)) == 11_666


def test_a_late_fee_paid_on_what_was_never_owed_comes_back(session, hire_at, insure, declare):
    employer = hire_at()
    person = insure(1_000_000, employer)
    levy(session)
    bill = bills(session)[0]
    payment = pay(session, bill, on=LATE)
    assert bill.late_fee_paid_fen == 6_480
    declare(person, employer, MONTH, 900_000)

    adjust(session, months=(MONTH, MONTH))

    assert bill.late_fee_paid_fen == 5_833
    assert payment.unallocated_fen == 37_000 + 6_480 - 5_833
    assert balanced(session)


def test_a_settlement_leaves_the_difference_of_what_was_paid_in_time(session):
    employer, person = make_staff(session)
    find_undeclared(session)
    propose_all(
        session, REGION, actor=PROPOSER, on=date(2026, 8, 20), at=AT, packs=packs_in_force(session)
    )
    serve(session, date(2026, 8, 20))
    case = session.scalars(select(Assessment)).one()
    assessed = decide(
        session, case, "", actor=DECIDER, on=date(2026, 9, 10), at=AT, packs=packs_in_force(session)
    )
    payment = pay(session, assessed, on=assessed.due_on)
    declare_base(session, employer, person, "2026-07")
    settle_all(session, REGION, actor=PROPOSER, on=ON, at=AT, packs=packs_in_force(session))
    session.commit()
    levy(session, REGION, "2026-07")
    bill = bills(session)[-1]
    bill.due_on = assessed.due_on
    session.commit()

    settle_all(session, REGION, actor=PROPOSER, on=ON, at=AT, packs=packs_in_force(session))

    assert (bill.outstanding_fen, bill.late_fee_paid_fen) == (0, 0)
    assert payment.unallocated_fen == payment.amount_fen - bill.total_fen
    assert session.scalars(
        select(Allocation.paid_on).where(Allocation.bill_id == bill.id).distinct()
    ).all() == [assessed.due_on]
    assert not check_books(session, packs_in_force(session), Scope(REGION))


def test_a_late_fee_is_shared_by_the_lines_that_ask_for_something(
    session, hire_at, insure, declare
):
    employer = hire_at()
    person = insure(1_000_000, employer)
    levy(session)
    pay(session, bills(session)[0])
    declare(person, employer, MONTH, 1_500_000, Insurance.PENSION)
    declare(person, employer, MONTH, 800_000, Insurance.MEDICAL)
    adjust(session, months=(MONTH, MONTH), due_on=date(2026, 12, 15))
    bill = bills(session)[-1]

    payment = pay(session, bill, on=date(2027, 1, 14))

    assert bill.total_fen == 96_400
    # 964.00 yuan were concealed from the month's own due day, 2026-09-15: 121 days of 0.482 yuan.
    assert (bill.late_fee_paid_fen, bill.outstanding_fen, payment.unallocated_fen) == (5_832, 0, 0)
    fees = session.scalars(
        select(Allocation.insurance).where(Allocation.kind == AllocationKind.LATE_FEE)
    )
    assert fees.all() == [Insurance.PENSION]
    assert balanced(session)


@pytest.mark.parametrize("is_paid", [True, False])
def test_changes_that_cancel_out_stand_in_the_books(session, hire_at, insure, declare, is_paid):
    employer = hire_at()
    people = insure(1_000_000, employer), insure(1_200_000, employer)
    levy(session)
    if is_paid:
        pay(session, bills(session)[0])
    for person, base in zip(people, (1_200_000, 1_000_000), strict=True):
        declare(person, employer, MONTH, base)

    adjust(session, months=(MONTH, MONTH))

    bill, nothing = bills(session)
    assert (nothing.kind, nothing.total_fen) == (BillKind.ADJUSTMENT, 0)
    if not is_paid:
        assert [balance(session, one) for one in people] == [0, 0]
        assert balanced(session)
        pay(session, bill)
    assert [balance(session, one) for one in people] == [96_000, 80_000]
    assert balanced(session)


def test_what_was_undone_paid_on_no_day(session, two):
    bill = bills(session)[0]
    bounced = pay(session, bill, on=LATE)
    reverse_payment(session, bounced, on=ON, actor=SYSTEM, at=NOW, packs=packs_in_force(session))

    pay(session, bill, on=IN_TIME)

    assert set(session.scalars(select(ContributionRecord.paid_on))) == {IN_TIME}
    months = select(AccountEntry.interest_month).order_by(AccountEntry.entry_number.desc())
    assert session.scalars(months.limit(2)).all() == [None, None]


def test_a_credit_stays_with_its_payer_and_its_region(session, two):
    gone, _ = two
    leave(session, gone)
    adjust(session, months=(MONTH, MONTH))

    credit = session.scalars(select(Payment).where(Payment.kind == PaymentKind.CREDIT)).one()

    assert (credit.region_code, credit.unallocated_fen) == (BEIJING, 0)
