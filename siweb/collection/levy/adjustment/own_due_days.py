"""What an adjustment bills that was late all along: it owes the fee since its month's own due day.

Wages declared too low are arrears (SIL 86, Order 20 Art. 16), and so is a month that belongs to
another employer than the one it was billed to. What only a notice changed is due on the notice's
day: nobody could have paid it before.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from siweb.clock import OFFICE_ZONE
from siweb.collection.levy.records_from_enrolments import PRICES, priced
from siweb.collection.levy.start import due_day
from siweb.collection.tables.bill import Bill, BillMonth
from siweb.collection.tables.levy_run import LevyEmployer, LevyRun, LevyTerm
from siweb.db.arithmetic import SQL, whole
from siweb.ledgers.lookup import of_person
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.declared_base import DeclaredBase, is_declared_by
from siweb.rules.calendar.months import last_day
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.payment_year import last_to_declare, payment_year_of

_RECORD = ContributionRecord
# The rest of a record's key where region and month are given.
_IN_MONTH = ("person_id", "insurance", "insuring_employer_id", "sequence")
Months = dict[str, int]
"""Fen by contribution month."""


def due_days(packs: PackSet, region_code: str, month: str, on: date) -> dict[str, str]:
    """Return a month's own due day, and the last day to declare its base in time.

    That is the end of the time to declare for its payment year, or the due day where it is later:
    until then a change is a change, not a concealed wage.
    """
    parameters = packs.parameters(region_code, month, as_of=on)
    due = due_day(packs, region_code, month, on=on)
    window = last_day(last_to_declare(parameters, payment_year_of(parameters, month)))
    return {"due_on": due.isoformat(), "declared_by": max(due, window).isoformat()}


def keep_due_days(session: Session, run: LevyRun, roundings: list[Rounding]) -> None:
    """Write which parts of the run's bills were due before the run's own day to pay.

    Such a bill has no waiver as a whole: what the waiver is for has its end as due day.
    """
    own_day = max(run.due_on, run.late_fee_waived_until or run.due_on)
    for bill_id, total_fen, months in _late_bills(session, run, roundings):
        rows: dict[tuple[str, date], int] = defaultdict(int)
        for month, fen in _within(months, total_fen).items():
            rows[month, date.fromisoformat(run.month_facts[month]["due_on"])] += fen
        # What is not late is due on the notice's day,
        # so that the parts make up the bill to the fen.
        rows[run.through_month, own_day] += total_fen - sum(rows.values())
        session.execute(
            insert(BillMonth),
            [
                {"bill_id": bill_id, "contribution_month": month, "due_on": due, "amount_fen": fen}
                for (month, due), fen in sorted(rows.items())
                if fen > 0
            ],
        )
        session.execute(
            update(Bill)
            .where(Bill.id == bill_id)
            .values(late_fee_waived_until=None)
            .execution_options(synchronize_session="fetch")
        )


def _within(months: Months, total_fen: int) -> Months:
    """Return what is late of each month, at most the whole bill together.

    A credit of another month counts for the month that was due first, as money does.
    """
    over = sum(months.values()) - total_fen
    kept = {}
    for month, fen in sorted(months.items()):
        credited = min(fen, max(over, 0))
        kept[month] = fen - credited
        over -= credited
    return kept


def _late_bills(
    session: Session, run: LevyRun, roundings: list[Rounding]
) -> Iterator[tuple[int, int, Months]]:
    """Yield the run's bills to employers with what of each month was late all along."""
    late: dict[int, Months] = defaultdict(lambda: defaultdict(int))
    for month, facts in run.month_facts.items():
        if "due_on" not in facts:
            # The office's own mistake: nobody was late.
            continue
        for employer_id, fen in _late_parts(session, run, month, roundings).items():
            late[employer_id][month] += fen
    if not late:
        return
    bills = session.execute(
        select(Bill.id, Bill.employer_id, Bill.total_fen)
        .where(Bill.levy_run_id == run.id, Bill.employer_id.is_not(None), Bill.total_fen > 0)
        .order_by(Bill.id)
    ).all()
    for bill_id, payer_id, total_fen in bills:
        if payer_id in late:
            yield bill_id, total_fen, late[payer_id]


def _late_parts(
    session: Session, run: LevyRun, month: str, roundings: list[Rounding]
) -> dict[int, int]:
    """Return by employer what was late all along of a month, at most what the month adds to it."""
    found: dict[int, int] = defaultdict(int)
    for query in (
        _moved_here(run, month),
        *(_declared_late(run, month, rounding) for rounding in roundings),
    ):
        for employer_id, fen in session.execute(query):
            found[employer_id] += int(fen or 0)
    if not found:
        return {}
    added_fen = func.sum(_RECORD.employer_fen + _RECORD.employee_fen)
    by_employer = session.execute(
        select(_RECORD.employer_id, added_fen).where(*_of(run, month)).group_by(_RECORD.employer_id)
    )
    added = {employer_id: int(total or 0) for employer_id, total in by_employer}
    # A month can cost more by its base and less by new rates at once: only what it adds is owed.
    parts = {employer_id: min(fen, added[employer_id]) for employer_id, fen in found.items()}
    return {employer_id: fen for employer_id, fen in parts.items() if fen > 0}


def _moved_here(run: LevyRun, month: str) -> Select[int | None, int]:
    """Return by employer the months that were billed elsewhere, or taken back, and are owed here.

    An insurance that waited for its rate was billed nowhere: nobody could have paid it before. A
    month that was missing in one person's record was the payer's to register.
    """
    before = aliased(_RECORD)
    billed = exists().where(
        of_person(_RECORD.person_id, [month], before),
        before.insurance == _RECORD.insurance,
        is_issued(before),
    )
    waited = {key.split(".")[-1] for key in run.month_facts[month].get("waited", ())}
    owed = (
        billed
        if run.person_id is None
        else or_(billed, _RECORD.insurance.not_in([Insurance(name) for name in waited]))
    )
    return (
        select(_RECORD.employer_id, func.sum(_RECORD.employer_fen + _RECORD.employee_fen))
        .where(*_of(run, month), _RECORD.kind == RecordKind.BACK_PAYMENT, owed)
        .group_by(_RECORD.employer_id)
    )


def _declared_late(run: LevyRun, month: str, rounding: Rounding) -> Select[Any]:
    """Return by employer how much more the month costs than by the bases declared in time.

    Both sides by the run's own terms: what the terms change is not the employer's doing.
    """
    was, kept, term = _before(run, month), LevyEmployer, LevyTerm
    by_risk = and_(_RECORD.insurance == Insurance.WORK_INJURY, _RECORD.scheme == Scheme.EMPLOYEE)
    due = (
        select(
            _RECORD.person_id,
            _RECORD.employer_id,
            _RECORD.insurance,
            _RECORD.scheme,
            was.c.declared_base_fen,
            (was.c.fen + _RECORD.employer_fen + _RECORD.employee_fen).label("fen"),
            *PRICES,
        )
        .join(was, and_(*(was.c[name] == getattr(_RECORD, name) for name in _IN_MONTH)))
        .outerjoin(
            kept,
            and_(
                kept.levy_run_id == run.id,
                kept.contribution_month == month,
                kept.employer_id == _RECORD.employer_id,
            ),
        )
        .join(
            term,
            and_(
                term.levy_run_id == run.id,
                term.contribution_month == month,
                term.insurance == _RECORD.insurance,
                term.scheme == _RECORD.scheme,
                term.injury_class == case((by_risk, kept.injury_class), else_=0),
                term.injury_tier_ppm == case((by_risk, kept.injury_tier_ppm), else_=0),
            ),
        )
        .where(
            *_of(run, month),
            _RECORD.kind == RecordKind.ADJUSTMENT,
            _RECORD.declared_base_fen > 0,
            _is_declared_late(run, month),
            term.rounding == rounding.value,
        )
    )
    in_time = priced(due, rounding, "fen").subquery("in_time").c
    more = in_time.fen - in_time.employer_fen - in_time.employee_fen
    return select(in_time.employer_id, func.sum(SQL.greatest(whole(more), 0))).group_by(
        in_time.employer_id
    )


def _before(run: LevyRun, month: str) -> Any:
    """Return what each record of the run adds to: declared base and both sides, in fen."""
    before = aliased(_RECORD)
    return (
        select(
            *(getattr(_RECORD, name) for name in _IN_MONTH),
            whole(func.sum(before.declared_base_fen)).label("declared_base_fen"),
            whole(func.sum(before.employer_fen + before.employee_fen)).label("fen"),
        )
        .join(
            before,
            and_(
                of_person(_RECORD.person_id, [month], before),
                before.insurance == _RECORD.insurance,
                before.employer_id == _RECORD.employer_id,
                is_issued(before),
            ),
        )
        .where(*_of(run, month), _RECORD.declared_base_fen > 0)
        .group_by(*(getattr(_RECORD, name) for name in _IN_MONTH))
        .subquery("was")
    )


def _is_declared_late(run: LevyRun, month: str) -> Any:
    """Return the condition that the base in force was declared after the time for it."""
    last = date.fromisoformat(run.month_facts[month]["declared_by"])
    # The last day ends at midnight here; instants are kept in UTC, eight hours behind.
    over = datetime.combine(last + timedelta(days=1), time.min, OFFICE_ZONE)
    declared_at = (
        select(DeclaredBase.declared_at)
        .where(
            DeclaredBase.person_id == _RECORD.person_id,
            is_declared_by(_RECORD.employer_id),
            DeclaredBase.from_month <= month,
            DeclaredBase.withdrawn_at.is_(None),
            or_(DeclaredBase.insurance.is_(None), DeclaredBase.insurance == _RECORD.insurance),
        )
        .order_by(DeclaredBase.from_month.desc(), DeclaredBase.base_number.desc())
        .limit(1)
        .correlate(_RECORD)
        .scalar_subquery()
    )
    return declared_at >= over


def _of(run: LevyRun, month: str) -> tuple[Any, ...]:
    return (
        _RECORD.region_code == run.region_code,
        _RECORD.contribution_month == month,
        _RECORD.levy_run_id == run.id,
        _RECORD.employer_id.is_not(None),
    )
