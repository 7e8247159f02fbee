"""Every record of a run, worked out again: by the base declared, the terms kept, and the rule.

The arithmetic is that of `siweb.rules`, given columns. What an adjustment wrote is a difference:
there all rows of the month up to it are what comes out.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    outerjoin,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased

from siweb.collection.books.bills import kept_payers
from siweb.collection.books.imbalance import MOST, Imbalance, Scope, record_name
from siweb.collection.books.set_aside import set_aside, whole_sets
from siweb.collection.levy.records_from_enrolments import PRICES, priced
from siweb.collection.tables.levy_run import LevyEmployer, LevyRun, LevyTerm
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.rules.numbers.arithmetic import Rounding

_RECORD = ContributionRecord
_AMOUNTS = ("base_fen", "employer_fen", "employee_fen", "account_fen")
# What a run wrote whole; the others are differences.
_WHOLE = (RecordKind.REGULAR, RecordKind.BACK_PAYMENT)
_KEY = ("region_code", "contribution_month", "person_id", "insurance", "employer_id", "sequence")


def record_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield records that a run wrote whole and that are not what base, terms and rule make them."""
    with set_aside(session, "rate", _rates(scope), *_RATE) as rate, whole_sets(session):
        # What has no term is named once, whatever it would have been rounded by.
        without: ColumnElement[bool] = rate.c.rounding.is_(None)
        for rounding in _roundings(session, scope) or [Rounding.HALF_UP_FEN]:
            rows = _whole_rows(scope, rate).where(or_(rate.c.rounding == rounding.value, without))
            yield from _unlike_their_rule(session, rows, rounding)
            without = false()


def change_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield what adjustments wrote, where it does not come to what base, terms and rule make."""
    if not session.scalar(select(func.sum(kept_payers().c.changes))):
        return
    for rounding in _roundings(session, scope):
        rows = _sums(scope).where(LevyTerm.rounding == rounding.value)
        yield from _unlike_their_rule(session, rows, rounding)
    yield from _not_reversed(session, scope)
    without = _with_terms(select(*_names(_RECORD)), _RECORD).where(
        scope.records(), LevyTerm.id.is_(None), _RECORD.kind == RecordKind.ADJUSTMENT
    )
    for row in session.execute(without.limit(MOST)):
        yield _without_term(row)


def base_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield whole records on another base than was declared when their run was issued."""
    runs = session.scalars(select(LevyRun).where(LevyRun.id.in_(scope.runs())).order_by(LevyRun.id))
    for run in runs.all():
        for month in _months_of(session, run):
            yield from _wrong_bases(session, run, month)


def _months_of(session: Session, run: LevyRun) -> Sequence[str]:
    """Return the months that a run wrote records of; one is not looked for."""
    if run.contribution_month == run.through_month:
        return [run.contribution_month]
    months = select(_RECORD.contribution_month).where(of_run(run), _RECORD.kind.in_(_WHOLE))
    return session.scalars(months.distinct().order_by(_RECORD.contribution_month)).all()


def of_run(run: LevyRun) -> ColumnElement[bool]:
    """Return the condition that a record is of a run, by the columns that records lie by."""
    return and_(
        _RECORD.region_code == run.region_code,
        _RECORD.contribution_month.between(run.contribution_month, run.through_month),
        _RECORD.levy_run_id == run.id,
    )


def _roundings(session: Session, scope: Scope) -> list[Rounding]:
    kept = set(
        session.scalars(
            select(LevyTerm.rounding).where(LevyTerm.levy_run_id.in_(scope.runs())).distinct()
        )
    )
    return [rounding for rounding in Rounding if rounding.value in kept]


_RATE = ("levy_run_id", "contribution_month", "insurance", "scheme", "employer_id")
"""What a rate is looked up by: work injury by the employer, 0 for all others."""


def _rates(scope: Scope) -> Select[Any]:
    """Return the terms of runs, those of work injury for each employer of the class."""
    term, kept = LevyTerm, LevyEmployer
    of_class = and_(
        term.insurance == Insurance.WORK_INJURY,
        term.scheme == Scheme.EMPLOYEE,
        kept.levy_run_id == term.levy_run_id,
        kept.contribution_month == term.contribution_month,
        kept.injury_class == term.injury_class,
        kept.injury_tier_ppm == term.injury_tier_ppm,
    )
    return (
        select(
            *(getattr(term, name) for name in _RATE[:-1]),
            func.coalesce(kept.employer_id, 0).label(_RATE[-1]),
            *PRICES,
            term.rounding,
        )
        .outerjoin(kept, of_class)
        .where(
            term.levy_run_id.in_(scope.runs()),
            # Without an employer a class is nobody's rate.
            or_(kept.employer_id.is_not(None), term.injury_class == 0),
        )
    )


def _whole_rows(scope: Scope, rate: Any) -> Select[Any]:
    record = _RECORD
    by_risk = and_(record.insurance == Insurance.WORK_INJURY, record.scheme == Scheme.EMPLOYEE)
    of_record = and_(
        rate.c.levy_run_id == record.levy_run_id,
        rate.c.contribution_month == record.contribution_month,
        rate.c.insurance == record.insurance,
        rate.c.scheme == record.scheme,
        rate.c.employer_id == case((by_risk, record.employer_id), else_=0),
    )
    found = [getattr(record, name).label(f"{name}_found") for name in _AMOUNTS]
    prices = [rate.c[price.key] for price in PRICES]
    rows = select(*_names(record), record.scheme, record.declared_base_fen, *prices, *found)
    return (
        rows.add_columns(rate.c.rounding)
        .outerjoin(rate, of_record)
        .where(scope.records(), record.kind.in_(_WHOLE))
    )


def _sums(scope: Scope) -> Select[Any]:
    """Return adjustments with all that their payer's month comes to up to them.

    Set aside first: few records are adjusted, and no planner knows how few.
    """
    adjusted = (
        select(*_names(_RECORD), _RECORD.scheme, _RECORD.levy_run_id)
        .where(scope.records(), _RECORD.kind == RecordKind.ADJUSTMENT)
        .cte("adjusted")
        .prefix_with("MATERIALIZED")
    )
    earlier = aliased(_RECORD, name="earlier")
    sums = (
        select(
            *adjusted.c,
            *(
                func.sum(getattr(earlier, name)).label(name)
                for name in ("declared_base_fen", *_AMOUNTS)
            ),
        )
        .join(earlier, _up_to(earlier, adjusted.c))
        .group_by(*adjusted.c)
        .cte("sums")
        .prefix_with("MATERIALIZED")
    )
    found = [sums.c[name].label(f"{name}_found") for name in _AMOUNTS]
    rows = select(
        *(sums.c[name] for name in _KEY), sums.c.scheme, sums.c.declared_base_fen, *PRICES, *found
    )
    return _with_terms(rows.add_columns(LevyTerm.rounding), sums.c, outer=False)


def _unlike_their_rule(
    session: Session, rows: Select[Any], rounding: Rounding
) -> Iterator[Imbalance]:
    others = ("region_code", "contribution_month", "sequence", "rounding")
    found = [f"{name}_found" for name in _AMOUNTS]
    due = priced(rows, rounding, *others, *found).subquery("due")
    differs = or_(*(due.c[name] != due.c[f"{name}_found"] for name in _AMOUNTS))
    query = select(due).where(or_(differs, due.c.rounding.is_(None)))
    for row in session.execute(query.limit(MOST)):
        if row.rounding is None:
            yield _without_term(row)
            continue
        for name in _AMOUNTS:
            expected, amount = getattr(row, name), getattr(row, f"{name}_found")
            if expected != amount:
                what = f"{name} is not what base, terms and rule make it"
                yield Imbalance(what, record_name(row), int(expected), int(amount))


def _without_term(row: Any) -> Imbalance:
    return Imbalance("no term of its run (a count)", record_name(row), 1, 0)


def _not_reversed(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield reversals after which something of the payer's month is left."""
    earlier = aliased(_RECORD, name="earlier")
    left = [func.sum(getattr(earlier, name)) for name in _AMOUNTS[1:]]
    query = (
        select(*_names(_RECORD), *left)
        .join(earlier, _up_to(earlier, _RECORD))
        .where(scope.records(), _RECORD.kind == RecordKind.REVERSAL)
        .group_by(*_names(_RECORD))
        .having(or_(*(each != 0 for each in left)))
    )
    for row in session.execute(query.limit(MOST)):
        fen = sum(abs(int(each)) for each in row[-len(left) :])
        yield Imbalance("takes back another amount than was billed", record_name(row), 0, fen)


def _wrong_bases(session: Session, run: LevyRun, month: str) -> Iterator[Imbalance]:
    with set_aside(session, "newest_base", _declared(run, month), *_BASE) as newest:
        record = _RECORD
        declared, rows = _with_declared(session, newest)
        query = rows.where(
            of_run(run),
            record.contribution_month == month,
            record.kind.in_(_WHOLE),
            func.coalesce(declared, -1) != record.declared_base_fen,
        )
        with whole_sets(session):
            found = session.execute(query).all()
    unlike = (
        row
        for row in found
        if row.declared_base_fen not in _declared_meanwhile(session, run, month, row)
    )
    for row in islice(unlike, MOST):
        what = "declared_base_fen is not the base declared by then"
        due = int(row.declared or 0)
        yield Imbalance(what, record_name(row), due, int(row.declared_base_fen))


_BASE = ("person_id", "payer", "insurance")
_ALL = 0
"""No insurance's number: the base of all of them."""


def _with_declared(session: Session, newest: Any) -> tuple[ColumnElement[Any], Select[Any]]:
    """Return the base declared for a record, and records with it."""
    record = _RECORD
    every, own = newest.alias("every"), newest.alias("own")

    def of(base: Any, insurance: Any) -> ColumnElement[bool]:
        return and_(
            base.c.person_id == record.person_id,
            base.c.payer == func.coalesce(record.employer_id, 0),
            base.c.insurance == insurance,
        )

    declared: ColumnElement[Any] = every.c.fen
    joined: Any = outerjoin(record, every, of(every, _ALL))
    # Hardly anybody has a base of one insurance alone: asked once, not for each record.
    if session.scalar(select(newest.c.fen).where(newest.c.insurance != _ALL).limit(1)) is not None:
        is_own_newer = or_(
            every.c.id.is_(None),
            own.c.from_month > every.c.from_month,
            and_(own.c.from_month == every.c.from_month, own.c.id > every.c.id),
        )
        declared = case((and_(own.c.id.is_not(None), is_own_newer), own.c.fen), else_=every.c.fen)
        joined = outerjoin(joined, own, of(own, type_coerce(record.insurance, Integer())))
    columns = (*_names(record), declared.label("declared"), record.declared_base_fen)
    return declared, select(*columns).select_from(joined)


def _declared(run: LevyRun, month: str) -> Select[Any]:
    """Return each payer's and person's newest base up to a month, for one insurance or all."""
    base, newer = DeclaredBase, aliased(DeclaredBase, name="newer")

    def was_declared(row: Any) -> ColumnElement[bool]:
        return and_(row.from_month <= month, row.declared_at <= run.issued_at)

    is_newer = exists().where(
        newer.person_id == base.person_id,
        newer.employer_id.is_not_distinct_from(base.employer_id),
        newer.insurance.is_not_distinct_from(base.insurance),
        or_(
            newer.from_month > base.from_month,
            and_(newer.from_month == base.from_month, newer.id > base.id),
        ),
        was_declared(newer),
    )
    columns: list[Any] = [
        base.person_id,
        func.coalesce(base.employer_id, 0).label("payer"),
        func.coalesce(type_coerce(base.insurance, Integer()), _ALL).label("insurance"),
        base.from_month,
        base.id,
        base.declared_base_fen.label("fen"),
    ]
    return select(*columns).where(was_declared(base), ~is_newer)


def _declared_meanwhile(session: Session, run: LevyRun, month: str, row: Any) -> set[int]:
    """Return what a run may have found that went on while bases were declared, in fen."""
    base = DeclaredBase
    newest_first = (
        select(base.declared_base_fen, base.declared_at)
        .where(
            base.person_id == row.person_id,
            base.employer_id.is_not_distinct_from(row.employer_id),
            base.from_month <= month,
            base.declared_at <= run.issued_at,
            or_(base.insurance.is_(None), base.insurance == row.insurance),
        )
        .order_by(base.from_month.desc(), base.id.desc())
    )
    found = set()
    for fen, declared_at in session.execute(newest_first):
        found.add(int(fen))
        if declared_at < run.started_at:
            break
    return found


def _names(record: Any) -> list[Any]:
    return [getattr(record, name) for name in _KEY]


def _up_to(earlier: Any, record: Any) -> ColumnElement[bool]:
    """Return the condition that a row is of the same payer's month as a record, or is it."""
    return and_(
        earlier.person_id == record.person_id,
        earlier.contribution_month == record.contribution_month,
        earlier.insurance == record.insurance,
        earlier.region_code == record.region_code,
        func.coalesce(earlier.employer_id, 0) == func.coalesce(record.employer_id, 0),
        earlier.sequence <= record.sequence,
        is_issued(earlier),
    )


def _with_terms(rows: Select[Any], record: Any, *, outer: bool = True) -> Select[Any]:
    """Join records to the terms that their run kept, work injury by the employer's risk."""
    term, kept = LevyTerm, LevyEmployer
    by_risk = and_(record.insurance == Insurance.WORK_INJURY, record.scheme == Scheme.EMPLOYEE)
    risk = and_(
        by_risk,
        kept.levy_run_id == record.levy_run_id,
        kept.contribution_month == record.contribution_month,
        kept.employer_id == record.employer_id,
    )
    of_record = and_(
        term.levy_run_id == record.levy_run_id,
        term.contribution_month == record.contribution_month,
        term.insurance == record.insurance,
        term.scheme == record.scheme,
        term.injury_class == func.coalesce(kept.injury_class, 0),
        term.injury_tier_ppm == func.coalesce(kept.injury_tier_ppm, 0),
    )
    return rows.outerjoin(kept, risk).join(term, of_record, isouter=outer)
