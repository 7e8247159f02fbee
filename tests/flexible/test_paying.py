"""Who insures herself pays by the month, the quarter or the year, and owes nothing (SIL 10, 60)."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.arrears.daily import count_arrears_day
from siweb.collection.bills.find import BillState, Payer, load_bills
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.bank_reference import printed
from siweb.collection.payments.keep_credit import keep_for_months_to_come, kept_for
from siweb.collection.payments.match import find_match
from siweb.collection.payments.rhythm import choose_rhythm, rhythm_of
from siweb.collection.tables.arrears import Arrears
from siweb.collection.tables.bill import Bill, PayRhythm
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.merge_keys import add_alias
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.calendar.pay_periods import Every
from tests import factories
from tests.bills import receive
from tests.conftest import NOW
from tests.flexible.test_own_insurance import HOME, REGION, answer, begin
from tests.levies import levy

# 20 % of the base.
A_MONTH = 160_000
MONTHS = ("2026-09", "2026-10", "2026-11")
TODAY, DECEMBERS = NOW.date(), date(2027, 1, 15)


@pytest.fixture
def person(session):
    person = factories.make_person(session, name="王芳", region_code=REGION)
    factories.make_enrolment(session, person, insurance="pension", from_month="2026-07")
    session.add(
        DeclaredBase(
            person_id=person.id, region_code=REGION, from_month="2026-07", origin="test",
            declared_base_fen=800_000, declared_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    return person


def choose(session, person, every):
    return choose_rhythm(session, person, every, actor=SYSTEM, at=NOW)


def bills(session):
    query = select(Bill).order_by(Bill.contribution_month)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def days(session):
    return [(bill.contribution_month, bill.due_on) for bill in bills(session)]


def use(session, payment):
    """Use money as an import does: for what it names, and what is ahead is kept."""
    match = find_match(session, payment, packs=packs_in_force(session))
    how = {"packs": packs_in_force(session), "actor": SYSTEM, "at": NOW}
    allocate(session, payment, match.bills, matched_by=match.matched_by, named=match.named, **how)
    return keep_for_months_to_come(session, payment, actor=SYSTEM, at=NOW)


def kept(session, person):
    return session.scalar(kept_for(person.id))


def money(session, fen, bill, on=TODAY):
    return receive(session, fen, on, remittance=printed(bill.bank_reference))


def billed(session, person, every, months=MONTHS):
    choose(session, person, every)
    for month in months:
        levy(session, REGION, month)
    return bills(session)


@pytest.mark.parametrize(
    ("every", "due_on"),
    [
        (Every.MONTH, date(2026, 9, 15)),
        (Every.QUARTER, date(2026, 10, 15)),
        (Every.YEAR, DECEMBERS),
    ],
)
def test_a_month_may_be_paid_until_the_closing_day_of_its_period(session, person, every, due_on):
    billed(session, person, every, ["2026-08"])

    assert days(session) == [("2026-08", due_on)]


def test_a_choice_holds_for_bills_to_come_and_follows_a_joined_registration(session, person):
    levy(session, REGION, "2026-10")
    assert choose(session, person, Every.YEAR)
    assert not choose(session, person, Every.YEAR)
    levy(session, REGION, "2026-11")
    assert days(session) == [("2026-10", date(2026, 11, 16)), ("2026-11", DECEMBERS)]

    # The bill goes to the former key, under which the enrolment goes on.
    now = factories.make_person(session, name="王芳", region_code=REGION)
    choose(session, now, Every.QUARTER)
    add_alias(session, person.id, now.id, actor=SYSTEM, at=NOW)
    assert rhythm_of(session, person.id) is Every.QUARTER
    levy(session, REGION, "2026-08")
    assert days(session)[0] == ("2026-08", date(2026, 10, 15))


def test_one_payment_is_split_over_the_months_from_the_oldest_on(session, person):
    # The newest was billed first: its number says nothing of the order.
    _first, _second, newest = billed(session, person, Every.YEAR, reversed(MONTHS))

    kept = use(session, money(session, 2 * A_MONTH + 100, newest))

    assert [bill.paid_fen for bill in bills(session)] == [A_MONTH, A_MONTH, 100]
    paid = select(ContributionRecord.contribution_month).where(
        ContributionRecord.paid_on.is_not(None)
    )
    assert sorted(session.scalars(paid)) == list(MONTHS[:2])
    assert not kept
    assert not check_books(session, packs_in_force(session), Scope())


def test_what_is_paid_ahead_pays_the_next_bills_as_they_come(session, person):
    (bill,) = billed(session, person, Every.QUARTER, MONTHS[1:2])

    assert use(session, money(session, A_MONTH + 200_000, bill))
    assert kept(session, person) == 200_000
    levy(session, REGION, "2026-11")

    assert [bill.paid_fen for bill in bills(session)] == [A_MONTH, A_MONTH]
    assert kept(session, person) == 200_000 - A_MONTH
    assert not check_books(session, packs_in_force(session), Scope())


@pytest.mark.parametrize("has_stopped", [True, False])
def test_too_much_by_the_month_or_of_who_stopped_waits_for_a_look(session, person, has_stopped):
    every = Every.YEAR if has_stopped else Every.MONTH
    (bill,) = billed(session, person, every, MONTHS[2:])
    if has_stopped:
        session.scalars(select(Enrolment)).one().to_month = "2026-11"
        session.flush()
    payment = money(session, A_MONTH + 5, bill)

    assert not use(session, payment)
    assert (payment.unallocated_fen, payment.kept_at) == (5, None)


@pytest.mark.parametrize(("day", "is_used"), [(DECEMBERS, True), (date(2027, 1, 16), False)])
def test_after_the_closing_day_nothing_is_owed_and_nothing_paid_back(session, person, day, is_used):
    (bill,) = billed(session, person, Every.YEAR, MONTHS[2:])
    payment = money(session, A_MONTH, bill, on=day)
    use(session, payment)

    assert (payment.unallocated_fen, payment.kept_at) == (0 if is_used else A_MONTH, None)
    packs, late = packs_in_force(session), date(2027, 3, 1)
    count_arrears_day(session, packs=packs, on=late, at=NOW)
    assert session.scalar(select(func.count()).select_from(Arrears)) == 0
    (shown,), _more = load_bills(session, Payer(person_id=person.id), packs=packs, on=late)
    assert shown.late_fee_fen == 0
    assert shown.state is (BillState.PAID if is_used else BillState.NOT_PAID)
    assert not check_books(session, packs, Scope())


def test_bill_home_and_record_say_what_is_due_by_when(browser, session, person):
    first, *_others = billed(session, person, Every.YEAR)
    session.commit()

    bill = browser.get(f"/bills/{first.bank_reference}").text
    assert "To pay together by 15 January 2027" in bill
    assert "4,800.00" in bill
    home = browser.get("/").text
    assert "3 months from September 2026 on are to be paid" in home
    assert "15 January 2027" in home
    assert "15 January 2027" in browser.get("/record/months/2026-09").text
    own = browser.get(HOME).text
    assert "Once a year" in own
    assert "4,800.00" in own


def test_it_is_chosen_with_the_registration_and_changed_later(browser, session, person):
    browser.post(f"{HOME}/stop", data={"insurances": ["pension"]})
    case = begin(browser)
    answer(browser, case, insurances=["pension"], every="quarter")
    receipt = browser.post(f"{case}/check").location
    assert "Every quarter" in browser.get(receipt).text

    page = f"{HOME}/payment"
    assert browser.post(page, data={"every": "week"}).status_code == 422
    for _twice in range(2):
        assert browser.post(page, data={"every": "year"}).location == HOME
    chosen = session.scalars(select(PayRhythm.every).order_by(PayRhythm.id)).all()
    assert chosen == [Every.QUARTER, Every.YEAR]
    assert browser.get(page).status_code == 200


def test_who_does_not_insure_herself_has_nothing_to_choose(browser, session, person):
    session.scalars(select(Enrolment)).one().to_month = "2026-10"
    session.commit()

    assert browser.post(f"{HOME}/payment", data={"every": "year"}).location == HOME
    assert session.scalars(select(PayRhythm)).all() == []
