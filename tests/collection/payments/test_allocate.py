from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.payments.allocate import PaymentRefused, allocate
from siweb.collection.payments.allocation_order import AllocationOrder
from siweb.collection.payments.late_fee import late_fee_due, late_fee_on
from siweb.collection.payments.take_back import refund, reverse_payment
from siweb.collection.tables.payment import Allocation, AllocationKind, MatchedBy
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.ledgers.tables.fund_entry import FundEntry
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import make_assessment_bill, make_bill, make_levy_run, receive
from tests.factories import AT, make_employer, make_person

LATE = date(2026, 9, 25)


def use(session, payment, *bills, **how):
    return allocate(
        session,
        payment,
        bills,
        matched_by=MatchedBy.STAFF,
        actor=SYSTEM,
        at=AT,
        **how,
        packs=packs_in_force(session),
    )


def paid_records(session):
    return session.scalar(select(func.count()).where(ContributionRecord.paid_on.is_not(None)))


def balance(session, person):
    return session.scalar(
        select(func.coalesce(func.sum(AccountEntry.amount_fen), 0)).where(
            AccountEntry.person_id == person.id
        )
    )


@pytest.fixture
def people(session):
    return [make_person(session), make_person(session)]


@pytest.fixture
def bill(session, people):
    """240,000 + 110,000 + 2,000 fen for each of two people."""
    return make_bill(session, people, employer=make_employer(session))


def test_a_bill_paid_in_full_pays_its_records_and_credits_the_accounts(session, bill, people):
    payment = receive(session, bill.total_fen)

    use(session, payment, bill)

    assert (payment.unallocated_fen, bill.outstanding_fen) == (0, 0)
    assert paid_records(session) == 6
    assert [balance(session, person) for person in people] == [80_000, 80_000]


def test_a_part_payment_pays_the_lines_it_reaches_and_credits_nobody_before(session, bill, people):
    use(session, receive(session, 479_999), bill)
    assert (paid_records(session), balance(session, people[0])) == (0, 0)

    use(session, receive(session, 1), bill)

    assert (paid_records(session), balance(session, people[0])) == (2, 80_000)


def test_what_is_too_much_stays_unallocated_and_can_be_refunded(session, bill):
    payment = receive(session, bill.total_fen + 500)
    use(session, payment, bill)

    back = refund(session, payment, 300, on=LATE, actor=SYSTEM, at=AT)

    assert (back.amount_fen, payment.unallocated_fen) == (-300, 200)
    with pytest.raises(PaymentRefused, match="too_much"):
        refund(session, payment, 201, on=LATE, actor=SYSTEM, at=AT)


def test_a_payment_bounces_that_was_paid_back_in_part(session, bill):
    payment = receive(session, bill.total_fen + 500)
    use(session, payment, bill)
    refund(session, payment, 500, on=LATE, actor=SYSTEM, at=AT)

    back = reverse_payment(
        session, payment, on=LATE, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )

    assert back.amount_fen == -bill.total_fen
    assert (bill.paid_fen, payment.unallocated_fen) == (0, 0)
    assert (
        reverse_payment(
            session, payment, on=LATE, actor=SYSTEM, at=AT, packs=packs_in_force(session)
        )
        == back
    )


def test_what_was_paid_back_whole_is_not_there_to_bounce(session):
    payment = receive(session, 500)
    refund(session, payment, 500, on=LATE, actor=SYSTEM, at=AT)

    with pytest.raises(PaymentRefused, match="refunded"):
        reverse_payment(
            session, payment, on=LATE, actor=SYSTEM, at=AT, packs=packs_in_force(session)
        )


def test_a_bounced_payment_leaves_everything_as_if_it_had_not_come(session, bill, people):
    before = late_fee_on(session, bill, LATE, packs=packs_in_force(session))
    payment = receive(session, bill.total_fen + 500, date(2026, 9, 20))
    use(session, payment, bill)

    first = reverse_payment(
        session, payment, on=LATE, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )
    again = reverse_payment(
        session, payment, on=LATE, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )

    assert first is again
    assert (bill.paid_fen, bill.late_fee_paid_fen, payment.unallocated_fen) == (0, 0, 0)
    assert (paid_records(session), balance(session, people[0])) == (0, 0)
    assert late_fee_on(session, bill, LATE, packs=packs_in_force(session)) == before
    assert session.scalar(select(func.sum(FundEntry.amount_fen))) == 0


def test_paid_bounced_and_paid_again_is_paid_once(session, bill, people):
    bounced = receive(session, bill.total_fen)
    use(session, bounced, bill)
    reverse_payment(session, bounced, on=LATE, actor=SYSTEM, at=AT, packs=packs_in_force(session))

    use(session, receive(session, bill.total_fen), bill)

    assert (paid_records(session), balance(session, people[1])) == (6, 80_000)
    assert session.scalar(select(func.sum(FundEntry.amount_fen))) == bill.total_fen


def test_of_the_agencys_own_figures_nobodys_records_are_paid_or_taken_back(session, bill):
    """Behind such a bill stands no record: the fund gets the money, and gives it back."""
    own = make_assessment_bill(session, make_employer(session), 90_000)
    payment = receive(session, 90_000)
    use(session, payment, own)
    fund = select(func.sum(FundEntry.amount_fen))
    assert (own.paid_fen, paid_records(session), session.scalar(fund)) == (90_000, 0, 90_000)

    reverse_payment(session, payment, on=LATE, actor=SYSTEM, at=AT, packs=packs_in_force(session))

    assert (own.paid_fen, paid_records(session), session.scalar(fund)) == (0, 0, 0)
    assert session.scalar(select(func.count(AccountEntry.entry_number))) == 0


def test_late_payments_owe_by_the_day_on_what_was_unpaid(session, bill):
    use(session, receive(session, 304_000, date(2026, 9, 20)), bill)

    # 704,000 for five days, then 400,000 for five.
    assert late_fee_due(session, bill, LATE, packs=packs_in_force(session)) == 1760 + 1000
    use(session, receive(session, 402_759, LATE), bill)
    assert (
        bill.outstanding_fen,
        late_fee_due(session, bill, date(2026, 12, 1), packs=packs_in_force(session)),
    ) == (0, 1)


@pytest.mark.parametrize(
    ("principal", "due_on", "paid_on", "fee"),
    [
        (10_000_000, date(2025, 7, 15), date(2025, 7, 25), 50_000),
        (1_234_567, date(2025, 2, 15), date(2025, 3, 20), 20_370),
    ],
)
def test_worked_cases_of_the_late_fee_come_out_of_a_bill(session, principal, due_on, paid_on, fee):
    bill = make_assessment_bill(session, make_employer(session), principal, due_on=due_on)
    payment = receive(session, principal + fee, paid_on)

    use(session, payment, bill)

    assert (bill.late_fee_paid_fen, payment.unallocated_fen) == (fee, 0)


def test_no_late_fee_counts_before_a_waiver_ends(session):
    bill = make_assessment_bill(
        session, make_employer(session), 10_000_000, late_fee_waived_until=date(2025, 12, 31)
    )

    assert late_fee_due(session, bill, date(2025, 12, 31), packs=packs_in_force(session)) == 0
    assert late_fee_due(session, bill, date(2026, 1, 2), packs=packs_in_force(session)) == 10_000


def test_the_office_may_take_the_late_fee_first(session, bill):
    payment = receive(session, 4_000, LATE)

    use(session, payment, bill, order=AllocationOrder(late_fee_first=True))

    assert (bill.late_fee_paid_fen, bill.paid_fen) == (3_520, 480)


def test_a_late_fee_is_shared_by_the_funds_to_the_fen(session, bill):
    made = use(session, receive(session, 704_001, LATE), bill)

    fees = [one.amount_fen for one in made if one.kind is AllocationKind.LATE_FEE]
    assert fees == [1]
    use(session, receive(session, 10_000, LATE), bill)
    assert bill.late_fee_paid_fen == 3_520


def test_the_oldest_bill_is_paid_first_unless_another_is_named(session, people):
    employer = make_employer(session)
    old, new = (
        make_bill(session, people, employer=employer, run=make_levy_run(session, month))
        for month in ("2026-07", "2026-08")
    )

    use(session, receive(session, 100, date(2026, 8, 1)), old, new)
    use(session, receive(session, 10, date(2026, 8, 1)), old, new, named=new)

    assert (old.paid_fen, new.paid_fen) == (100, 10)


def test_flexible_payers_fill_account_and_pool(session):
    person = make_person(session)
    bill = make_bill(session, [person], insurances=(Insurance.PENSION,))

    use(session, receive(session, bill.total_fen), bill)

    fund = session.scalars(select(FundEntry)).one()
    assert (fund.amount_fen, fund.account_fen) == (240_000, 80_000)
    assert balance(session, person) == 80_000


def test_one_payment_is_for_one_payer(session, bill):
    other = make_assessment_bill(session, make_employer(session), 500)

    with pytest.raises(PaymentRefused, match="two_payers"):
        use(session, receive(session, 900), bill, other)
    assert session.scalar(select(func.count(Allocation.allocation_number))) == 0
