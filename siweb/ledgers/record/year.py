"""A person's year in the five insurances: one line per insurance with twelve marks.

All rows of a month add up, corrections and reversals included (see `RecordKind`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, String, bindparam, select, type_coerce
from sqlalchemy.orm import Session

from siweb.ledgers.lookup import of_person, twelve_months
from siweb.ledgers.mark_state import PAID_STATES, MarkState
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.calendar.months import add_months, month_of


class MonthMark(NamedTuple):
    """One month of one insurance; amounts in fen, all rows of the month added up."""

    month: str
    state: MarkState
    declared_base_fen: int = 0
    base_fen: int = 0
    employer_fen: int = 0
    employee_fen: int = 0
    account_fen: int = 0
    unpaid_fen: int = 0
    # The employers of the month, joined by "、"; empty for flexible workers.
    employer_name: str = ""


class EnrolmentSpan(NamedTuple):
    """From when to when a person takes part in one insurance; `to_month` None is still open."""

    insurance: Insurance
    scheme: Scheme
    region_code: str
    employer_name: str
    from_month: str
    to_month: str | None
    employer_id: int | None = None
    employer_uscc: str | None = None

    def covers(self, month: str) -> bool:
        """Return whether the person takes part in `month`."""
        return self.from_month <= month and (self.to_month is None or month <= self.to_month)

    def years(self, this_year: int) -> range:
        """Return the calendar years of it up to this one."""
        last = int(self.to_month[:4]) if self.to_month else this_year
        return range(int(self.from_month[:4]), min(last, this_year) + 1)


@dataclass(frozen=True, slots=True)
class InsuranceYear:
    """One insurance's twelve marks and their sums in fen."""

    insurance: Insurance
    months: tuple[MonthMark, ...]
    months_paid: int
    base_fen: int
    employer_fen: int
    employee_fen: int
    unpaid_fen: int

    @property
    def latest(self) -> MonthMark | None:
        """Return the last month with something recorded, or None."""
        return next((mark for mark in reversed(self.months) if mark.base_fen), None)


@dataclass(frozen=True, slots=True)
class YearRecord:
    """The five insurances in their fixed order, and the sums over all of them in fen."""

    person_id: int
    year: int
    insurances: tuple[InsuranceYear, ...]
    enrolments: tuple[EnrolmentSpan, ...]
    employer_fen: int
    employee_fen: int
    unpaid_fen: int

    def mark(self, insurance: Insurance, month: str) -> MonthMark:
        """Return the mark of one insurance and month of this year."""
        line = next(line for line in self.insurances if line.insurance is insurance)
        return line.months[int(month[5:]) - 1]

    @property
    def states(self) -> set[MarkState]:
        """Return the states that occur in this year."""
        return {mark.state for line in self.insurances for mark in line.months}

    @property
    def is_empty(self) -> bool:
        """Return whether the person was neither enrolled nor recorded in this year."""
        return self.states == {MarkState.NOT_ENROLLED}


# Built once, over the tables themselves: making a statement anew for each request, or asking the
# mapper about plain columns, costs as much as running it. Days come back as plain text for the
# same reason.
_record, _enrolment = ContributionRecord.__table__.c, Enrolment.__table__.c
_employer = Employer.__table__.c
_RECORDS = (
    select(
        _record.insurance,
        _record.contribution_month,
        _record.kind,
        _record.declared_base_fen,
        _record.base_fen,
        _record.employer_fen,
        _record.employee_fen,
        _record.account_fen,
        type_coerce(_record.paid_on, String()),
        _employer.name,
    )
    .outerjoin(Employer.__table__, _employer.id == _record.employer_id)
    .where(
        of_person(bindparam("person_id"), twelve_months("january")),
        is_issued(),
    )
    .order_by(_record.recorded_at, _record.sequence, _record.insuring_employer_id)
)
_ENROLMENTS = (
    select(
        _enrolment.insurance,
        _enrolment.scheme,
        _enrolment.region_code,
        _employer.name,
        _enrolment.from_month,
        _enrolment.to_month,
        _enrolment.employer_id,
        _employer.uscc,
    )
    .outerjoin(Employer.__table__, _employer.id == _enrolment.employer_id)
    .where(is_of(_enrolment.person_id, bindparam("person_id")))
    .order_by(
        _enrolment.from_month,
        _enrolment.insurance,
        _enrolment.sequence,
        _enrolment.region_code,
        _enrolment.insuring_employer_id,
    )
)


def load_year(session: Session, person_id: int, year: int, *, on: date) -> YearRecord:
    """Return the record of a calendar year as it stands on a day; two statements.

    A month that has nothing recorded is not due, never missing, while it is not over on `on`, or
    its levy has still to come.
    """
    found: dict[tuple[str, str], list[Any]] = {}
    span = {"person_id": person_id, "january": year * 100 + 1}
    connection = session.connection()
    for row in connection.execute(_RECORDS, span).all():
        found.setdefault((row[0], row[1]), []).append(row)
    enrolments = load_enrolments(connection, person_id)
    months = tuple(f"{year:04}-{number:02}" for number in range(1, 13))
    open_from = first_open_month(month_of(on), (month for _, month in found))
    lines = []
    for insurance in Insurance:
        spans = [span for span in enrolments if span.insurance is insurance]
        marks = tuple(
            mark_of(found[insurance.value, month], month)
            if (insurance.value, month) in found
            else mark_without_rows(spans, month, open_from)
            for month in months
        )
        lines.append(_insurance_year(insurance, marks))
    return YearRecord(
        person_id,
        year,
        tuple(lines),
        enrolments,
        sum(line.employer_fen for line in lines),
        sum(line.employee_fen for line in lines),
        sum(line.unpaid_fen for line in lines),
    )


def load_enrolments(connection: Connection, person_id: int) -> tuple[EnrolmentSpan, ...]:
    """Return every enrolment of a person, the oldest first; one statement."""
    return tuple(
        EnrolmentSpan(row[0], row[1], row[2], row[3] or "", *row[4:])
        for row in connection.execute(_ENROLMENTS, {"person_id": person_id}).all()
    )


def mark_of(rows: Sequence[Any], month: str) -> MonthMark:
    """Return the mark of a month from its rows, as the statement of this file selects them."""
    if len(rows) == 1:
        _, _, kind, declared, base, employer, employee, account, paid_on, name = rows[0]
        unpaid = 0 if paid_on else employer + employee
        state = state_of_one(kind, paid_on is not None)
        return MonthMark(
            month, state, declared, base, employer, employee, account, unpaid, name or ""
        )
    declared, base, employer, employee, account = (
        sum(row[column] for row in rows) for column in range(3, 8)
    )
    unpaid = sum(row[5] + row[6] for row in rows if row[8] is None)
    names = "、".join(dict.fromkeys(row[9] for row in rows if row[9]))
    paid = [(row[2], row[8] is not None) for row in rows]
    state = state_of(paid, base, employer, employee, unpaid)
    return MonthMark(
        month, state, declared, base, employer, employee, account, max(unpaid, 0), names
    )


def state_of_one(kind: str, is_paid: bool) -> MarkState:
    """Return how a month looks that has one row."""
    if not is_paid:
        return MarkState.UNPAID
    return MarkState.BACK_PAID if kind == RecordKind.BACK_PAYMENT else MarkState.PAID


def state_of(
    rows: Sequence[tuple[str, bool]], base: int, employer: int, employee: int, unpaid: int
) -> MarkState:
    """Return how a month looks that has several rows: kind and paid or not of each, and sums."""
    # Before what is open: a month taken back and back-billed at nothing is no debt.
    if not (base or employer or employee):
        return MarkState.MISSING  # all of it was taken back
    if unpaid > 0 or not any(is_paid for _, is_paid in rows):
        return MarkState.UNPAID
    is_late = any(kind == RecordKind.BACK_PAYMENT for kind, _ in rows)
    return MarkState.BACK_PAID if is_late else MarkState.PAID


def first_open_month(this_month: str, recorded: Iterable[str]) -> str:
    """Return the first month of which nothing can be missing yet, given the months with a record.

    Before its levy a month that has just ended is under way.
    """
    before = add_months(this_month, -1)
    # A levy comes in the month after: until it does, nobody says that the month is missing.
    return this_month if before in recorded else before


def mark_without_rows(spans: Iterable[EnrolmentSpan], month: str, open_from: str) -> MonthMark:
    """Return the mark of a month of one insurance in which nothing is recorded."""
    if not any(span.covers(month) for span in spans):
        return MonthMark(month, MarkState.NOT_ENROLLED)
    return MonthMark(month, MarkState.MISSING if month < open_from else MarkState.NOT_DUE)


def _insurance_year(insurance: Insurance, marks: tuple[MonthMark, ...]) -> InsuranceYear:
    return InsuranceYear(
        insurance,
        marks,
        sum(mark.state in PAID_STATES for mark in marks),
        sum(mark.base_fen for mark in marks),
        sum(mark.employer_fen for mark in marks),
        sum(mark.employee_fen for mark in marks),
        sum(mark.unpaid_fen for mark in marks),
    )
