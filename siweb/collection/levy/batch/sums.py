"""What a batch comes to by payer and insurance: its records are read once, while they are at hand.

Bills, lines and totals are made of these sums; nothing reads the records of a run a second time.
"""

from typing import Any

from sqlalchemy import ColumnElement, Insert, Select, and_, case, func, insert, literal, select
from sqlalchemy.orm import Session

from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.levy_sum import NOBODY, LevySum
from siweb.db.arithmetic import whole
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.rules.calendar.months import months_through

_RECORD = ContributionRecord
_EMPLOYER = func.coalesce(_RECORD.employer_id, NOBODY)
_PERSON = case((_RECORD.employer_id.is_(None), _RECORD.person_id), else_=NOBODY)


def keep_sums(session: Session, run: LevyRun, people: tuple[int, int]) -> None:
    """Write the sums of a batch's people, by their ids [first, last]."""
    session.execute(_insert_sums(run, people, written(run, people)))


def written(run: LevyRun, people: tuple[int, int]) -> ColumnElement[bool]:
    """Return the condition that a record is of a run and of these people; it leads into the key."""
    months = months_through(run.contribution_month, run.through_month)
    return and_(
        _RECORD.region_code == run.region_code,
        _RECORD.contribution_month.in_(list(months)),
        _RECORD.person_id.between(*people),
        _RECORD.levy_run_id == run.id,
    )


def batch_totals(session: Session, run: LevyRun, people: tuple[int, int]) -> tuple[int, int]:
    """Return how many records a batch got, and of how much in fen."""
    count, fen = session.execute(
        select(
            func.coalesce(func.sum(LevySum.records), 0),
            func.coalesce(func.sum(LevySum.employer_fen + LevySum.employee_fen), 0),
        ).where(LevySum.levy_run_id == run.id, LevySum.through_person_id == people[1])
    ).one()
    return int(count), int(fen)


def sums_of(run: LevyRun) -> Select[Any]:
    """Return what a run comes to by payer and insurance; a payer is an employer or a person."""
    keys = (LevySum.employer_id, LevySum.person_id, LevySum.insurance)
    return (
        select(
            *_payer(),
            LevySum.insurance,
            whole(func.sum(LevySum.headcount)).label("headcount"),
            func.max(LevySum.last_month).label("last_month"),
            whole(func.sum(LevySum.base_fen)).label("base_fen"),
            whole(func.sum(LevySum.employer_fen)).label("employer_fen"),
            whole(func.sum(LevySum.employee_fen)).label("employee_fen"),
        )
        .where(LevySum.levy_run_id == run.id)
        .group_by(*keys)
    )


def payers_of(run: LevyRun) -> Select[Any]:
    """Return the payers of a run, each with its headcount.

    Not everybody has every insurance: no line's headcount need be the bill's.
    """
    return (
        select(*_payer(), whole(func.sum(LevySum.new_heads)).label("headcount"))
        .where(LevySum.levy_run_id == run.id)
        .group_by(LevySum.employer_id, LevySum.person_id)
    )


def _payer() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return (
        func.nullif(LevySum.employer_id, NOBODY).label("employer_id"),
        func.nullif(LevySum.person_id, NOBODY).label("person_id"),
    )


def _insert_sums(run: LevyRun, people: tuple[int, int], of_batch: ColumnElement[bool]) -> Insert:
    is_one_month = run.contribution_month == run.through_month
    sums = (
        select(
            _EMPLOYER.label("employer_id"),
            _PERSON.label("person_id"),
            _RECORD.insurance,
            # An adjustment has a record for each month that changed.
            (func.count() if is_one_month else func.count(_RECORD.person_id.distinct())).label(
                "headcount"
            ),
            func.count().label("records"),
            func.max(_RECORD.contribution_month).label("last_month"),
            func.sum(_RECORD.base_fen).label("base_fen"),
            func.sum(_RECORD.employer_fen).label("employer_fen"),
            func.sum(_RECORD.employee_fen).label("employee_fen"),
        )
        .where(of_batch)
        .group_by(_EMPLOYER, _PERSON, _RECORD.insurance)
        .subquery("sums")
    )
    # Kept aside: PostgreSQL takes them for one row, and would group them anew for each sum.
    heads = _heads(of_batch).cte("heads").prefix_with("MATERIALIZED")
    values: dict[Any, Any] = {
        LevySum.levy_run_id: literal(run.id),
        LevySum.through_person_id: literal(people[1]),
        LevySum.employer_id: sums.c.employer_id,
        LevySum.person_id: sums.c.person_id,
        LevySum.insurance: sums.c.insurance,
        LevySum.headcount: sums.c.headcount,
        LevySum.new_heads: case(
            (sums.c.insurance == heads.c.first_insurance, heads.c.heads), else_=0
        ),
        LevySum.records: sums.c.records,
        LevySum.last_month: sums.c.last_month,
        LevySum.base_fen: whole(sums.c.base_fen),
        LevySum.employer_fen: whole(sums.c.employer_fen),
        LevySum.employee_fen: whole(sums.c.employee_fen),
    }
    query = select(*values.values()).join(
        heads,
        and_(
            heads.c.employer_id == sums.c.employer_id,
            heads.c.person_id == sums.c.person_id,
        ),
    )
    return insert(LevySum).from_select(list(values), query, include_defaults=False)


def _heads(of_batch: ColumnElement[bool]) -> Select[Any]:
    """Return each payer's people and its first insurance, whose line stands for all of them."""
    of_person = (
        select(
            _EMPLOYER.label("employer_id"),
            _PERSON.label("person_id"),
            func.min(_RECORD.insurance).label("first_insurance"),
        )
        .where(of_batch)
        .group_by(_RECORD.person_id, _EMPLOYER, _PERSON)
        .subquery("people")
    )
    keys = (of_person.c.employer_id, of_person.c.person_id)
    return select(
        *keys,
        func.count().label("heads"),
        func.min(of_person.c.first_insurance).label("first_insurance"),
    ).group_by(*keys)
