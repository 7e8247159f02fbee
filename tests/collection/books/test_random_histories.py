"""Whatever happens, the books balance: random histories, and nothing but what the office does."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.books.seal_day import seal_day
from siweb.collection.payments.allocate import allocate, open_bills
from siweb.collection.payments.allocation_order import AllocationOrder
from siweb.collection.payments.take_back import refund, release, reverse_payment
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import MatchedBy, Payment
from siweb.ledgers.account.interest_run import InterestRun, post_interest
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.benefits.account_interest import InterestTerms
from siweb.rules.calendar.months import add_months
from tests.bills import PACK_REGION, SEAL_KEY, make_bill, make_levy_run, receive
from tests.factories import AT, make_employer, make_person

FIRST_DAY = date(2025, 1, 20)
deeds = st.lists(
    st.tuples(
        st.sampled_from(
            ["hire", "leave", "levy", "pay", "bounce", "refund", "release", "interest", "seal"]
        ),
        st.integers(0, 2**20),
    ),
    min_size=4,
    max_size=14,
)


class Office:
    """An employer, somebody who pays alone, and what happens to them, one deed a fortnight."""

    def __init__(self, session):
        self.session = session
        self.employer = make_employer(session, region_code=PACK_REGION)
        self.alone = make_person(session, region_code=PACK_REGION)
        self.staff = [make_person(session, region_code=PACK_REGION)]
        self.month, self.on = "2025-01", FIRST_DAY
        self.how = {"actor": SYSTEM, "at": AT}

    def do(self, deed, number):
        getattr(self, deed)(number)
        self.on += timedelta(days=14)

    def hire(self, number):
        self.staff.append(make_person(self.session, region_code=PACK_REGION))

    def leave(self, number):
        self.staff = self.staff[: max(1, len(self.staff) - 1)]

    def levy(self, number):
        run = make_levy_run(self.session, self.month)
        base = 400_000 + number
        make_bill(self.session, self.staff, employer=self.employer, run=run, base_fen=base)
        kinds = (Insurance.PENSION, Insurance.MEDICAL)
        make_bill(self.session, [self.alone], run=run, base_fen=base, insurances=kinds)
        self.month = add_months(self.month, 1)

    def pay(self, number):
        for bills in (
            open_bills(self.session, self.employer.id, None, packs=packs_in_force(self.session)),
            open_bills(self.session, None, self.alone.id, packs=packs_in_force(self.session)),
        ):
            if bills:
                order = AllocationOrder(late_fee_first=bool(number & 1))
                amount = max(1, sum(b.outstanding_fen for b in bills) * (number % 130) // 100)
                payment = receive(self.session, amount, self.on)
                by = MatchedBy.PAYER
                allocate(
                    self.session,
                    payment,
                    bills,
                    matched_by=by,
                    order=order,
                    **self.how,
                    packs=packs_in_force(self.session),
                )

    def _payment(self, number):
        money = select(Payment).where(Payment.amount_fen > 0).order_by(Payment.id)
        payments = self.session.scalars(money).all()
        return payments[number % len(payments)] if payments else None

    def _was_undone(self, payment):
        back = select(Payment.id).where(Payment.origin_payment_id == payment.id)
        return self.session.scalars(back).first() is not None

    def bounce(self, number):
        payment = self._payment(number)
        if payment is not None and not self._was_undone(payment):
            reverse_payment(
                self.session, payment, on=self.on, **self.how, packs=packs_in_force(self.session)
            )

    def refund(self, number):
        payment = self._payment(number)
        if payment is not None and payment.unallocated_fen > 0:
            amount = 1 + number % payment.unallocated_fen
            refund(self.session, payment, amount, on=self.on, **self.how)

    def release(self, number):
        payment = self._payment(number)
        if payment is not None:
            release(
                self.session, payment, on=self.on, **self.how, packs=packs_in_force(self.session)
            )

    def interest(self, number):
        terms = InterestTerms(15_000 + number % 3 * 1_000, settled=bool(number & 1))
        post_interest(self.session, InterestRun(PACK_REGION, 2025, terms), (1, 2**40), self.on)

    def seal(self, number):
        seal_day(self.session, key=SEAL_KEY, on=self.on, **self.how)


@pytest.fixture
def nothing_yet(session):
    assert session.scalar(select(Bill.id)) is None
    return session


@given(deeds=deeds)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_books_balance_after_any_history(nothing_yet, deeds):
    with nothing_yet.begin_nested() as history:
        office = Office(nothing_yet)
        office.do("levy", 600_000)
        for deed, number in deeds:
            office.do(deed, number)
            nothing_yet.flush()
        found = list(
            check_books(nothing_yet, packs_in_force(nothing_yet), Scope(), seals=SEAL_KEY).lines()
        )
        history.rollback()
        nothing_yet.expire_all()

    assert found == []
