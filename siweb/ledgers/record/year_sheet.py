"""What a page shows of a year: how each month looks and the sums, without each month's amounts.

`siweb.ledgers.record.year` says the same with the amounts of every month; this is the short way,
for the page that everybody opens.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, and_, bindparam, not_, select, type_coerce

from siweb.db.codes import CODES
from siweb.db.prepared import Prepared
from siweb.ledgers.lookup import of_person, twelve_months
from siweb.ledgers.mark_state import PAID_STATES, MarkState
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.record.json_rows import json_rows
from siweb.ledgers.record.year import (
    EnrolmentSpan,
    first_open_month,
    load_enrolments,
    mark_without_rows,
    state_of,
    state_of_one,
)
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.registry.codes import Insurance
from siweb.rules.calendar.months import month_of


class InsuranceSheet(NamedTuple):
    """One insurance's twelve states and its sums in fen; the last base that is recorded, or 0."""

    insurance: Insurance
    states: tuple[MarkState, ...]
    months_paid: int
    last_base_fen: int
    employer_fen: int
    employee_fen: int
    unpaid_fen: int


class YearSheet(NamedTuple):
    """The five insurances in their fixed order, and the sums over all of them in fen."""

    year: int
    lines: tuple[InsuranceSheet, ...]
    employer_fen: int
    employee_fen: int
    unpaid_fen: int
    states: frozenset[MarkState]
    # The nearest years that have something; None where there is none.
    before: int | None
    after: int | None

    @property
    def is_empty(self) -> bool:
        """Return whether the person was neither enrolled nor recorded in this year."""
        return self.states == {MarkState.NOT_ENROLLED}


# The rows come as JSON, past the columns' types: words as their numbers, months as YYYYMM.
_INSURANCES = {CODES["insurance"][insurance.value]: insurance for insurance in Insurance}
_KINDS = {CODES["record_kind"][kind.value]: kind for kind in RecordKind}
# SQLite has numbers for true and false; both find the same here.
_STATES = {
    (number, is_paid): state_of_one(kind, is_paid)
    for number, kind in _KINDS.items()
    for is_paid in (False, True)
}
_record = ContributionRecord.__table__.c
_first = bindparam("january", type_=Integer())
_YEAR = 100
"""A month is the number YYYYMM."""
# From a January to the December before it and to the January after it.
_BESIDE = (-89, 100)
_ROWS = select(
    json_rows(
        _record.insurance,
        _record.contribution_month,
        _record.kind,
        _record.paid_on.is_not(None),
        _record.base_fen,
        _record.employer_fen,
        _record.employee_fen,
    )
).where(
    of_person(bindparam("person_id"), twelve_months("january", *_BESIDE)),
    # One row of a month beside the year tells that the neighbour year is there. Who has no pension
    # in it is asked for by a statement of its own: this one is read for every page of a year.
    # Not as "in the year or a pension": of two ways in, SQLite took both, and read every record of
    # the region for the second, where its statistics told of few months.
    not_(
        and_(
            ~type_coerce(_record.contribution_month, Integer()).between(_first, _first + 11),
            _record.insurance != Insurance.PENSION,
        )
    ),
    is_issued(),
)
_SHEET = Prepared(_ROWS)
_RECORDED_YEARS = (
    select(type_coerce(_record.contribution_month, Integer()) // _YEAR)
    .where(of_person(bindparam("person_id")), is_issued())
    .distinct()
)


def load_sheet(connection: Connection, person_id: int, year: int, *, on: date) -> YearSheet:
    """Return a calendar year as it stands on a day; one statement for most people.

    A second one when a month has no row, a third at the first or last year of a record.
    """
    lines, beside = _load(connection, person_id, year, on)
    return YearSheet(
        year,
        lines,
        sum([line.employer_fen for line in lines]),
        sum([line.employee_fen for line in lines]),
        sum([line.unpaid_fen for line in lines]),
        frozenset().union(*[line.states for line in lines]),
        *_neighbours(connection, person_id, year, beside, on),
    )


def load_lines(
    connection: Connection, person_id: int, year: int, *, on: date
) -> tuple[InsuranceSheet, ...]:
    """Return the insurances of a calendar year alone; one statement, or two as `load_sheet`."""
    return _load(connection, person_id, year, on)[0]


def _load(
    connection: Connection, person_id: int, year: int, on: date
) -> tuple[tuple[InsuranceSheet, ...], set[int]]:
    """Return a year's insurances, and which of the years beside it have something."""
    months = _months(year)
    january = year * _YEAR + 1
    found: dict[int, dict[int, list[Any]]] = {insurance: {} for insurance in _INSURANCES}
    beside = set()
    sheet = _SHEET.first(connection, {"person_id": person_id, "january": january})
    for row in (sheet and sheet[0]) or ():
        month = row[1]
        if january <= month <= january + 11:
            of_insurance = found[row[0]]
            if month in of_insurance:
                of_insurance[month].append(row)
            else:
                of_insurance[month] = [row]
        else:
            beside.add(month // _YEAR)
    # Twelve months of all five, as most people have: no enrolment could say anything more.
    if all(len(rows) == len(months) for rows in found.values()):
        lines = [_line(_INSURANCES[number], months, rows, {}) for number, rows in found.items()]
        return tuple(lines), beside
    spans = load_enrolments(connection, person_id)
    recorded = {months[month] for rows in found.values() for month in rows}
    open_from = first_open_month(month_of(on), recorded)
    return tuple(
        [
            _line(insurance, months, rows, _without_rows(insurance, months, rows, spans, open_from))
            for insurance, rows in zip(_INSURANCES.values(), found.values(), strict=True)
        ]
    ), beside


def _neighbours(
    connection: Connection, person_id: int, year: int, beside: set[int], on: date
) -> tuple[int | None, int | None]:
    """Return the nearest years before and after one that have something; those beside are known."""
    before, after = year - 1, year + 1
    if before in beside and (after in beside or year >= on.year):
        return before, after if after in beside else None
    years = set(connection.scalars(_RECORDED_YEARS, {"person_id": person_id}))
    for span in load_enrolments(connection, person_id):
        years.update(span.years(on.year))
    return (
        max((other for other in years if other < year), default=None),
        min((other for other in years if other > year), default=None),
    )


@lru_cache(maxsize=64)
def _months(year: int) -> dict[int, str]:
    return {year * _YEAR + number: f"{year:04}-{number:02}" for number in range(1, 13)}


def _without_rows(
    insurance: Insurance,
    months: Mapping[int, str],
    found: Mapping[int, Any],
    spans: Sequence[EnrolmentSpan],
    open_from: str,
) -> dict[int, MarkState]:
    if len(found) == len(months):
        return {}
    own = [span for span in spans if span.insurance is insurance]
    return {
        number: mark_without_rows(own, month, open_from).state
        for number, month in months.items()
        if number not in found
    }


def _line(
    insurance: Insurance,
    months: Iterable[int],
    found: Mapping[int, list[Any]],
    others: Mapping[int, MarkState],
) -> InsuranceSheet:
    states = []
    last_base = employer_sum = employee_sum = unpaid_sum = 0
    for month in months:
        rows = found.get(month)
        if rows is None:
            states.append(others[month])
            continue
        if len(rows) == 1:
            _, _, kind, is_paid, base, employer, employee = rows[0]
            unpaid = 0 if is_paid else employer + employee
            states.append(_STATES[kind, is_paid])
        else:
            base, employer, employee = (sum(row[column] for row in rows) for column in (4, 5, 6))
            # What was taken back and is not settled yet is open below zero, and is no debt.
            unpaid = max(sum(row[5] + row[6] for row in rows if not row[3]), 0)
            paid = [(_KINDS[row[2]], row[3]) for row in rows]
            states.append(state_of(paid, base, employer, employee, unpaid))
        # A month of which all was taken back has no base: the last real one is shown.
        last_base = base or last_base
        employer_sum += employer
        employee_sum += employee
        unpaid_sum += unpaid
    months_paid = sum([state in PAID_STATES for state in states])
    return InsuranceSheet(
        insurance, tuple(states), months_paid, last_base, employer_sum, employee_sum, unpaid_sum
    )
