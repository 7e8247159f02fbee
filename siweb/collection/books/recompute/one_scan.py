"""A month that nothing is wrong with, proved by going over its records once.

Bills say what each payer's records of an insurance must come to. To add them up by payer they would
have to be sorted, which takes longer than all the rest; so each bill's line gets a number drawn by
lot, and one sum is taken of all records, each times the number of its line. It is what the lines
come to, each times its number, whenever every line is what its records come to, and hardly ever
otherwise: whoever changed a row did not know the numbers, and they are others each time.

Each half of the payers is proved by itself, so that two sessions take a processor each: a line and
the records behind it have one payer, and so have the bases that these are on.

What is not proved here is gone through by the other proofs, which name it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import Session

from siweb.collection.books.imbalance import Scope
from siweb.collection.books.recompute.bases import was_declared
from siweb.collection.books.recompute.runs import WHOLE
from siweb.collection.books.set_aside import numbered, whole_sets
from siweb.collection.levy.records_from_enrolments import PRICES
from siweb.collection.posting.waiting import is_paid_line
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyEmployer, LevyKind, LevyRun, LevyTerm
from siweb.db.arithmetic import SQL, whole
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.ledgers.tables.fund_entry import FundEntry
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.declared_base import NO_EMPLOYER, DeclaredBase
from siweb.rules.contributions.premium import base_used, premium_share
from siweb.rules.numbers.arithmetic import Rounding

_RECORD = ContributionRecord
# Sums are kept modulo a prime: lines that are off agree with their records once in so many checks.
_PRIME = 2**36 - 5
# An amount's last bits, so many that no record has more, and that two of them times their numbers
# are a 64-bit number.
_BITS = 26
_NUMBER = BigInteger()


@dataclass(frozen=True, slots=True)
class Proved:
    """What is known to be right; the rest is to be asked for."""

    # Records are what base, terms and rule make them.
    rules: bool = False
    # They are on the newest base declared.
    bases: bool = False
    # Nothing of them is paid, no run changed them, and bills are what they come to.
    sums: bool = False


NOTHING = Proved()
HALVES = (0, 1)


def prove_in_one_scan(session: Session, scope: Scope, halves: Sequence[int] = HALVES) -> Proved:
    """Return what going over the records of a region's month proves of them.

    `halves` are those of the payers whose records are gone over; the month is proved when both are.
    """
    runs = _runs_of_one_month(session, scope)
    if not runs:
        return NOTHING
    each = [_scan(session, scope, run, halves) for run in runs]
    return Proved(
        rules=all(proved.rules for proved in each),
        bases=all(proved.bases for proved in each) and not _has_own_bases(session),
        sums=all(proved.sums for proved in each) and not _is_posted_or_strange(session, scope),
    )


def proved_by_all(halves: Sequence[Proved]) -> Proved:
    """Return what is proved of the whole: what is proved of each half."""
    return Proved(
        rules=all(half.rules for half in halves),
        bases=all(half.bases for half in halves),
        sums=all(half.sums for half in halves),
    )


def _is_of(halves: Sequence[int], employer_id: Any, person_id: Any) -> ColumnElement[bool]:
    """Return the condition that a payer is of these halves, or one that always holds for both.

    By the last bit of the number: payers old and new, large and small are in either half.
    """
    if set(halves) == set(HALVES):
        return true()
    (half,) = halves
    last = whole(func.coalesce(employer_id, person_id)).bitwise_and(literal_column("1"))
    # By a bit: each record is asked, and a division takes a twentieth of all the rest. PostgreSQL
    # takes a third of the rows to be above or below what it cannot know, which is nearer to the
    # truth than the two hundredth that it takes to equal it.
    return last > 0 if half else last < 1


def _runs_of_one_month(session: Session, scope: Scope) -> Sequence[LevyRun]:
    """Return the runs of a region's month, where none of them changed what was billed before."""
    if scope.region_code is None or scope.month is None:
        return ()
    runs = session.scalars(select(LevyRun).where(LevyRun.id.in_(scope.runs()))).all()
    are_plain = all(
        run.kind is LevyKind.REGULAR and run.through_month == scope.month for run in runs
    )
    return runs if are_plain else ()


def _has_own_bases(session: Session) -> bool:
    """Return whether somebody has a base of one insurance alone: that is asked row by row."""
    own = select(DeclaredBase.person_id).where(DeclaredBase.insurance.is_not(None))
    return session.scalar(own.limit(1)) is not None


def _is_posted_or_strange(session: Session, scope: Scope) -> bool:
    """Return whether funds have something of the month, or a bill of it is of another's run."""
    posted = exists().where(
        FundEntry.region_code == scope.region_code, FundEntry.contribution_month == scope.month
    )
    strange = exists().where(
        scope.bills(), Bill.levy_run_id.is_not(None), Bill.levy_run_id.not_in(scope.runs())
    )
    return any(session.execute(select(posted, strange)).one())


def _scan(session: Session, scope: Scope, run: LevyRun, halves: Sequence[int]) -> Proved:
    lines, bases = _lines(session, scope, run, halves), _bases(run, halves)
    with (
        whole_sets(session),
        numbered(session, "line_of_payer", lines) as line,
        numbered(session, "base_of_person", bases, ("from_month", "payer", "place")) as base,
    ):
        due = session.execute(_lines_due(line)).one()
        records = _records_found(session, run, line, base)
        of_halves = _is_of(halves, _RECORD.employer_id, _RECORD.person_id)
        found = session.execute(records.where(of_halves)).one()
    is_same = (due.by_lot or 0) % _PRIME == (found.by_lot or 0) % _PRIME
    return Proved(
        rules=found.unlike == 0,
        bases=found.on_another_base == 0,
        # Who has no line is unlike: its amounts are in no sum.
        sums=is_same and found.unlike == 0 and found.paid == 0 and due.paid == 0,
    )


def _records_found(session: Session, run: LevyRun, line: Any, base: Any) -> Select[Any]:
    """Return how many records are not as they should be, and what all come to by lot."""
    record, of_line = _RECORD, line.c
    # A person who pays alone with a minus: their numbers and employers' overlap.
    payer = func.coalesce(record.employer_id, -record.person_id)
    place = _place(payer, record.scheme, record.insurance)
    roundings = session.scalars(select(of_line.rounding).distinct()).all()
    is_unlike = case(*((when, 1) for when in _unlike(of_line, roundings)))
    on_another = case(
        (base.c.fen.is_distinct_from(record.declared_base_fen), 1),
        (base.c.payer != func.coalesce(record.employer_id, 0), 1),
    )
    last = _number(2**_BITS - 1)
    by_lot = (
        record.employer_fen.bitwise_and(last) * of_line.employer_lot
        + record.employee_fen.bitwise_and(last) * of_line.employee_lot
    ) % _number(_PRIME)
    return (
        select(
            func.count(is_unlike).label("unlike"),
            func.count(on_another).label("on_another_base"),
            func.count(record.paid_on).label("paid"),
            func.sum(by_lot).label("by_lot"),
        )
        .select_from(record)
        .outerjoin(line, of_line.place == place)
        .outerjoin(base, base.c.person_id == record.person_id)
        .where(
            record.region_code == run.region_code,
            record.contribution_month == run.contribution_month,
            record.levy_run_id == run.id,
        )
    )


def _unlike(line: Any, roundings: Sequence[str | None]) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that a record is not what base, terms and rule make it.

    In this order: a base that is not the rule's may be too large to be multiplied.
    """
    record = _RECORD
    due = base_used(record.declared_base_fen, line.base_floor_fen, line.base_ceiling_fen, SQL)
    # No line of the payer, or no term of it.
    yield line.rounding.is_(None)
    yield record.base_fen != due
    yield record.kind.not_in(WHOLE)
    for rounding in Rounding:
        if rounding.value not in roundings:
            continue
        shares: tuple[tuple[Any, Any, Any], ...] = (
            (record.employer_fen, line.employer_ppm, line.employer_addition_fen),
            (record.employee_fen, line.employee_ppm, line.employee_addition_fen),
            (record.account_fen, line.account_ppm, 0),
        )
        for found, ppm, addition in shares:
            differs = found != premium_share(record.base_fen, ppm, rounding, addition)
            is_meant = line.rounding == rounding.value
            yield differs if len(roundings) == 1 else and_(is_meant, differs)


def _lines_due(line: Any) -> Select[Any]:
    """Return what lines come to by lot, and how many say that they are paid."""
    by_lot = _by_lot(line.c.employer_due, line.c.employer_lot) + _by_lot(
        line.c.employee_due, line.c.employee_lot
    )
    paid = func.count().filter(line.c.is_paid)
    sums: list[Any] = [func.sum(by_lot).label("by_lot"), paid.label("paid")]
    return select(*sums)


def _by_lot(fen: Any, lot: Any) -> ColumnElement[int]:
    """Return a sum times a number, modulo the prime: in two halves, each a 64-bit product."""
    low, high = fen.bitwise_and(_number(2**_BITS - 1)), fen.bitwise_rshift(_number(_BITS))
    prime, shifted = _number(_PRIME), _number(2**_BITS)
    by_lot: ColumnElement[int] = (low * lot) % prime + (((high * lot) % prime) * shifted) % prime
    return by_lot


def _lines(session: Session, scope: Scope, run: LevyRun, halves: Sequence[int]) -> Select[Any]:
    """Return the lines of a run's bills with their terms, each with a number drawn by lot."""
    term, kept = LevyTerm, LevyEmployer
    has_employer = Bill.employer_id.is_not(None)
    by_risk = and_(has_employer, BillLine.insurance == Insurance.WORK_INJURY)
    scheme = case((has_employer, _code(Scheme.EMPLOYEE)), else_=_code(Scheme.FLEXIBLE))
    risk = and_(
        by_risk,
        kept.levy_run_id == run.id,
        kept.contribution_month == run.contribution_month,
        kept.employer_id == Bill.employer_id,
    )
    of_line = and_(
        term.levy_run_id == run.id,
        term.contribution_month == run.contribution_month,
        term.insurance == BillLine.insurance,
        term.scheme == type_coerce(scheme, term.scheme.type),
        term.injury_class == func.coalesce(kept.injury_class, 0),
        term.injury_tier_ppm == func.coalesce(kept.injury_tier_ppm, 0),
    )
    payer = func.coalesce(Bill.employer_id, -Bill.person_id)
    columns: list[Any] = [
        _place(payer, scheme, BillLine.insurance).label("place"),
        _lot(session).label("employer_lot"),
        _lot(session).label("employee_lot"),
        whole(BillLine.employer_fen - BillLine.rounding_fen).label("employer_due"),
        whole(BillLine.employee_fen).label("employee_due"),
        is_paid_line().label("is_paid"),
        *PRICES,
        term.rounding,
    ]
    return (
        select(*columns)
        .select_from(Bill)
        .join(BillLine, BillLine.bill_id == Bill.id)
        .outerjoin(kept, risk)
        .outerjoin(term, of_line)
        .where(
            scope.bills(),
            Bill.levy_run_id == run.id,
            _is_of(halves, Bill.employer_id, Bill.person_id),
        )
    )


def _bases(run: LevyRun, halves: Sequence[int]) -> Select[Any]:
    """Return the bases of all insurances; a person's newest is also the newest of its payer."""
    base = DeclaredBase
    columns: list[Any] = [
        whole(base.person_id).label("person_id"),
        base.declaring_employer_id.label("payer"),
        type_coerce(base.from_month, Integer()).label("from_month"),
        base.base_number.label("place"),
        base.declared_base_fen.label("fen"),
    ]
    return select(*columns).where(
        base.insurance.is_(None),
        was_declared(base, run, run.contribution_month),
        _is_of(halves, func.nullif(base.declaring_employer_id, NO_EMPLOYER), base.person_id),
    )


def _place(payer: Any, scheme: Any, insurance: Any) -> ColumnElement[int]:
    """Return a payer's line as one number: a person with a minus, words by theirs below 8."""
    eight = literal_column("8", Integer())
    scheme, insurance = (type_coerce(each, Integer()) for each in (scheme, insurance))
    place: ColumnElement[int] = (whole(payer) * eight + scheme) * eight + insurance
    return place


def _lot(session: Session) -> ColumnElement[int]:
    """Return a number from 0 up to the prime, another one for each row."""
    if session.get_bind().dialect.name == "sqlite":
        drawn: Any = func.random(type_=_NUMBER).bitwise_and(_number(2**62 - 1))
        lot: ColumnElement[int] = drawn % _number(_PRIME)
        return lot
    # A random double has more bits than the prime's 36.
    return cast(func.floor(func.random() * _number(_PRIME)), _NUMBER)


def _code(scheme: Scheme) -> ColumnElement[int]:
    number = LevyTerm.scheme.type.process_bind_param(scheme, None)
    return literal_column(str(number), Integer())


def _number(value: int) -> ColumnElement[int]:
    """Return a number written out: as a parameter it would be taken for a shorter one."""
    return literal_column(str(value), _NUMBER)
