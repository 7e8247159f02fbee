"""An adjustment bills or credits exactly the change, for each month since."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.levy.refusal import LevyRefused
from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.late_fee import late_fee_on
from siweb.collection.tables.bill import Bill, BillKind, BillLine
from siweb.collection.tables.levy_run import LevyState
from siweb.collection.tables.payment import MatchedBy, Payment, PaymentKind
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.registry.claim_enrolments import claim_enrolments, release_claims
from siweb.registry.codes import Insurance
from siweb.registry.packs.import_packs import import_packs
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.contributions.premium import compute_employer_total
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.read import read_pack
from tests.bills import receive
from tests.conftest import NOW
from tests.levies import BEIJING, INSURANCES, MONTH, ON, SHANGHAI, adjust, levy

MONTHS = ("2026-07", MONTH)
LATE_NOTICE = """
[[limits]]
scheme = ["employee", "flexible"]
insurance = ["pension", "medical", "unemployment", "work_injury", "maternity"]
effective_from = "2026-07"
published_on = 2026-09-01
notice = "迟到的通知"
confidence = "demonstration"
base_floor = "8003.00"
base_ceiling = "40001.00"
"""
BASES = (500_000, 812_345, 3_900_007)


def publish_late(session, region):
    """A notice with other limits, published after the months were billed."""
    pack, problems = read_pack(load_packs().packs[region].text + LATE_NOTICE, f"{region}.toml")
    assert not problems
    import_packs(session, [pack], actor=SYSTEM, at=NOW)
    session.commit()


def levied(session, region=BEIJING):
    for month in MONTHS:
        levy(session, region, month)


def pay(session, bill, on):
    allocate(
        session,
        receive(session, bill.total_fen, on),
        [bill],
        matched_by=MatchedBy.STAFF,
        actor=SYSTEM,
        at=NOW,
        packs=packs_in_force(session),
    )


def lines_of(session, employer):
    """All lines of an employer added up: fen of both sides by insurance."""
    rows = session.execute(
        select(
            BillLine.insurance,
            func.sum(BillLine.base_fen),
            func.sum(BillLine.employer_fen),
            func.sum(BillLine.employee_fen),
        )
        .join(Bill)
        .where(Bill.employer_id == employer.id)
        .group_by(BillLine.insurance)
    )
    return {insurance.value: tuple(int(one) for one in amounts) for insurance, *amounts in rows}


def by_the_rules(session, employer, bases, region=BEIJING):
    """What the months come to by what is known now."""
    sums = {}
    for insurance in INSURANCES:
        amounts = [0, 0, 0]
        for month in MONTHS:
            risk = (
                {"injury_class": employer.injury_class, "injury_tier": employer.injury_tier_ppm}
                if insurance == "work_injury"
                else {}
            )
            parameters = packs_in_force(session).parameters(region, month, as_of=ON)
            due = compute_employer_total(parameters.premium_terms(insurance, **risk), bases)
            amounts = [
                one + more
                for one, more in zip(amounts, (due.base, due.employer, due.employee), strict=True)
            ]
        sums[insurance] = tuple(amounts)
    return sums


def balanced(session):
    return not list(check_books(session, packs_in_force(session), Scope()).lines())


@pytest.mark.parametrize("region", [BEIJING, SHANGHAI])
def test_limits_published_late_are_billed_to_the_fen(session, hire_at, insure, region):
    employer = hire_at(region)
    for base in BASES:
        insure(base, employer, region)
    levied(session, region)
    before = by_the_rules(session, employer, BASES, region)
    assert lines_of(session, employer) == before
    publish_late(session, region)

    run = adjust(session, region, due_on=date(2026, 12, 15), waived_until=date(2026, 12, 31))

    assert run.state is LevyState.ISSUED
    now = by_the_rules(session, employer, BASES, region)
    assert now != before
    assert lines_of(session, employer) == now
    bill = session.scalars(select(Bill).where(Bill.levy_run_id == run.id)).one()
    assert (bill.kind, bill.due_on) == (BillKind.ADJUSTMENT, date(2026, 12, 15))
    assert (bill.contribution_month, bill.through_month) == MONTHS
    assert bill.headcount == 2  # the one in the middle does not change
    assert late_fee_on(session, bill, date(2026, 12, 31), packs=packs_in_force(session)) == 0
    assert late_fee_on(session, bill, date(2027, 1, 1), packs=packs_in_force(session)) > 0
    assert balanced(session)


def test_a_second_adjustment_finds_nothing(session, hire_at, insure):
    employer = hire_at()
    insure(500_000, employer)
    levied(session)
    publish_late(session, BEIJING)
    adjust(session)
    lines = lines_of(session, employer)

    again = adjust(session)

    assert again.state is LevyState.CANCELLED
    assert lines_of(session, employer) == lines


def test_a_lower_base_is_credited_and_used_for_what_is_owed(session, hire_at, insure, declare):
    employer = hire_at()
    person = insure(1_500_000, employer)
    levied(session)
    declare(person, employer, "2026-07", 1_000_000)

    adjust(session)

    assert lines_of(session, employer) == by_the_rules(session, employer, [1_000_000])
    credit = session.scalars(select(Payment).where(Payment.kind == PaymentKind.CREDIT)).one()
    owed = session.scalar(select(func.sum(Bill.total_fen - Bill.paid_fen)))
    due = by_the_rules(session, employer, [1_000_000]).values()
    assert owed == sum(employer_fen + employee_fen for _, employer_fen, employee_fen in due)
    assert credit.unallocated_fen == 0
    assert balanced(session)


def test_what_was_paid_too_much_is_left_to_refund(session, hire_at, insure, declare):
    employer = hire_at()
    person = insure(1_500_000, employer)
    levied(session)
    for bill in session.scalars(select(Bill)).all():
        payment = receive(session, bill.total_fen)
        allocate(
            session,
            payment,
            [bill],
            matched_by=MatchedBy.STAFF,
            actor=SYSTEM,
            at=NOW,
            packs=packs_in_force(session),
        )
    declare(person, employer, "2026-07", 1_000_000)

    run = adjust(session)

    bill = session.scalars(select(Bill).where(Bill.levy_run_id == run.id)).one()
    left = select(func.sum(Payment.unallocated_fen)).where(Payment.kind == PaymentKind.TRANSFER)
    assert bill.total_fen < 0
    assert session.scalar(left) == -bill.total_fen
    assert balanced(session)


@pytest.mark.parametrize("is_alone", [False, True])
def test_what_is_only_added_counts_though_the_month_itself_is_unpaid(
    session, hire_at, insure, declare, is_alone
):
    employer = None if is_alone else hire_at()
    person = insure(
        810_000, employer, insurances=("pension", "medical") if is_alone else INSURANCES
    )
    levied(session)
    declare(person, employer, "2026-07", 1_500_000)
    run = adjust(session)
    bill = session.scalars(select(Bill).where(Bill.levy_run_id == run.id)).one()

    pay(session, bill, date(2026, 11, 20))

    paid = session.scalars(
        select(ContributionRecord.paid_on).where(ContributionRecord.levy_run_id == run.id)
    ).all()
    assert set(paid) == {date(2026, 11, 20)}
    assert balanced(session)


@pytest.mark.parametrize("late", ["own", "others"])
def test_what_is_taken_back_bore_interest_as_its_own_credit_did(
    session, hire_at, insure, declare, late
):
    """Beside it stand larger credits: of July, and of somebody else."""
    own, other = hire_at(), hire_at()
    person = insure(1_500_000, own)
    insure(3_000_000, other)
    declare(person, own, "2026-08", 1_200_000)
    levied(session)
    for bill in session.scalars(select(Bill).order_by(Bill.id)).all():
        is_own = (bill.employer_id, bill.contribution_month) == (own.id, MONTH)
        pay(session, bill, date(2026, 11, 20) if is_own is (late == "own") else bill.due_on)
    declare(person, own, "2026-08", 900_000)

    adjust(session)

    taken_back = session.scalars(select(AccountEntry).where(AccountEntry.amount_fen < 0)).all()
    assert {(one.person_id, one.contribution_month) for one in taken_back} == {(person.id, MONTH)}
    assert {one.interest_month for one in taken_back} == {"2026-11" if late == "own" else None}
    assert balanced(session)


def test_a_month_after_a_leaving_told_late_is_taken_back(session, hire_at, insure):
    employer = hire_at()
    insure(1_000_000, employer)
    left = insure(900_000, employer)
    levied(session)
    for one in session.scalars(select(Enrolment).where(Enrolment.person_id == left.id)):
        one.to_month = "2026-07"
    release_claims(session, [left.id])

    adjust(session)

    records = session.scalars(
        select(ContributionRecord)
        .where(
            ContributionRecord.person_id == left.id,
            ContributionRecord.contribution_month == MONTH,
            ContributionRecord.insurance == Insurance.PENSION,
        )
        .order_by(ContributionRecord.sequence)
    ).all()
    assert [one.kind for one in records] == [RecordKind.REGULAR, RecordKind.REVERSAL]
    assert sum(one.employee_fen + one.account_fen for one in records) == 0
    assert balanced(session)


def test_who_moved_to_another_payer_is_billed_there(session, hire_at, insure, declare):
    employer, other = hire_at(), hire_at()
    moved = insure(900_000, employer)
    insure(900_000, other)
    levied(session)
    for one in session.scalars(select(Enrolment).where(Enrolment.person_id == moved.id)):
        one.employer_id = other.id
        one.insuring_employer_id = other.id if one.insurance is Insurance.WORK_INJURY else 0
    release_claims(session, [moved.id])
    is_injury = Enrolment.insurance == Insurance.WORK_INJURY
    claim_enrolments(session, Enrolment.person_id == moved.id, is_injury)
    declare(moved, other, "2026-07", 900_000)
    session.flush()

    adjust(session)

    assert all(amounts == (0, 0, 0) for amounts in lines_of(session, employer).values())
    assert lines_of(session, other) == by_the_rules(session, other, [900_000, 900_000])
    assert balanced(session)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"months": ("2026-08", "2026-07")}, "month_order"),
        ({"months": ("2026-07", "2027-01")}, "not_begun"),
        ({"months": ("2020-01", "2026-08")}, "too_long"),
        ({"months": ("2026-06", "2026-08")}, "not_billed"),
        ({"due_on": date(2026, 9, 1)}, "due_before"),
    ],
)
def test_what_cannot_be_adjusted_is_refused(session, hire_at, insure, values, code):
    insure(900_000, hire_at())
    levied(session)

    with pytest.raises(LevyRefused, match=code):
        adjust(session, **values)


def test_an_adjustment_across_an_earlier_one_is_refused(session, hire_at, insure):
    insure(500_000, hire_at())
    levied(session)
    publish_late(session, BEIJING)
    adjust(session)

    with pytest.raises(LevyRefused, match="overlaps"):
        adjust(session, months=(MONTH, MONTH))
