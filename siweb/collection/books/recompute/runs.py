"""The months of issued runs, and what their records are named by."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from siweb.collection.books.imbalance import Scope
from siweb.collection.tables.levy_run import LevyRun
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind

_RECORD = ContributionRecord
WHOLE = (RecordKind.REGULAR, RecordKind.BACK_PAYMENT)
"""What a run wrote whole; the others are differences."""
KEY = ("region_code", "contribution_month", "person_id", "insurance", "employer_id", "sequence")


def issued_months(session: Session, scope: Scope) -> Iterator[tuple[LevyRun, str]]:
    """Yield each issued run with each month that it wrote whole records of."""
    runs = session.scalars(select(LevyRun).where(LevyRun.id.in_(scope.runs())).order_by(LevyRun.id))
    for run in runs.all():
        for month in _months_of(session, run):
            yield run, month


def whole_of(run: LevyRun, month: str) -> ColumnElement[bool]:
    """Return the condition that a record was written whole by a run, for a month."""
    return and_(_of_run(run), _RECORD.contribution_month == month, _RECORD.kind.in_(WHOLE))


def names_of(record: Any) -> list[Any]:
    """Return what `record_name` asks for, of records or an alias of them."""
    return [getattr(record, name) for name in KEY]


def _months_of(session: Session, run: LevyRun) -> Sequence[str]:
    """Return the months that a run wrote records of; one is not looked for."""
    if run.contribution_month == run.through_month:
        return [run.contribution_month]
    # An adjustment has whole records too: those of a month that moved to another payer.
    months = select(_RECORD.contribution_month).where(_of_run(run), _RECORD.kind.in_(WHOLE))
    return session.scalars(months.distinct().order_by(_RECORD.contribution_month)).all()


def _of_run(run: LevyRun) -> ColumnElement[bool]:
    """Return the condition that a record is of a run, by the columns that records lie by."""
    return and_(
        _RECORD.region_code == run.region_code,
        _RECORD.contribution_month.between(run.contribution_month, run.through_month),
        _RECORD.levy_run_id == run.id,
    )
