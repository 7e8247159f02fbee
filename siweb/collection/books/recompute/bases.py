"""Whole records are on the base that was declared when their run was issued."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    or_,
    outerjoin,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from siweb.collection.books.imbalance import MOST, Imbalance, Scope, record_name
from siweb.collection.books.recompute.runs import issued_months, names_of, whole_of
from siweb.collection.books.set_aside import numbered, set_aside, whole_sets
from siweb.collection.tables.levy_run import LevyRun
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.tables.declared_base import DeclaredBase, is_declared_by

_RECORD = ContributionRecord


def base_imbalances(session: Session, scope: Scope) -> Iterator[Imbalance]:
    """Yield whole records on another base than was declared when their run was issued."""
    for run, month in issued_months(session, scope):
        yield from _wrong_bases(session, run, month)


def _wrong_bases(session: Session, run: LevyRun, month: str) -> Iterator[Imbalance]:
    with (
        whole_sets(session),
        numbered(session, "doubtful", _doubtful(session, run, month)) as doubtful,
    ):
        found = _found(session, run, month, select(doubtful.c.person_id))
    unlike = (
        row
        for row in found
        if row.declared_base_fen not in _declared_meanwhile(session, run, month, row)
    )
    for row in islice(unlike, MOST):
        what = "declared_base_fen is not the base declared by then"
        due = int(row.declared or 0)
        yield Imbalance(what, record_name(row), due, int(row.declared_base_fen))


def _doubtful(session: Session, run: LevyRun, month: str) -> Select[Any]:
    """Return whose records are looked at one by one: the others are all on the newest base.

    A person's records are added up as they lie, and one base is looked up for all of them.
    """
    record, base = _RECORD, DeclaredBase
    payer = func.coalesce(record.employer_id, 0)
    person = (
        select(
            record.person_id,
            func.min(payer).label("payer"),
            func.max(payer).label("other_payer"),
            func.min(record.declared_base_fen).label("fen"),
            func.max(record.declared_base_fen).label("other_fen"),
        )
        .where(whole_of(run, month))
        .group_by(record.person_id)
        .subquery("person")
        .c
    )
    doubts: list[ColumnElement[bool]] = [
        person.payer != person.other_payer,
        person.fen != person.other_fen,
    ]
    people = select(person.person_id)
    if session.get_bind().dialect.name == "postgresql":
        newest = _newest(run, month)
        people = people.outerjoin(
            newest,
            and_(newest.c.person_id == person.person_id, newest.c.payer == person.payer),
        )
        doubts.append(newest.c.fen.is_distinct_from(person.fen))
    else:
        doubts.append(_newest_of(person, run, month).is_distinct_from(person.fen))
    # Hardly anybody has a base of one insurance alone: asked once, not for each person.
    own = select(base.person_id).where(base.insurance.is_not(None))
    if session.scalar(own.limit(1)) is not None:
        doubts.append(person.person_id.in_(own))
    return people.where(or_(*doubts))


def _newest(run: LevyRun, month: str) -> Subquery:
    """Return each payer's and person's newest base of all insurances, sorted out in a set."""
    base = DeclaredBase
    payer = base.declaring_employer_id.label("payer")
    return (
        select(base.person_id, payer, base.declared_base_fen.label("fen"))
        .ext(distinct_on(base.person_id, payer))
        .where(base.insurance.is_(None), was_declared(base, run, month))
        .order_by(base.person_id, payer, base.from_month.desc(), base.base_number.desc())
        .subquery("newest")
    )


def _newest_of(person: Any, run: LevyRun, month: str) -> ScalarSelect[int]:
    """Return the newest base of a person and payer, found by an index: SQLite's faster way."""
    base = DeclaredBase
    return (
        select(base.declared_base_fen)
        .where(
            base.person_id == person.person_id,
            base.declaring_employer_id == person.payer,
            base.insurance.is_(None),
            was_declared(base, run, month),
        )
        .order_by(base.from_month.desc(), base.base_number.desc())
        .limit(1)
        .scalar_subquery()
    )


def _found(session: Session, run: LevyRun, month: str, people: Select[Any]) -> Sequence[Row[Any]]:
    """Return the records of people that are on another base than the newest."""
    if session.scalar(people.limit(1)) is None:
        return ()
    bases = _declared(run, month).where(DeclaredBase.person_id.in_(people))
    with set_aside(session, "newest_base", bases, *_BASE) as newest:
        declared, rows = _with_declared(session, newest)
        query = rows.where(
            whole_of(run, month),
            _RECORD.person_id.in_(people),
            # -1 is no base: a record without any declared behind it is unlike as well.
            func.coalesce(declared, -1) != _RECORD.declared_base_fen,
        )
        return session.execute(query).all()


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
            every.c.number.is_(None),
            own.c.from_month > every.c.from_month,
            and_(own.c.from_month == every.c.from_month, own.c.number > every.c.number),
        )
        is_own = and_(own.c.number.is_not(None), is_own_newer)
        declared = case((is_own, own.c.fen), else_=every.c.fen)
        joined = outerjoin(joined, own, of(own, type_coerce(record.insurance, Integer())))
    columns = (*names_of(record), declared.label("declared"), record.declared_base_fen)
    return declared, select(*columns).select_from(joined)


def _declared(run: LevyRun, month: str) -> Select[Any]:
    """Return each payer's and person's newest base up to a month, for one insurance or all."""
    base, newer = DeclaredBase, aliased(DeclaredBase, name="newer")
    is_newer = exists().where(
        newer.person_id == base.person_id,
        newer.declaring_employer_id == base.declaring_employer_id,
        newer.insurance.is_not_distinct_from(base.insurance),
        or_(
            newer.from_month > base.from_month,
            and_(newer.from_month == base.from_month, newer.base_number > base.base_number),
        ),
        was_declared(newer, run, month),
    )
    columns: list[Any] = [
        base.person_id,
        base.declaring_employer_id.label("payer"),
        func.coalesce(type_coerce(base.insurance, Integer()), _ALL).label("insurance"),
        base.from_month,
        base.base_number.label("number"),
        base.declared_base_fen.label("fen"),
    ]
    return select(*columns).where(was_declared(base, run, month), ~is_newer)


def was_declared(base: Any, run: LevyRun, month: str) -> ColumnElement[bool]:
    """Return the condition that a base was declared for a month when a run was issued."""
    # Withdrawn later than the run it held for the run.
    counted = or_(base.withdrawn_at.is_(None), base.withdrawn_at > run.issued_at)
    return and_(base.from_month <= month, base.declared_at <= run.issued_at, counted)


def _declared_meanwhile(session: Session, run: LevyRun, month: str, row: Any) -> set[int]:
    """Return what a run may have found that went on while bases were declared, in fen."""
    base = DeclaredBase
    newest_first = (
        select(base.declared_base_fen, base.declared_at)
        .where(
            base.person_id == row.person_id,
            is_declared_by(row.employer_id),
            base.from_month <= month,
            base.declared_at <= run.issued_at,
            or_(base.withdrawn_at.is_(None), base.withdrawn_at > run.issued_at),
            or_(base.insurance.is_(None), base.insurance == row.insurance),
        )
        .order_by(base.from_month.desc(), base.base_number.desc())
    )
    found = set()
    for fen, declared_at in session.execute(newest_first):
        found.add(int(fen))
        # The newest one from before the run began is the oldest that it can have gone by.
        if declared_at < run.started_at:
            break
    return found
