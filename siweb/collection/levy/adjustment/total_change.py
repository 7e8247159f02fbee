"""An adjustment's line where the employer's total is what is rounded.

The total of each month is rounded anew over all its records, and what the lines had so far is
taken off: the change of the rounded total, not the rounded change.
"""

from typing import Any

from sqlalchemy import Select, Subquery, and_, case, func, select, union_all

from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyEmployer, LevyRun, LevyTerm
from siweb.collection.tables.levy_sum import NOBODY, LevySum
from siweb.db.arithmetic import whole
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance, Scheme
from siweb.rules.contributions.premium import premium_share
from siweb.rules.numbers.arithmetic import Rounding

_RECORD = ContributionRecord


def total_change(run: LevyRun, rounding: Rounding) -> Subquery:
    """Return by employer and insurance how the total changes over the run's months, in fen."""
    now, before = _totals_now(run, rounding), _lines_so_far(run)
    return (
        select(
            now.c.employer_id,
            now.c.insurance,
            # Rounding the change instead would leave a fen between this bill and the total.
            (now.c.employer_fen - whole(func.coalesce(before.c.employer_fen, 0))).label(
                "employer_fen"
            ),
        )
        .outerjoin(
            before,
            and_(before.c.employer_id == now.c.employer_id, before.c.insurance == now.c.insurance),
        )
        .subquery("change")
    )


def _totals_now(run: LevyRun, rounding: Rounding) -> Subquery:
    month = _months(run)
    by_risk = month.c.insurance == Insurance.WORK_INJURY
    addition = month.c.headcount * LevyTerm.employer_addition_fen
    total = premium_share(whole(month.c.base_fen), LevyTerm.employer_ppm, rounding, addition)
    keys = (month.c.employer_id, month.c.insurance)
    return (
        select(*keys, whole(func.sum(total)).label("employer_fen"))
        .select_from(month)
        .outerjoin(
            LevyEmployer,
            and_(
                LevyEmployer.levy_run_id == run.id,
                LevyEmployer.contribution_month == month.c.contribution_month,
                LevyEmployer.employer_id == month.c.employer_id,
            ),
        )
        .join(
            LevyTerm,
            and_(
                LevyTerm.levy_run_id == run.id,
                LevyTerm.contribution_month == month.c.contribution_month,
                LevyTerm.insurance == month.c.insurance,
                LevyTerm.scheme == Scheme.EMPLOYEE,
                LevyTerm.injury_class == case((by_risk, LevyEmployer.injury_class), else_=0),
                LevyTerm.injury_tier_ppm == case((by_risk, LevyEmployer.injury_tier_ppm), else_=0),
            ),
        )
        .group_by(*keys)
        .subquery("now")
    )


def _months(run: LevyRun) -> Subquery:
    """Return bases and heads of each month with what the run changes, for the employers it bills.

    Whoever's month was taken back is no head any more.
    """
    keys: list[Any] = [_RECORD.employer_id, _RECORD.insurance, _RECORD.contribution_month]
    base = func.sum(_RECORD.base_fen)
    person = (
        select(*keys, base.label("base_fen"), case((base != 0, 1), else_=0).label("head"))
        .where(
            _RECORD.employer_id.in_(_concerned(run)),
            _RECORD.region_code == run.region_code,
            _RECORD.contribution_month.between(run.contribution_month, run.through_month),
            # The run's own records are not issued yet.
            is_issued() | (_RECORD.levy_run_id == run.id),
        )
        .group_by(_RECORD.person_id, *keys)
        .subquery("person")
    )
    kept = [person.c[key.key] for key in keys]
    return (
        select(
            *kept,
            func.sum(person.c.base_fen).label("base_fen"),
            func.sum(person.c.head).label("headcount"),
        )
        .group_by(*kept)
        .subquery("month")
    )


def _lines_so_far(run: LevyRun) -> Subquery:
    """Return what the employers' lines had, and what an earlier system recorded without lines."""
    lines = (
        select(Bill.employer_id, BillLine.insurance, BillLine.employer_fen)
        .join(Bill, Bill.id == BillLine.bill_id)
        .where(
            Bill.employer_id.is_not(None),
            Bill.region_code == run.region_code,
            # Whole bills alone: `months_across` widened the run over whatever lies across its ends.
            Bill.contribution_month >= run.contribution_month,
            Bill.through_month <= run.through_month,
            Bill.levy_run_id.is_not(None),
            # The run's own bills are there already; their lines are what is being worked out.
            Bill.levy_run_id != run.id,
            Bill.issued_at.is_not(None),
        )
    )
    earlier = select(_RECORD.employer_id, _RECORD.insurance, _RECORD.employer_fen).where(
        _RECORD.employer_id.in_(_concerned(run)),
        _RECORD.region_code == run.region_code,
        _RECORD.contribution_month.between(run.contribution_month, run.through_month),
        _RECORD.levy_run_id.is_(None),
    )
    both = union_all(lines, earlier).subquery("both").c
    return (
        select(
            both.employer_id,
            both.insurance,
            func.sum(both.employer_fen).label("employer_fen"),
        )
        .group_by(both.employer_id, both.insurance)
        .subquery("before")
    )


def _concerned(run: LevyRun) -> Select[Any]:
    """Return the employers that the run bills something."""
    return select(LevySum.employer_id).where(
        LevySum.levy_run_id == run.id, LevySum.employer_id != NOBODY
    )
