"""What a proof of the books is about, and what it finds."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import Session

from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyRun, LevyState
from siweb.ledgers.tables.contribution_record import ContributionRecord

# One mistake may put out every row; the first hundred name it, and counting goes on.
MOST = 100
"""Findings named of each kind: more than these are one cause."""


@dataclass(frozen=True, slots=True)
class Imbalance:
    """Two figures, in fen, that should be the same."""

    what: str
    subject: str
    expected_fen: int
    found_fen: int

    def __str__(self) -> str:
        return (
            f"{self.subject}: {self.what}: expected {self.expected_fen} fen, "
            f"found {self.found_fen} fen"
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """A region and a contribution month; None is all of them."""

    region_code: str | None = None
    month: str | None = None

    def bills(self) -> ColumnElement[bool]:
        """Return the condition that a bill counts and is meant."""
        conditions: list[ColumnElement[bool]] = [Bill.issued_at.is_not(None)]
        if self.region_code is not None:
            conditions.append(Bill.region_code == self.region_code)
        if self.month is not None:
            conditions.append(Bill.contribution_month == self.month)
        return and_(*conditions)

    def runs(self) -> Select[Any]:
        """Return the ids of the issued runs that are meant."""
        query = select(LevyRun.id).where(LevyRun.state == LevyState.ISSUED)
        if self.region_code is not None:
            query = query.where(LevyRun.region_code == self.region_code)
        if self.month is not None:
            query = query.where(LevyRun.contribution_month == self.month)
        return query

    def only_run(self, session: Session) -> int | None:
        """Return the issued run that is meant, where there is one: a month has one most often."""
        # Two are enough to know that it is not one.
        runs = session.scalars(self.runs().limit(2)).all()
        return runs[0] if len(runs) == 1 else None

    def records(self, run_id: int | None = None) -> ColumnElement[bool]:
        """Return the condition that a record is of an issued run and meant.

        Region and month stand there for themselves: records lie by them. `run_id` is that of the
        only run that is meant, where it is known.
        """
        record = ContributionRecord
        run = record.levy_run_id
        conditions = [run.in_(self.runs()) if run_id is None else run == run_id]
        if self.region_code is not None:
            conditions.append(record.region_code == self.region_code)
        if self.month is not None:
            conditions.append(self.is_of_months(record.contribution_month))
        return and_(*conditions)

    def is_of_months(self, column: Any) -> ColumnElement[bool]:
        """Return the condition that a month is one that the issued runs of the month go through."""
        through = self.runs().with_only_columns(func.max(LevyRun.through_month))
        is_of: ColumnElement[bool] = column.between(self.month, through.scalar_subquery())
        return is_of

    def region(self, column: Any) -> ColumnElement[bool]:
        """Return the condition on a column of region codes."""
        return true() if self.region_code is None else column == self.region_code


_RECORD = ContributionRecord
RECORD_NAME = (
    _RECORD.region_code,
    _RECORD.contribution_month,
    _RECORD.person_id,
    _RECORD.insurance,
    _RECORD.employer_id,
    _RECORD.sequence,
)
"""What `record_name` asks for."""


def record_name(row: Any) -> str:
    """Return how a record is called: by region, month, person, insurance, employer and place."""
    employer = "-" if row.employer_id is None else row.employer_id
    return (
        f"contribution_record {row.region_code} {row.contribution_month} {row.person_id} "
        f"{row.insurance.value} {employer} {row.sequence}"
    )
