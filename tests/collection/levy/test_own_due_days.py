"""Wages declared too low owe the late fee since each month was due; a notice's change does not."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from siweb.clock import OFFICE_ZONE
from siweb.collection.bills.find import load_bill
from siweb.collection.levy.start import due_day
from siweb.collection.payments.late_fee import late_fee_on
from siweb.collection.tables.bill import Bill, BillMonth
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.claim_enrolments import release_claims
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.collection.levy.test_adjust import balanced, levied, publish_late
from tests.conftest import NOW
from tests.levies import BEIJING, ON, SHANGHAI, adjust

DUE = date(2026, 12, 15)
LATER = date(2027, 2, 1)


def own_days(session, region=BEIJING):
    packs = packs_in_force(session)
    return [due_day(packs, region, month, on=ON) for month in ("2026-07", "2026-08")]


def fee(session, bill, day):
    return late_fee_on(session, bill, day, packs=packs_in_force(session))


def declare_on(session, person, employer, base, day, from_month="2026-01"):
    session.add(
        DeclaredBase(
            person_id=person.id,
            region_code=person.region_code,
            employer_id=employer.id if employer else None,
            from_month=from_month,
            declared_base_fen=base,
            origin="yearly",
            declared_at=datetime(day.year, day.month, day.day, 23, 59, tzinfo=OFFICE_ZONE),
        )
    )
    session.flush()


def adjusted(session, region=BEIJING, **values):
    """The bill of an adjustment of both months, and its months as rows."""
    run = adjust(session, region, due_on=DUE, **values)
    bill = session.scalars(select(Bill).where(Bill.levy_run_id == run.id)).one_or_none()
    rows = session.execute(
        select(BillMonth.contribution_month, BillMonth.due_on, BillMonth.amount_fen)
        .where(BillMonth.bill_id == (bill.id if bill else 0))
        .order_by(BillMonth.contribution_month, BillMonth.due_on)
    ).all()
    return bill, [tuple(row) for row in rows]


@pytest.fixture
def billed(session, hire_at, insure, request):
    """Somebody whose two months were billed by a wage of 8,100."""
    region = getattr(request, "param", BEIJING)
    employer = hire_at(region)
    person = insure(810_000, employer, region)
    levied(session, region)
    return employer, person


@pytest.mark.parametrize("billed", [BEIJING, SHANGHAI], indirect=True)
def test_a_wage_declared_too_low_is_late_since_each_month_was_due(session, billed):
    employer, person = billed
    region = employer.region_code
    declare_on(session, person, employer, 1_500_000, ON)

    bill, rows = adjusted(session, region)

    days = own_days(session, region)
    assert [row[:2] for row in rows] == [("2026-07", days[0]), ("2026-08", days[1])]
    assert sum(fen for *_, fen in rows) == bill.total_fen > 0
    assert fee(session, bill, days[0]) == 0
    first = (rows[0][2] * 500 + 500_000) // 1_000_000
    assert fee(session, bill, days[0] + timedelta(days=1)) == first > 0
    assert load_bill(session, bill, on=ON, packs=packs_in_force(session)).facts.months
    assert balanced(session)


def test_concealing_a_wage_is_never_cheaper_than_declaring_it(session, hire_at, insure):
    """Two employers with the same staff; the second declares the right wage only in November."""
    honest, other = hire_at(), hire_at()
    insure(1_500_000, honest)
    hidden = insure(810_000, other)
    levied(session)
    declare_on(session, hidden, other, 1_500_000, ON)
    adjusted(session)

    def owed(employer, day):
        bills = session.scalars(select(Bill).where(Bill.employer_id == employer.id)).all()
        return sum(bill.total_fen + fee(session, bill, day) for bill in bills)

    for day in (*own_days(session), ON, DUE, LATER):
        assert abs(owed(other, day) - owed(honest, day)) <= 2  # rounded once a month of a bill
    assert owed(other, LATER) > owed(other, own_days(session)[0])


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (1, True)])
def test_until_the_due_day_a_higher_wage_is_only_a_change(session, billed, days, is_late):
    employer, person = billed
    last = own_days(session)[1] + timedelta(days=days)
    declare_on(session, person, employer, 1_500_000, last, from_month="2026-08")

    bill, rows = adjusted(session)

    assert bool(rows) is is_late
    assert (fee(session, bill, DUE) > 0) is is_late
    assert fee(session, bill, LATER) > 0


def test_what_only_a_notice_changed_is_due_on_its_own_day(session, billed):
    publish_late(session, BEIJING)
    employer, person = billed
    declare_on(session, person, employer, 810_000, ON)

    bill, rows = adjusted(session)

    assert bill is None or rows == []


@pytest.mark.parametrize("waived", [None, date(2026, 12, 31)])
def test_a_notice_and_a_wage_in_one_bill_are_kept_apart(session, hire_at, insure, waived):
    """One at the floor, which the notice raises; one whose wage was concealed, above it."""
    employer = hire_at()
    insure(500_000, employer)
    hidden = insure(1_000_000, employer)
    levied(session)
    publish_late(session, BEIJING)
    declare_on(session, hidden, employer, 1_500_000, ON)

    bill, rows = adjusted(session, waived_until=waived)

    days = own_days(session)
    assert [row[1] for row in rows] == [days[0], days[1], waived or DUE]
    # 5,000 yuan more a month at both sides' rates of four insurances.
    concealed = [
        record.employer_fen + record.employee_fen
        for record in _records(session, bill)
        if record.person_id == hidden.id
    ]
    assert rows[0][2] + rows[1][2] == sum(concealed)
    assert rows[2][2] == bill.total_fen - sum(concealed) > 0
    assert bill.late_fee_waived_until is None
    at_waiver = fee(session, bill, waived or DUE)
    only_hidden = sum(
        (fen * ((waived or DUE) - due).days * 500 + 500_000) // 1_000_000
        for _, due, fen in rows[:2]
    )
    assert at_waiver == only_hidden
    assert balanced(session)


def test_a_wage_and_a_notice_of_one_person_are_kept_apart(session, hire_at, insure):
    """Both change the same records: what the notice alone would do is due on the notice's day."""
    employer = hire_at()
    person = insure(500_000, employer)
    levied(session)
    publish_late(session, BEIJING)
    declare_on(session, person, employer, 1_000_000, ON)

    _bill, rows = adjusted(session)

    by_month = {row[:2]: row[2] for row in rows}
    assert len(by_month) == 3
    session.execute(delete(DeclaredBase).where(DeclaredBase.declared_base_fen == 1_000_000))
    notice_alone = -_bill_of(session, adjust(session)).total_fen
    days = own_days(session)
    late = by_month["2026-07", days[0]] + by_month["2026-08", days[1]]
    assert late == notice_alone  # taking the wage back credits exactly what it had added


def test_a_month_that_belongs_to_another_employer_was_late_there(session, billed, hire_at):
    _employer, person = billed
    other = hire_at()
    for enrolment in session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)):
        enrolment.to_month = "2026-06"
        release_claims(session, [person.id])
        factories.make_enrolment(
            session,
            person,
            enrolment.insurance,
            employer=other,
            region_code=BEIJING,
            from_month="2026-07",
        )
    declare_on(session, person, other, 810_000, date(2026, 7, 1), from_month="2026-07")

    run = adjust(session)

    bill = session.scalars(
        select(Bill).where(Bill.levy_run_id == run.id, Bill.employer_id == other.id)
    ).one()
    due = session.scalars(select(BillMonth.due_on).where(BillMonth.bill_id == bill.id)).all()
    assert sorted(due) == own_days(session)
    assert balanced(session)


def test_a_credit_of_the_same_month_is_taken_off_what_was_late(session, hire_at, insure):
    employer = hire_at()
    higher, lower = insure(810_000, employer), insure(2_000_000, employer)
    levied(session)
    declare_on(session, higher, employer, 1_500_000, ON)
    declare_on(session, lower, employer, 1_800_000, ON)

    bill, rows = adjusted(session)

    assert [row[1] for row in rows] == own_days(session)
    assert sum(fen for *_, fen in rows) == bill.total_fen
    assert balanced(session)


def test_a_bill_in_the_payers_favour_has_no_months(session, hire_at, insure):
    employer = hire_at()
    higher, lower = insure(810_000, employer), insure(2_500_000, employer)
    levied(session)
    declare_on(session, higher, employer, 820_000, ON)
    declare_on(session, lower, employer, 900_000, ON)

    bill, rows = adjusted(session)

    assert bill.total_fen < 0
    assert rows == []
    assert fee(session, bill, LATER) == 0


def test_a_due_day_that_is_the_runs_own_is_one_row(session, hire_at, insure):
    employer = hire_at()
    insure(500_000, employer)
    hidden = insure(1_000_000, employer)
    levied(session)
    publish_late(session, BEIJING)
    declare_on(session, hidden, employer, 1_500_000, ON)
    last = own_days(session)[1]
    run = adjust(session, on=date(2026, 9, 2), due_on=last)

    bill = _bill_of(session, run)
    rows = session.scalars(select(BillMonth).where(BillMonth.bill_id == bill.id)).all()
    assert sorted(row.due_on for row in rows) == own_days(session)
    assert sum(row.amount_fen for row in rows) == bill.total_fen


def test_who_pays_alone_is_late_with_nothing(session, insure, hire_at):
    person = insure(810_000, None, BEIJING, ("pension", "medical"))
    levied(session)
    declare_on(session, person, None, 1_500_000, ON)

    bill, rows = adjusted(session)

    assert (bill.person_id, rows) == (person.id, [])
    assert fee(session, bill, LATER) == 0


def test_what_comes_back_after_it_was_undone_is_late_once(session, hire_at, insure):
    """Beside it the same bill has a change that was declared in time."""
    employer = hire_at()
    back, other = insure(1_000_000, employer), insure(810_000, employer)
    levied(session)
    enrolments = session.scalars(select(Enrolment).where(Enrolment.person_id == back.id)).all()
    for to_month in ("2026-07", None):
        if to_month is None:
            declare_on(session, other, employer, 1_500_000, own_days(session)[1], "2026-08")
        for enrolment in enrolments:
            enrolment.to_month = to_month
        run = adjust(session, due_on=DUE)
        bill = _bill_of(session, run)

    again = sum(
        record.employer_fen + record.employee_fen
        for record in _records(session, bill)
        if record.person_id == back.id
    )
    late = _late_of(session, bill)
    assert 0 < sum(late.values()) == again < bill.total_fen
    assert set(late) == {own_days(session)[1]}


@pytest.mark.parametrize(
    "whose", ["of another person", "of another employer", "withdrawn", "later"]
)
def test_a_late_declaration_that_does_not_count_makes_nothing_late(
    session, billed, hire_at, insure, whose
):
    employer, person = billed
    declare_on(session, person, employer, 1_500_000, own_days(session)[1], from_month="2026-08")
    is_other_person, is_other_employer = (
        whose == f"of another {one}" for one in ("person", "employer")
    )
    declare_on(
        session,
        insure(None) if is_other_person else person,
        hire_at() if is_other_employer else employer,
        1_600_000,
        ON,
        from_month="2026-09" if whose == "later" else "2026-08",
    )
    if whose == "withdrawn":
        last = select(DeclaredBase).where(DeclaredBase.declared_base_fen == 1_600_000)
        session.scalars(last).one().withdrawn_at = NOW

    bill, rows = adjusted(session)

    assert bill.total_fen > 0
    assert rows == []


def test_a_late_base_of_one_insurance_is_late_in_it_alone(session, billed):
    employer, person = billed
    in_time = own_days(session)[1]
    declare_on(session, person, employer, 1_500_000, in_time, from_month="2026-08")
    declare_on(session, person, employer, 1_600_000, ON, from_month="2026-08")
    late = select(DeclaredBase).where(DeclaredBase.declared_base_fen == 1_600_000)
    session.scalars(late).one().insurance = Insurance.MEDICAL

    bill, _rows = adjusted(session)

    (medical,) = [one for one in _records(session, bill) if one.insurance == Insurance.MEDICAL]
    assert _late_of(session, bill) == {in_time: medical.employer_fen + medical.employee_fen}


def test_each_employers_concealed_wages_are_late_at_its_own_injury_rate(session, hire_at, insure):
    employers = [hire_at(injury_class=number) for number in (1, 8)]
    hidden = [insure(810_000, employer) for employer in employers]
    levied(session)
    for person, employer in zip(hidden, employers, strict=True):
        declare_on(session, person, employer, 1_500_000, ON)

    run = adjust(session, due_on=DUE)

    bills = session.scalars(select(Bill).where(Bill.levy_run_id == run.id)).all()
    assert len({bill.total_fen for bill in bills}) == 2
    assert [sum(_late_of(session, bill).values()) for bill in bills] == [
        bill.total_fen for bill in bills
    ]


def _late_of(session, bill):
    """What of a bill was due before the run's own day, by the day it was due."""
    rows = session.execute(
        select(BillMonth.due_on, BillMonth.amount_fen).where(
            BillMonth.bill_id == bill.id, BillMonth.due_on < DUE
        )
    )
    return {row.due_on: row.amount_fen for row in rows}


def _bill_of(session, run):
    return session.scalars(select(Bill).where(Bill.levy_run_id == run.id)).one()


def _records(session, bill):
    return session.scalars(
        select(ContributionRecord).where(ContributionRecord.levy_run_id == bill.levy_run_id)
    ).all()
