"""Adjustments (补差): exactly the change since what was billed, for each month since.

Parameters and bases are often published late. What was billed stays as it is; a row of its own
carries the difference, upwards or downwards, and a month that somebody is no longer enrolled in is
taken back. Whoever moved to another payer is billed there. Nobody is charged twice for a month of
an insurance: not at two payers, nor in two regions; work injury is each employer's own. Months that
an earlier system recorded are reached as well, of people who left or retired too
(`earlier_system`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    exists,
    false,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from siweb.collection.levy.adjustment.earlier_system import (
    earlier_rows,
    has_left,
    is_recorded_elsewhere,
)
from siweb.collection.levy.records_from_enrolments import (
    enrolled_in,
    is_same_charge,
    premium_rows,
)
from siweb.collection.tables.levy_run import LevyRun
from siweb.ledgers.lookup import of_person
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.registry.codes import Insurance
from siweb.registry.tables.enrolment import Enrolment, insuring_employer
from siweb.rules.calendar.months import months_through
from siweb.rules.numbers.arithmetic import Rounding

_RECORD = ContributionRecord
AMOUNTS = ("declared_base_fen", "base_fen", "employer_fen", "employee_fen", "account_fen")


def write_changes(
    session: Session,
    run: LevyRun,
    people: tuple[int, int],
    roundings: list[Rounding],
    at: datetime,
) -> None:
    """Write the differences of everybody in [first, last], month by month.

    People without any record of a month are left to that month's own run.
    """
    for month in months_through(run.contribution_month, run.through_month):
        # Taken back before anything is billed: `_charged_nowhere` must see that nobody is charged
        # any more, else a month that moves to another payer is billed to neither.
        _insert(session, run, month, _no_longer_due(run, month, people), RecordKind.REVERSAL, at)
        for rounding in roundings:
            was = billed(run, month, people)
            earlier = earlier_rows(run, month, was, rounding).subquery("due")
            changed = _changed(was, earlier, is_earlier=True)
            _insert(session, run, month, changed, RecordKind.ADJUSTMENT, at)
            # Two enrolments at one payer, one after the other, may share a month: one row is due.
            claims = premium_rows(run, month, people, rounding, every_claim=True)
            due = claims.distinct().subquery("due")
            changed = _changed(was, due, is_earlier=False)
            _insert(session, run, month, changed, RecordKind.ADJUSTMENT, at)
            # Last: it counts what this run took back and billed so far,
            # so that of two payers one is billed.
            uncharged = _charged_nowhere(run, month, due)
            _insert(session, run, month, uncharged, RecordKind.BACK_PAYMENT, at)


def billed(run: LevyRun, month: str, people: tuple[int, int]) -> Subquery:
    """Return what a month's issued records come to, per person, insurance and payer."""
    keys = (_RECORD.person_id, _RECORD.employer_id, _RECORD.insurance, _RECORD.scheme)
    sums = (func.sum(getattr(_RECORD, name)).label(name) for name in AMOUNTS)
    query = (
        select(
            *keys,
            *sums,
            is_recorded_elsewhere().label("is_earlier"),
            func.max(_RECORD.recorded_at).label("recorded_at"),
        )
        .where(
            _RECORD.region_code == run.region_code,
            _RECORD.contribution_month == month,
            _RECORD.person_id.between(*people),
            is_issued(),
        )
        .group_by(*keys)
    )
    return query.subquery("billed")


def _changed(was: Subquery, due: Subquery, *, is_earlier: bool) -> Select[Any]:
    """Return the differences at the payer who is charged; what was taken back whole is not."""
    differences = [(due.c[name] - was.c[name]).label(name) for name in AMOUNTS]
    return (
        select(due.c.person_id, due.c.employer_id, due.c.insurance, due.c.scheme, *differences)
        .join(was, _same_payer(due, was))
        .where(
            was.c.is_earlier == int(is_earlier),
            or_(*(was.c[name] != 0 for name in AMOUNTS[1:])),
            # The declared base leads AMOUNTS and is left out: one that moves beyond the limits
            # costs nobody anything.
            or_(*(due.c[name] != was.c[name] for name in AMOUNTS[1:])),
        )
    )


def _charged_nowhere(run: LevyRun, month: str, due: Subquery) -> Select[Any]:
    """Return who was once billed for the month and is charged for it by no payer any more.

    Other regions count, and so does what the run itself took back or billed. Where two payers
    would be billed, the first is: in the order of `is_first_claim`. A run that corrects one
    person's record bills what was billed nowhere before as well: the month was missing.
    """
    theirs = and_(of_person(due.c.person_id, [month]), _RECORD.insurance == due.c.insurance)
    charged = (
        select(literal(1))
        .where(
            theirs,
            is_same_charge(_RECORD, due.c),
            is_issued() | (_RECORD.levy_run_id == run.id),
        )
        .group_by(_RECORD.person_id)
        .having(or_(*(func.sum(getattr(_RECORD, name)) != 0 for name in AMOUNTS[1:])))
    )
    # Order 13 Art. 9: of work injury each employer is a payer by itself, of the other four one is.
    insuring = case((due.c.insurance == Insurance.WORK_INJURY, due.c.employer_id), else_=None)
    place = func.row_number().over(
        partition_by=(due.c.person_id, due.c.insurance, insuring),
        order_by=(due.c.employer_id.is_(None), _insured_since(run, due), due.c.employer_id),
    )
    keys = (due.c.person_id, due.c.employer_id, due.c.insurance, due.c.scheme)
    amounts = (due.c[name] for name in AMOUNTS)
    uncharged = (
        select(*keys, *amounts, place.label("place"))
        .where(
            true()
            if run.person_id is not None
            else or_(exists().where(theirs, is_issued()), _had_waited(run, month, due)),
            ~charged.exists(),
        )
        .subquery("uncharged")
    )
    columns = (column for column in uncharged.c if column.name != "place")
    return select(*columns).where(uncharged.c.place == 1)


def _had_waited(run: LevyRun, month: str, due: Subquery) -> ColumnElement[bool]:
    """Return the condition that somebody was billed for a month without an insurance.

    Its rate was not known then; whoever was not billed at all is left to the month's own run.
    """
    rates = [key.split(".")[1:] for key in run.month_facts.get(month, {}).get("waited", ())]
    billed_there = exists().where(
        of_person(due.c.person_id, [month]),
        _RECORD.employer_id.is_not_distinct_from(due.c.employer_id),
        is_issued(),
    )
    waited = [
        and_(due.c.scheme == scheme, due.c.insurance == insurance) for scheme, insurance in rates
    ]
    return and_(or_(false(), *waited), billed_there)


def _insured_since(run: LevyRun, due: Subquery) -> Any:
    return (
        select(func.min(Enrolment.from_month))
        .where(
            Enrolment.person_id == due.c.person_id,
            Enrolment.insurance == due.c.insurance,
            Enrolment.region_code == run.region_code,
            Enrolment.employer_id.is_not_distinct_from(due.c.employer_id),
        )
        .correlate(due)
        .scalar_subquery()
    )


def _no_longer_due(run: LevyRun, month: str, people: tuple[int, int]) -> Select[Any]:
    was = billed(run, month, people)
    enrolled = exists().where(
        Enrolment.person_id == was.c.person_id,
        Enrolment.insurance == was.c.insurance,
        Enrolment.employer_id.is_not_distinct_from(was.c.employer_id),
        enrolled_in(run.region_code, month),
    )
    differences = [(-was.c[name]).label(name) for name in AMOUNTS]
    return select(
        was.c.person_id, was.c.employer_id, was.c.insurance, was.c.scheme, *differences
    ).where(
        not_(enrolled),
        or_(was.c.is_earlier == 0, has_left(run, was, month)),
        or_(*(was.c[name] != 0 for name in AMOUNTS[1:])),
    )


def _same_payer(due: Any, was: Any) -> ColumnElement[bool]:
    return and_(
        due.c.person_id == was.c.person_id,
        due.c.insurance == was.c.insurance,
        # Also where neither has an employer: who pays alone is a payer as well.
        due.c.employer_id.is_not_distinct_from(was.c.employer_id),
    )


def _insert(
    session: Session,
    run: LevyRun,
    month: str,
    rows: Select[Any],
    kind: RecordKind,
    at: datetime,
) -> None:
    """Add rows under the next number of their person, month and insurance in the region.

    Two employers' rows of work injury may get the same number: the key has the employer.
    """
    changes = rows.subquery("changes")
    last = (
        # An insurance that waited for its rate has no row of the month yet.
        select(func.coalesce(func.max(_RECORD.sequence) + 1, 0))
        .where(
            _RECORD.region_code == run.region_code,
            _RECORD.contribution_month == month,
            _RECORD.person_id == changes.c.person_id,
            _RECORD.insurance == changes.c.insurance,
        )
        .scalar_subquery()
    )
    values: dict[Any, Any] = {
        _RECORD.region_code: literal(run.region_code, _RECORD.region_code.type),
        _RECORD.contribution_month: literal(month, _RECORD.contribution_month.type),
        _RECORD.person_id: changes.c.person_id,
        _RECORD.insurance: changes.c.insurance,
        _RECORD.insuring_employer_id: insuring_employer(changes.c.insurance, changes.c.employer_id),
        _RECORD.sequence: last,
        _RECORD.scheme: changes.c.scheme,
        _RECORD.employer_id: changes.c.employer_id,
        _RECORD.kind: literal(kind, _RECORD.kind.type),
        **{getattr(_RECORD, name): changes.c[name] for name in AMOUNTS},
        _RECORD.levy_run_id: literal(run.id),
        _RECORD.recorded_at: literal(at, _RECORD.recorded_at.type),
    }
    session.execute(
        insert(_RECORD).from_select(list(values), select(*values.values()), include_defaults=False)
    )
