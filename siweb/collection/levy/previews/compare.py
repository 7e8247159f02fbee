"""What a run bills, or would bill, beside the month before: looked at before anything is issued."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Subquery, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from siweb.collection.levy.previews.preview import ALONE
from siweb.collection.tables.bill import Bill, BillKind
from siweb.collection.tables.levy_run import LevyKind, LevyPreview, LevyRun
from siweb.db.arithmetic import whole
from siweb.registry.codes import EmployerStatus
from siweb.registry.tables.employer import Employer
from siweb.rules.calendar.months import add_months

# What a person reads before billing. The rest stands in the list behind.
ODDEST = 10
PAGE = 50


@dataclass(frozen=True, slots=True)
class Change:
    """An employer's total of a month beside the one of the month before, in fen."""

    employer_name: str
    before_fen: int
    now_fen: int
    # Nobody is there to receive the bill: staff see the list (an adjustment reaches them as well).
    is_closed: bool = False

    @property
    def difference_fen(self) -> int:
        """Return by how much the total is higher now."""
        return self.now_fen - self.before_fen


@dataclass(frozen=True, slots=True)
class Totals:
    """A run, what its month comes to with the runs before it, and the month before; in fen."""

    run_fen: int
    month_fen: int
    before_fen: int

    @property
    def difference_fen(self) -> int:
        """Return by how much the month is higher than the one before."""
        return self.month_fen - self.before_fen


def compare_totals(session: Session, run: LevyRun) -> Totals:
    """Return a finished run beside the month before; an adjustment stands alone."""
    this_run = int(run.totals.get("total_fen", 0))
    if run.kind is LevyKind.ADJUSTMENT:
        return Totals(this_run, this_run, 0)
    month = run.contribution_month
    fen = func.coalesce(func.sum(Bill.total_fen), 0)
    others, before = (
        int(
            session.scalar(select(fen).where(*_levied(run, levied), Bill.levy_run_id != run.id))
            or 0
        )
        for levied in (month, add_months(month, -1))
    )
    return Totals(this_run, this_run + others, before)


def oddest_changes(session: Session, run: LevyRun) -> list[Change]:
    """Return the employers whose total changes most from the month before, either way.

    Earlier runs of the month count as well: a second run bills only what they left.
    """
    row = _by_employer(run).subquery("row").c
    difference = row.now_fen - row.before_fen
    query = (
        _named(row)
        .where(difference != 0)
        .order_by(func.abs(difference).desc(), row.employer_id)
        .limit(ODDEST)
    )
    return [_change(found) for found in session.execute(query)]


def employer_totals(session: Session, run: LevyRun, *, page: int) -> tuple[list[Change], bool]:
    """Return a page of the employers that a run is about, largest first; and if more follow."""
    row = _by_employer(run).subquery("row").c
    query = (
        _named(row)
        .where(row.is_of_run == 1)
        .order_by(row.now_fen.desc(), row.employer_id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    )
    found = [_change(each) for each in session.execute(query)]
    return found[:PAGE], len(found) > PAGE


def _named(row: Any) -> Select[Any]:
    return select(Employer.name, row.before_fen, row.now_fen, Employer.status).join(
        Employer, Employer.id == row.employer_id
    )


def _change(row: Any) -> Change:
    return Change(row[0], int(row[1]), int(row[2]), row[3] is EmployerStatus.CANCELLED)


def _levied(run: LevyRun, month: str) -> list[Any]:
    return [
        Bill.region_code == run.region_code,
        Bill.contribution_month == month,
        Bill.kind == BillKind.LEVY,
        Bill.issued_at.is_not(None),
    ]


def _by_employer(run: LevyRun) -> Select[Any]:
    """Return each employer's total now and before, and whether the run is about it."""
    amounts = _amounts(run).c
    return select(
        amounts.employer_id,
        whole(func.sum(case((amounts.is_now == 1, amounts.fen), else_=0))).label("now_fen"),
        whole(func.sum(case((amounts.is_now == 0, amounts.fen), else_=0))).label("before_fen"),
        func.max(amounts.is_of_run).label("is_of_run"),
    ).group_by(amounts.employer_id)


def _amounts(run: LevyRun) -> Subquery:
    """Return what employers owe: for the month, for the one before, and by a preview."""
    month = run.contribution_month
    is_of_run = case((Bill.levy_run_id == run.id, 1), else_=0)
    has_employer = Bill.employer_id.is_not(None)

    def bills(is_now: int, *conditions: Any) -> Select[Any]:
        return select(
            Bill.employer_id,
            Bill.total_fen.label("fen"),
            literal(is_now).label("is_now"),
            is_of_run.label("is_of_run"),
        ).where(has_employer, *conditions)

    if run.kind is LevyKind.ADJUSTMENT:
        return bills(1, Bill.levy_run_id == run.id).subquery("amounts")
    now = bills(1, *_levied(run, month))
    before = bills(0, *_levied(run, add_months(month, -1)))
    row = LevyPreview
    shown = select(
        row.employer_id,
        (row.employer_fen + row.employee_fen).label("fen"),
        literal(1).label("is_now"),
        literal(1).label("is_of_run"),
    ).where(row.levy_run_id == run.id, row.employer_id != ALONE)
    return union_all(now, before, shown).subquery("amounts")
