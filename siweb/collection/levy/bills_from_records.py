"""The levy's second half: records become bills, one per payer, with a line per insurance."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Update,
    and_,
    case,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from siweb.collection.levy.adjustment.total_change import total_change
from siweb.collection.levy.batch.sums import payers_of, sums_of
from siweb.collection.levy.start import due_day
from siweb.collection.payments.bank_reference import bank_reference
from siweb.collection.payments.rhythm import people_who_pay
from siweb.collection.tables.bill import Bill, BillKind, BillLine
from siweb.collection.tables.levy_run import LevyEmployer, LevyKind, LevyRun, LevyTerm
from siweb.db.arithmetic import whole
from siweb.registry.codes import Insurance, Scheme
from siweb.rules.calendar.pay_periods import Every, months_paid_together
from siweb.rules.contributions.premium import Scope, premium_share
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.parameters.pack_set import PackSet

_KINDS = {LevyKind.REGULAR: BillKind.LEVY, LevyKind.ADJUSTMENT: BillKind.ADJUSTMENT}


def insert_bills(run: LevyRun, at: datetime) -> Insert:
    """Return the INSERT … SELECT that makes a bill for every payer, without amounts."""
    payer = payers_of(run).subquery("payer")
    values: dict[Any, Any] = {
        Bill.kind: literal(_KINDS[run.kind].value),
        Bill.levy_run_id: literal(run.id),
        Bill.region_code: literal(run.region_code, Bill.region_code.type),
        Bill.contribution_month: literal(run.contribution_month, Bill.contribution_month.type),
        Bill.through_month: literal(run.through_month, Bill.through_month.type),
        Bill.employer_id: payer.c.employer_id,
        Bill.person_id: payer.c.person_id,
        Bill.headcount: payer.c.headcount,
        Bill.employer_fen: literal(0),
        Bill.employee_fen: literal(0),
        Bill.total_fen: literal(0),
        Bill.paid_fen: literal(0),
        Bill.late_fee_paid_fen: literal(0),
        Bill.due_on: literal(run.due_on, Bill.due_on.type),
        Bill.late_fee_waived_until: literal(
            run.late_fee_waived_until, Bill.late_fee_waived_until.type
        ),
        Bill.issued_at: literal(at, Bill.issued_at.type),
    }
    # So that the numbers of bills do not depend on how a database happens to group.
    query = select(*values.values()).order_by(payer.c.employer_id, payer.c.person_id)
    return insert(Bill).from_select(list(values), query, include_defaults=False)


def set_closing_days(session: Session, run: LevyRun, packs: PackSet) -> None:
    """Give the bills of a run the closing day that their payers chose; before they are issued.

    An adjustment has the day of its notice, whoever pays it.
    """
    if run.kind is not LevyKind.REGULAR:
        return
    for every in (Every.QUARTER, Every.YEAR):
        last_month = months_paid_together(run.contribution_month, every)[-1]
        closing = due_day(packs, run.region_code, last_month, on=run.as_of)
        session.execute(
            update(Bill)
            .where(
                Bill.levy_run_id == run.id,
                Bill.person_id.in_(people_who_pay(every)),
                # A late levy's own day is never made an earlier one.
                Bill.due_on < closing,
            )
            .values(due_on=closing)
            .execution_options(synchronize_session=False)
        )


def insert_lines(run: LevyRun, rounding: Rounding, scope: Scope) -> Insert:
    """Return the INSERT … SELECT of the lines whose terms are rounded so.

    Where the employer's total is what is rounded, the line is that total, and says by how much it
    differs from its records.
    """
    sums = sums_of(run).subquery("sums")
    source: Any = sums
    employer: ColumnElement[Any] = sums.c.employer_fen
    if scope is Scope.EMPLOYER_TOTAL and run.kind is LevyKind.ADJUSTMENT:
        change = total_change(run, rounding)
        source = sums.outerjoin(
            change,
            and_(
                change.c.employer_id == sums.c.employer_id, change.c.insurance == sums.c.insurance
            ),
        )
        employer = func.coalesce(change.c.employer_fen, sums.c.employer_fen)
    elif scope is Scope.EMPLOYER_TOTAL:
        addition = sums.c.headcount * LevyTerm.employer_addition_fen
        rounded = premium_share(whole(sums.c.base_fen), LevyTerm.employer_ppm, rounding, addition)
        # Who pays alone has no total over several people: theirs is the record's own rounding.
        employer = case((sums.c.employer_id.is_(None), sums.c.employer_fen), else_=rounded)
    source, bill_id = _with_bills(run, sums, source)
    values: dict[Any, Any] = {
        BillLine.bill_id: bill_id,
        BillLine.insurance: sums.c.insurance,
        BillLine.region_code: literal(run.region_code, BillLine.region_code.type),
        BillLine.contribution_month: literal(
            run.contribution_month, BillLine.contribution_month.type
        ),
        BillLine.headcount: sums.c.headcount,
        BillLine.base_fen: sums.c.base_fen,
        BillLine.employer_fen: employer,
        BillLine.employee_fen: sums.c.employee_fen,
        BillLine.paid_fen: literal(0),
        BillLine.rounding_fen: employer - sums.c.employer_fen,
        BillLine.rounding: literal(rounding, BillLine.rounding.type),
        BillLine.scope: literal(scope, BillLine.scope.type),
    }
    query = (
        select(*values.values())
        .select_from(source)
        .outerjoin(LevyEmployer, _employer_of(run, sums))
        .join(LevyTerm, _term_of(run, sums))
        .where(LevyTerm.rounding == rounding.value, LevyTerm.scope == scope.value)
        .order_by(bill_id, sums.c.insurance)
    )
    return insert(BillLine).from_select(list(values), query, include_defaults=False)


def _with_bills(run: LevyRun, sums: Any, source: Any) -> tuple[Any, ColumnElement[Any]]:
    """Join the payers' bills to their sums; return that and the bill's id."""
    # A join of its own for each kind of payer: one by "either … or" compares every pair.
    of_employer, of_person = aliased(Bill), aliased(Bill)
    by_employer = and_(
        of_employer.levy_run_id == run.id, of_employer.employer_id == sums.c.employer_id
    )
    by_person = and_(of_person.levy_run_id == run.id, of_person.person_id == sums.c.person_id)
    joined = source.outerjoin(of_employer, by_employer).outerjoin(of_person, by_person)
    return joined, func.coalesce(of_employer.id, of_person.id)


def total_bills(run: LevyRun) -> Update:
    """Return the UPDATE that sums each bill from its lines and gives it its bank reference."""
    lines = (
        select(
            BillLine.bill_id,
            whole(func.sum(BillLine.employer_fen)).label("employer_fen"),
            whole(func.sum(BillLine.employee_fen)).label("employee_fen"),
        )
        .join(Bill, Bill.id == BillLine.bill_id)
        .where(Bill.levy_run_id == run.id)
        .group_by(BillLine.bill_id)
        .subquery("lines")
    )
    return (
        update(Bill)
        .where(Bill.levy_run_id == run.id, Bill.id == lines.c.bill_id)
        .values(
            employer_fen=lines.c.employer_fen,
            employee_fen=lines.c.employee_fen,
            total_fen=lines.c.employer_fen + lines.c.employee_fen,
            bank_reference=bank_reference(whole(Bill.id)),
        )
        .execution_options(synchronize_session=False)
    )


def _employer_of(run: LevyRun, sums: Any) -> ColumnElement[bool]:
    return and_(
        LevyEmployer.levy_run_id == run.id,
        LevyEmployer.contribution_month == _month_of_line(run, sums),
        LevyEmployer.employer_id == sums.c.employer_id,
    )


def _month_of_line(run: LevyRun, sums: Any) -> ColumnElement[Any]:
    """Return the last month that a line is about: nobody may be left in an adjustment's last."""
    is_adjustment = run.kind is LevyKind.ADJUSTMENT
    of_run = literal(run.through_month, Bill.through_month.type)
    return sums.c.last_month if is_adjustment else of_run


def _term_of(run: LevyRun, sums: Any) -> ColumnElement[bool]:
    """Return the condition on a line's term; that of its last month says how it is rounded."""
    has_employer = sums.c.employer_id.is_not(None)
    by_risk = and_(has_employer, sums.c.insurance == Insurance.WORK_INJURY)
    employee, flexible = (
        literal(scheme, LevyTerm.scheme.type) for scheme in (Scheme.EMPLOYEE, Scheme.FLEXIBLE)
    )
    return and_(
        LevyTerm.levy_run_id == run.id,
        LevyTerm.contribution_month == _month_of_line(run, sums),
        LevyTerm.insurance == sums.c.insurance,
        LevyTerm.scheme == case((has_employer, employee), else_=flexible),
        LevyTerm.injury_class == case((by_risk, LevyEmployer.injury_class), else_=0),
        LevyTerm.injury_tier_ppm == case((by_risk, LevyEmployer.injury_tier_ppm), else_=0),
    )
