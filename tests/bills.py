"""Bills and money for tests, valid unless the test says otherwise."""

import itertools
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor, Channel
from siweb.collection.levy.batch.sums import keep_sums
from siweb.collection.levy.bills_from_records import insert_bills, insert_lines, total_bills
from siweb.collection.payments.bank_reference import bank_reference
from siweb.collection.payments.record import Received, entry_key, record_payment
from siweb.collection.tables.assessment import Assessment, AssessmentKind, AssessmentState
from siweb.collection.tables.bill import Bill, BillKind, BillLine
from siweb.collection.tables.levy_run import (
    LevyEmployer,
    LevyKind,
    LevyRun,
    LevyState,
    LevyTerm,
)
from siweb.collection.tables.levy_sum import LevySum
from siweb.collection.tables.payment import Payment, PaymentKind
from siweb.ledgers.seals.seal import SealKey
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment, is_persons_at
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import add_months, first_day
from siweb.rules.contributions.premium import Scope
from siweb.rules.numbers.arithmetic import Rounding, share_of
from tests.factories import AT, make_enrolment, make_record, make_region

# A region with a parameter pack.
PACK_REGION = "310000"
SEAL_KEY = SealKey.of("for tests")
# Whoever told of the money of `receive`.
CLERK = Actor(account_id=1, person_id=None, channel=Channel.DESK)
_serial = itertools.count(1)


def _keep(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def make_levy_run(session: Session, month: str = "2026-08", **values: Any) -> LevyRun:
    """An issued regular run of a month, due on the 15th of the month after."""
    region = make_region(session, values.get("region_code", PACK_REGION)).code
    sequence = session.scalar(
        select(func.count()).where(
            LevyRun.region_code == region, LevyRun.contribution_month == month
        )
    )
    given = {
        "region_code": region,
        "contribution_month": month,
        "through_month": month,
        "kind": LevyKind.REGULAR,
        "sequence": sequence,
        "state": LevyState.ISSUED,
        "as_of": AT.date(),
        "due_on": first_day(add_months(month, 1)).replace(day=15),
        "totals": {},
        "started_at": AT,
        "issued_at": AT,
    }
    return _keep(session, LevyRun(**(given | values)))


# Rates of the records that `make_bill` makes: employer, employee, account; in ppm.
BILL_RATES = {
    Insurance.PENSION: (160_000, 80_000, 80_000),
    Insurance.MEDICAL: (90_000, 20_000, 0),
    Insurance.WORK_INJURY: (2_000, 0, 0),
}
# The risk of every employer here; the class and its float are those of the work-injury term.
_RISK = {"injury_class": 1, "injury_tier_ppm": 1_000_000}
_NO_RISK = {"injury_class": 0, "injury_tier_ppm": 0}


def make_bill(
    session: Session,
    people: list[Person],
    *,
    employer: Employer | None = None,
    run: LevyRun | None = None,
    base_fen: int = 1_000_000,
    insurances: tuple[Insurance, ...] = tuple(BILL_RATES),
    **values: Any,
) -> Bill:
    """An issued bill of people's records; without employer it is theirs.

    The levy's own statements make it, its lines and their amounts from the records.
    """
    run = run or make_levy_run(session)
    for person in people:
        if employer:
            _enrol(session, person, employer, run)
        session.add(
            DeclaredBase(
                person_id=person.id,
                region_code=person.region_code,
                employer_id=employer.id if employer else None,
                from_month=run.contribution_month,
                declared_base_fen=base_fen,
                origin="test",
                declared_at=AT,
            )
        )
    for person, insurance in itertools.product(people, insurances):
        employer_ppm, employee_ppm, account_ppm = BILL_RATES[insurance]
        if employer is None:
            employer_ppm, employee_ppm = 0, employer_ppm + employee_ppm
        employer_fen, employee_fen, account_fen = (
            share_of(base_fen, ppm, Rounding.HALF_UP_FEN)
            for ppm in (employer_ppm, employee_ppm, account_ppm)
        )
        make_record(
            session,
            person,
            run.contribution_month,
            insurance,
            employer=employer,
            region_code=run.region_code,
            levy_run_id=run.id,
            base_fen=base_fen,
            declared_base_fen=base_fen,
            employer_fen=employer_fen,
            employee_fen=employee_fen,
            account_fen=account_fen,
            paid_on=None,
        )
    _make_terms(session, run, employer, insurances)
    session.execute(delete(LevySum).where(LevySum.levy_run_id == run.id))
    # Whoever was billed before has records of the run as well.
    keys = [person.id for person in people]
    keep_sums(session, run, (min(keys), max(keys)))
    session.execute(insert_bills(run, AT))
    session.execute(insert_lines(run, Rounding.HALF_UP_FEN, Scope.PERSON))
    session.execute(total_bills(run))
    payer = Bill.employer_id == employer.id if employer else Bill.person_id == people[0].id
    bill = session.scalars(
        select(Bill)
        .where(Bill.levy_run_id == run.id, payer)
        .execution_options(populate_existing=True)
    ).one()
    for name, value in values.items():
        setattr(bill, name, value)
    session.flush()
    return bill


def _enrol(session: Session, person: Person, employer: Employer, run: LevyRun) -> None:
    """Let the register know of a month at an employer, unless it does: a levy bills nobody else."""
    known = select(Enrolment.person_id).where(is_persons_at(Enrolment, person.id, employer.id))
    if session.scalar(known.limit(1)) is None:
        month = run.contribution_month
        make_enrolment(
            session,
            person,
            employer=employer,
            region_code=run.region_code,
            from_month=month,
            to_month=month,
        )


def _make_terms(
    session: Session, run: LevyRun, employer: Employer | None, insurances: tuple[Insurance, ...]
) -> None:
    """Give a run the terms that its lines name, and the employer its risk."""
    month = run.through_month
    if employer and not session.get(LevyEmployer, (run.id, month, employer.id)):
        session.add(
            LevyEmployer(
                levy_run_id=run.id,
                contribution_month=month,
                employer_id=employer.id,
                last_person_id=0,
                enrolments=0,
                **_RISK,
            )
        )
    scheme = Scheme.EMPLOYEE if employer else Scheme.FLEXIBLE
    query = select(LevyTerm.insurance).where(
        LevyTerm.levy_run_id == run.id,
        LevyTerm.scheme == scheme,
        LevyTerm.contribution_month == month,
    )
    kept = set(session.scalars(query))
    for insurance in (each for each in insurances if each not in kept):
        rates = BILL_RATES[insurance]
        by_risk = employer and insurance is Insurance.WORK_INJURY
        session.add(
            LevyTerm(
                levy_run_id=run.id,
                contribution_month=month,
                insurance=insurance,
                scheme=scheme,
                base_floor_fen=0,
                base_ceiling_fen=10**11,
                employer_ppm=rates[0] if employer else 0,
                employee_ppm=rates[1] if employer else rates[0] + rates[1],
                account_ppm=rates[2],
                rounding=Rounding.HALF_UP_FEN,
                scope=Scope.PERSON,
                sources={},
                **(_RISK if by_risk else _NO_RISK),
            )
        )
    session.flush()


def make_assessment_bill(
    session: Session, employer: Employer, total_fen: int, **values: Any
) -> Bill:
    """A bill of the agency's own figures, with one line and nobody's records behind it."""
    assessment = _keep(
        session,
        Assessment(
            reference=f"T{next(_serial)}",
            kind=AssessmentKind.UNDECLARED,
            region_code=make_region(session, PACK_REGION).code,
            employer_id=employer.id,
            from_month="2025-01",
            to_month="2025-01",
            origin="test",
            facts="test",
            amounts={
                "pension": {
                    "base_fen": 0,
                    "employer_fen": total_fen,
                    "employee_fen": 0,
                    "headcount": 0,
                }
            },
            calculation=[],
            state=AssessmentState.DECIDED,
            opened_at=AT,
            hearing_until=AT.date(),
            proposed_at=AT,
            proposed_by_account_id=1,
            decided_by_account_id=2,
        ),
    )
    given = {
        "kind": BillKind.ASSESSMENT,
        "assessment_id": assessment.id,
        "region_code": PACK_REGION,
        "contribution_month": "2025-01",
        "through_month": "2025-01",
        "employer_id": employer.id,
        "employer_fen": total_fen,
        "total_fen": total_fen,
        "due_on": date(2025, 2, 15),
        "issued_at": AT,
    }
    bill = _keep(session, Bill(**(given | values)))
    bill.bank_reference = bank_reference(bill.id)
    line = {
        "insurance": Insurance.PENSION,
        "region_code": bill.region_code,
        "contribution_month": bill.contribution_month,
        "employer_fen": bill.total_fen,
    }
    _keep(session, BillLine(bill_id=bill.id, **line))
    return bill


def receive(
    session: Session, amount_fen: int, on: date = date(2026, 9, 10), **values: Any
) -> Payment:
    """Money that came in and was not used yet."""
    make_region(session, PACK_REGION)
    given = Received(entry_key("test", next(_serial)), amount_fen, on, **values)
    return record_payment(session, PACK_REGION, PaymentKind.TRANSFER, given, actor=CLERK, at=AT)[0]
