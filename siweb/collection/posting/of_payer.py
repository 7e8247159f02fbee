"""The adjustments of one payer: how many rows of each line are to stand, and which."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import Session

from siweb.collection.posting.waiting import PILE, WITHHELD, credits_waiting, placed_rows
from siweb.db.among import among, numbers_named
from siweb.db.arithmetic import whole
from siweb.ledgers.lookup import is_not_levied
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance


@dataclass(frozen=True, slots=True)
class LineState:
    """An adjustment's line, what is to be done with its rows, and what of them stands."""

    line: int
    insurance: Insurance
    is_paid: bool
    to_mark: int
    to_take_back: int
    rows: int
    stands: int
    stands_fen: int

    @property
    def stands_whole(self) -> bool:
        """Return whether the line stands as it is, with the fen of a rounded total."""
        return self.is_paid and self.stands == self.rows


def states_of(session: Session, *, is_employer: bool, values: dict[str, Any]) -> list[LineState]:
    """Return how many rows of each line stand, and are marked otherwise than they are to be."""
    found = session.execute(_states_of_payer(is_employer=is_employer), values)
    return [
        LineState(line, insurance, is_paid == 1, mark, take_back, of, int(stands), int(fen))
        for line, insurance, is_paid, mark, take_back, of, stands, fen in found
    ]


@cache
def _rows_of_payer(*, is_employer: bool) -> Subquery:
    """Return the rows of the adjustments of one payer; built once, since that takes longer."""
    return placed_rows(_piles_of_payer(is_employer=is_employer), WITHHELD)


@cache
def waiting_of_payer(*, is_employer: bool) -> Select[Any]:
    """Return the statement that asks what of one payer's credits waits, by parameters."""
    return credits_waiting(_piles_of_payer(is_employer=is_employer))


@cache
def _states_of_payer(*, is_employer: bool) -> Select[Any]:
    row = _rows_of_payer(is_employer=is_employer).c
    is_marked = row.paid_on.is_not(None)
    return (
        select(
            row.line,
            row.insurance,
            func.max(row.is_paid),
            func.count(case((and_(row.stands == 1, ~is_marked), 1))),
            func.count(case((and_(row.stands == 0, is_marked), 1))),
            func.count(),
            func.sum(row.stands),
            func.sum(row.stands * row.fen),
        )
        .group_by(row.line, row.insurance)
        .order_by(row.line)
    )


def those_that_stand(
    session: Session, of: LineState, *, is_employer: bool, values: dict[str, Any]
) -> ColumnElement[bool]:
    """Return the condition that a record of a line's scope stands; a list, asked for once.

    The windows in the statements that write would be worked out for each of them.
    """
    # All or none, as nearly always: no list is needed.
    if of.stands in {0, of.rows}:
        return true() if of.stands else false()
    row = _rows_of_payer(is_employer=is_employer).c
    standing = select(_number_of(row)).where(
        row.stands == 1, row.line == of.line, row.insurance == of.insurance
    )
    numbers = session.scalars(standing, values).all()
    return among(_number_of(ContributionRecord), numbers)


def _number_of(record: Any) -> ColumnElement[int]:
    """Return a person and a month as one number: a run has one row of each on a pile."""
    month = type_coerce(record.contribution_month, Integer())
    number: ColumnElement[int] = whole(record.person_id) * literal_column("1000000") + month
    return number


def _piles_of_payer(*, is_employer: bool) -> Select[Any]:
    """Return the piles of a payer's people on which an adjustment has a row, by parameters."""
    record, given = ContributionRecord, bindparam("payer", type_=Integer())
    payer = (
        record.employer_id == given
        if is_employer
        else and_(record.employer_id.is_(None), record.person_id == given)
    )
    return select(*(getattr(record, name) for name in PILE)).where(
        record.region_code == bindparam("region", type_=record.region_code.type),
        among(type_coerce(record.contribution_month, Integer()), numbers_named("months")),
        payer,
        # These are few, and an index leads to them; no month's own levy needs the register here.
        is_not_levied(),
        record.levy_run_id.is_not(None),
    )
