"""Every record of a run, worked out again: by the base declared, the terms kept, and the rule.

The arithmetic is that of `siweb.rules`, given columns. What an adjustment wrote is a difference:
there all rows of the month up to it are what comes out.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased

from siweb.collection.books.bills import kept_payers
from siweb.collection.books.imbalance import MOST, Imbalance, Scope, record_name
from siweb.collection.books.recompute.runs import KEY, WHOLE, issued_months, names_of, whole_of
from siweb.collection.books.set_aside import numbered, set_aside, whole_sets
from siweb.collection.levy.records_from_enrolments import PRICES, priced
from siweb.collection.tables.levy_run import LevyEmployer, LevyRun, LevyTerm
from siweb.db.arithmetic import SQL, whole
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.registry.codes import Insurance, Scheme
from siweb.rules.contributions.premium import base_used, premium_share
from siweb.rules.numbers.arithmetic import Rounding

_RECORD = ContributionRecord
_AMOUNTS = ("base_fen", "employer_fen", "employee_fen", "account_fen")


def record_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield records that a run wrote whole and that are not what base, terms and rule make them.

    They are gone through once; which of them it is, is asked where there are any.
    """
    if _are_all_right(session, scope):
        return
    with set_aside(session, "rate", _rates(scope), *_RATE) as rate, whole_sets(session):
        # What has no term is named once, whatever it would have been rounded by.
        without: ColumnElement[bool] = rate.c.rounding.is_(None)
        # Without any term all rows lack one, and any rounding finds them.
        for rounding in _roundings(session, scope) or [Rounding.HALF_UP_FEN]:
            rows = _whole_rows(scope, rate).where(or_(rate.c.rounding == rounding.value, without))
            yield from _unlike_their_rule(session, rows, rounding)
            without = false()


def change_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield what adjustments wrote, where it does not come to what base, terms and rule make."""
    if not session.scalar(select(func.sum(kept_payers().c.changes))):
        return
    # A rounding is part of the formula and no value in it: each is asked apart.
    for rounding in _roundings(session, scope):
        rows = _sums(scope).where(LevyTerm.rounding == rounding.value)
        yield from _unlike_their_rule(session, rows, rounding)
    yield from _not_reversed(session, scope)
    without = _with_terms(select(*names_of(_RECORD)), _RECORD).where(
        scope.records(), LevyTerm.id.is_(None), _RECORD.kind == RecordKind.ADJUSTMENT
    )
    for row in session.execute(without.limit(MOST)):
        yield _without_term(row)


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


def _are_all_right(session: Session, scope: Scope) -> bool:
    """Return whether all whole records were met with their run, and none is unlike its rule."""
    met = 0
    for run, month in issued_months(session, scope):
        rates = _rates(scope).where(
            LevyTerm.levy_run_id == run.id, LevyTerm.contribution_month == month
        )
        rate = rates.subquery("rate_of").c
        place = _place(rate.employer_id, rate.scheme, rate.insurance).label("place")
        kept = select(place, *(rate[price.key] for price in PRICES), rate.rounding)
        with numbered(session, "placed_rate", kept) as placed, whole_sets(session):
            records, unlike = session.execute(_unlike(session, run, month, placed)).one()
        met += int(records)
        if unlike:
            return False
    # Counted against all records: what no run was met with would be seen by no other proof.
    last = session.scalar(scope.runs().with_only_columns(func.max(LevyRun.through_month)))
    if scope.region_code is not None and scope.month == last:
        # What lies in another region or month than its run's is not meant.
        return True
    is_whole = and_(scope.records(), _RECORD.kind.in_(WHOLE))
    return met == session.scalar(select(func.count()).select_from(_RECORD).where(is_whole))


def _place(employer_id: Any, scheme: Any, insurance: Any) -> ColumnElement[int]:
    """Return one number for what a rate is looked up by: words have numbers below 8."""
    eight, numbers = literal_column("8", Integer()), (scheme, insurance)
    scheme, insurance = (type_coerce(number, Integer()) for number in numbers)
    place: ColumnElement[int] = (whole(employer_id) * eight + scheme) * eight + insurance
    return place


def _unlike(session: Session, run: LevyRun, month: str, rate: Any) -> Select[Any]:
    """Return how many whole records there are, and how many are unlike their rule."""
    record, term = _RECORD, rate.c
    by_risk = and_(record.insurance == Insurance.WORK_INJURY, record.scheme == Scheme.EMPLOYEE)
    of_payer = case((by_risk, record.employer_id), else_=0)
    due = base_used(
        whole(record.declared_base_fen), term.base_floor_fen, term.base_ceiling_fen, SQL
    )
    # In this order: a base that is not the rule's may be too large to be multiplied.
    whens: list[ColumnElement[bool]] = [term.place.is_(None), record.base_fen != due]
    base, kept = whole(record.base_fen), session.scalars(select(term.rounding).distinct()).all()
    for rounding in Rounding:
        if rounding.value not in kept:
            continue
        shares = (
            (record.employer_fen, term.employer_ppm, term.employer_addition_fen),
            (record.employee_fen, term.employee_ppm, term.employee_addition_fen),
            (record.account_fen, term.account_ppm, 0),
        )
        for found, ppm, addition in shares:
            differs = found != premium_share(base, ppm, rounding, addition)
            is_meant = term.rounding == rounding.value
            whens.append(differs if len(kept) == 1 else and_(is_meant, differs))
    unlike = func.sum(case(*((when, 1) for when in whens), else_=0))
    return (
        select(func.count(), func.coalesce(unlike, 0))
        .select_from(record)
        .outerjoin(rate, term.place == _place(of_payer, record.scheme, record.insurance))
        .where(whole_of(run, month))
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
    rows = select(*names_of(record), record.scheme, record.declared_base_fen, *prices, *found)
    return (
        rows.add_columns(rate.c.rounding)
        .outerjoin(rate, of_record)
        .where(scope.records(), record.kind.in_(WHOLE))
    )


def _sums(scope: Scope) -> Select[Any]:
    """Return adjustments with all that their payer's month comes to up to them.

    Set aside first: few records are adjusted, and no planner knows how few.
    """
    adjusted = (
        select(*names_of(_RECORD), _RECORD.scheme, _RECORD.levy_run_id)
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
        *(sums.c[name] for name in KEY), sums.c.scheme, sums.c.declared_base_fen, *PRICES, *found
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
        select(*names_of(_RECORD), *left)
        .join(earlier, _up_to(earlier, _RECORD))
        .where(scope.records(), _RECORD.kind == RecordKind.REVERSAL)
        .group_by(*names_of(_RECORD))
        .having(or_(*(each != 0 for each in left)))
    )
    for row in session.execute(query.limit(MOST)):
        fen = sum(abs(int(each)) for each in row[-len(left) :])
        yield Imbalance("takes back another amount than was billed", record_name(row), 0, fen)


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
