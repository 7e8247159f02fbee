"""What a batch comes to by payer and insurance: its records are read once, while they are at hand.

Bills, lines and totals are made of these sums; nothing reads the records of a run a second time.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Integer,
    Select,
    and_,
    case,
    func,
    insert,
    literal,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.levy_sum import NOBODY, LevySum
from siweb.db.arithmetic import whole
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.rules.calendar.months import months_through

_RECORD = ContributionRecord
# The insurance in the last bits of a payer's number: their numbers are below 8.
_BITS, _INSURANCE = literal_column("3", Integer()), literal_column("7", Integer())
_TIMES = literal_column("8", Integer())


def keep_sums(
    session: Session,
    run: LevyRun,
    people: tuple[int, int],
    record: Any = ContributionRecord,
    of_batch: ColumnElement[bool] | None = None,
    *,
    into: Any = LevySum,
) -> None:
    """Write the sums of a batch's people, by their ids [first, last].

    `record` has the columns of the table that the batch was written to, `of_batch` says which rows.
    `into` has those of the sums.
    """
    rows = written(run, people) if of_batch is None else of_batch
    session.execute(_insert_sums(run, people, rows, record, into))


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
        ).where(LevySum.levy_run_id == run.id, LevySum.through_person_id.between(*people))
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


def _insert_sums(
    run: LevyRun, people: tuple[int, int], of_batch: ColumnElement[bool], record: Any, into: Any
) -> Insert:
    is_one_month = run.contribution_month == run.through_month
    through: Any = literal(run.through_month, LevySum.last_month.type)
    key = _payer_and_insurance(record)
    sums = (
        select(
            key.label("key"),
            # An adjustment has a record for each month that changed.
            (func.count() if is_one_month else func.count(record.person_id.distinct())).label(
                "headcount"
            ),
            func.count().label("records"),
            (through if is_one_month else func.max(record.contribution_month)).label("last_month"),
            func.sum(record.base_fen).label("base_fen"),
            func.sum(record.employer_fen).label("employer_fen"),
            func.sum(record.employee_fen).label("employee_fen"),
        )
        .where(of_batch)
        .group_by(key)
        .subquery("sums")
    )
    # Kept aside: PostgreSQL takes them for one row, and would group them anew for each sum.
    heads = _heads(of_batch, record).cte("heads").prefix_with("MATERIALIZED")
    payer, insurance = sums.c.key.bitwise_rshift(_BITS), sums.c.key.bitwise_and(_INSURANCE)
    values: dict[Any, Any] = {
        LevySum.levy_run_id: literal(run.id),
        LevySum.through_person_id: literal(people[1]),
        LevySum.employer_id: case((payer > NOBODY, payer), else_=NOBODY),
        LevySum.person_id: case((payer < NOBODY, -payer), else_=NOBODY),
        LevySum.insurance: insurance,
        LevySum.headcount: sums.c.headcount,
        LevySum.new_heads: case((insurance == heads.c.first_insurance, heads.c.heads), else_=0),
        LevySum.records: sums.c.records,
        LevySum.last_month: sums.c.last_month,
        LevySum.base_fen: whole(sums.c.base_fen),
        LevySum.employer_fen: whole(sums.c.employer_fen),
        LevySum.employee_fen: whole(sums.c.employee_fen),
    }
    query = select(*values.values()).select_from(sums).join(heads, heads.c.payer == payer)
    names = [column.key for column in values]
    return insert(into).from_select(names, query, include_defaults=False)


def _payer_number(record: Any) -> ColumnElement[int]:
    """Return an employer, or a person who pays alone with a minus.

    One number: SQLite sorts by it in half the time.
    """
    return case((record.employer_id.is_(None), -record.person_id), else_=record.employer_id)


def _payer_and_insurance(record: Any) -> ColumnElement[int]:
    # Written out: PostgreSQL takes the same sum with values beside it for two different ones.
    return _payer_number(record) * _TIMES + type_coerce(record.insurance, Integer())


def _heads(of_batch: ColumnElement[bool], record: Any) -> Select[Any]:
    """Return each payer's people and its first insurance, whose line stands for all of them."""
    payer = _payer_number(record)
    of_person = (
        select(
            payer.label("payer"),
            func.min(type_coerce(record.insurance, Integer())).label("first_insurance"),
        )
        .where(of_batch)
        .group_by(record.person_id, payer)
        .subquery("people")
    )
    return select(
        of_person.c.payer,
        func.count().label("heads"),
        func.min(of_person.c.first_insurance).label("first_insurance"),
    ).group_by(of_person.c.payer)
