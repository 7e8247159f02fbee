"""One month of a person in the five insurances, row by row, with how the amounts came about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from siweb.clock import office_day
from siweb.ledgers.lookup import of_person
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.record.same_name import code_ends
from siweb.ledgers.record.year import (
    EnrolmentSpan,
    MonthMark,
    first_open_month,
    load_enrolments,
    mark_of,
    mark_without_rows,
)
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.employer import Employer
from siweb.rules.calendar.months import month_of, months_between
from siweb.rules.contributions.premium import explain_premium
from siweb.rules.errors import RuleError
from siweb.rules.explanation import Step
from siweb.rules.parameters.pack_set import PackSet


class RecordRow(NamedTuple):
    """One row of the record; amounts in fen. The first ten columns are those of a mark."""

    insurance: str
    month: str
    kind: str
    declared_base_fen: int
    base_fen: int
    employer_fen: int
    employee_fen: int
    account_fen: int
    paid_on: date | None
    employer_name: str | None
    scheme: str
    region_code: str
    injury_class: int | None
    injury_tier_ppm: int | None
    employer_id: int | None
    recorded_at: datetime
    employer_uscc: str | None
    levy_run_id: int | None
    sequence: int

    @property
    def recorded_on(self) -> date:
        """Return the day on which it was written."""
        return office_day(self.recorded_at)

    @property
    def months_after(self) -> int:
        """Return how many months after its own month it was paid; nothing while it is not."""
        return months_between(self.month, month_of(self.paid_on)) if self.paid_on else 0


@dataclass(frozen=True, slots=True)
class Worked:
    """Rates in ppm and the steps by which the parameters give exactly what was recorded."""

    employer_ppm: int
    employee_ppm: int
    collected_with: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class InsuranceMonth:
    """One insurance in the month; `worked` only when the parameters give these amounts.

    At several employers at once each insures work injury by its own base and rate (Order 13
    Art. 9): each is an entry of its own, numbered by `place`.
    """

    insurance: Insurance
    mark: MonthMark
    rows: tuple[RecordRow, ...]
    scheme: Scheme | None
    worked: Worked | None
    place: int = 1

    @property
    def employer_ids(self) -> set[int]:
        """Return the keys of the employers at which it was recorded."""
        return {row.employer_id for row in self.rows if row.employer_id is not None}


class EmployerOfMonth(NamedTuple):
    """An employer of the month; `code_end` where another of the month has the same name."""

    employer_id: int
    name: str
    code_end: str


@dataclass(frozen=True, slots=True)
class RecordMonth:
    """A month in the five insurances, and its sums over all of them in fen."""

    lines: tuple[InsuranceMonth, ...]
    # In the order of their first row; nobody for flexible workers.
    employers: tuple[EmployerOfMonth, ...]

    @property
    def recorded(self) -> list[MonthMark]:
        """Return the marks of what has something recorded."""
        return [line.mark for line in self.lines if line.rows]

    @property
    def employer_fen(self) -> int:
        """Return the employers' shares together."""
        return sum(mark.employer_fen for mark in self.recorded)

    @property
    def employee_fen(self) -> int:
        """Return the own shares together."""
        return sum(mark.employee_fen for mark in self.recorded)

    @property
    def unpaid_fen(self) -> int:
        """Return what is not paid yet."""
        return sum(mark.unpaid_fen for mark in self.recorded)


_ROWS = (
    select(
        ContributionRecord.insurance,
        ContributionRecord.contribution_month,
        ContributionRecord.kind,
        ContributionRecord.declared_base_fen,
        ContributionRecord.base_fen,
        ContributionRecord.employer_fen,
        ContributionRecord.employee_fen,
        ContributionRecord.account_fen,
        ContributionRecord.paid_on,
        Employer.name,
        ContributionRecord.scheme,
        ContributionRecord.region_code,
        Employer.injury_class,
        Employer.injury_tier_ppm,
        ContributionRecord.employer_id,
        ContributionRecord.recorded_at,
        Employer.uscc,
        ContributionRecord.levy_run_id,
        ContributionRecord.sequence,
    )
    .outerjoin(Employer, Employer.id == ContributionRecord.employer_id)
    .where(
        of_person(
            bindparam("person_id"),
            [bindparam("month", type_=ContributionRecord.contribution_month.type)],
        ),
        is_issued(),
    )
    .order_by(
        ContributionRecord.recorded_at,
        ContributionRecord.sequence,
        ContributionRecord.insurance,
        ContributionRecord.insuring_employer_id,
    )
)


def load_month(
    session: Session, person_id: int, month: str, packs: PackSet, *, on: date
) -> RecordMonth:
    """Return the five insurances of a month in their order; two statements."""
    key = {"person_id": person_id, "month": month}
    rows = [RecordRow._make(row) for row in session.execute(_ROWS, key)]
    enrolments = load_enrolments(session.connection(), person_id)
    open_from = first_open_month(month_of(on), {row.month for row in rows})
    lines = tuple(
        replace(line, place=place)
        for insurance in Insurance
        for place, line in enumerate(
            (
                _insurance_month(
                    insurance,
                    month,
                    of_employer,
                    [span for span in enrolments if span.insurance is insurance],
                    packs,
                    open_from,
                )
                for of_employer in _by_employer(
                    insurance, [row for row in rows if row.insurance == insurance.value]
                )
            ),
            1,
        )
    )
    return RecordMonth(lines, _employers(lines))


def _employers(lines: Sequence[InsuranceMonth]) -> tuple[EmployerOfMonth, ...]:
    rows = [row for line in lines for row in line.rows]
    ends = code_ends((row.employer_id, row.employer_name, row.employer_uscc) for row in rows)
    names = {
        row.employer_id: row.employer_name
        for row in rows
        if row.employer_id is not None and row.employer_name
    }
    return tuple(EmployerOfMonth(key, name, ends.get(key, "")) for key, name in names.items())


def _by_employer(insurance: Insurance, rows: list[RecordRow]) -> list[tuple[RecordRow, ...]]:
    """Return the rows that make one entry together.

    A month that was moved to another employer stays one entry, with what was taken back in it.
    """
    found: dict[int | None, list[RecordRow]] = {}
    for row in rows:
        found.setdefault(row.employer_id, []).append(row)
    still = [
        of_employer for of_employer in found.values() if sum(row.base_fen for row in of_employer)
    ]
    # Only injury is insured by each of several employers (Order 13 Art. 9).
    if insurance is not Insurance.WORK_INJURY or len(still) < 2:  # noqa: PLR2004 - a second one
        return [tuple(rows)]
    return [tuple(of_employer) for of_employer in still]


def _insurance_month(
    insurance: Insurance,
    month: str,
    rows: tuple[RecordRow, ...],
    spans: Sequence[EnrolmentSpan],
    packs: PackSet,
    open_from: str,
) -> InsuranceMonth:
    if not rows:
        mark = mark_without_rows(spans, month, open_from)
        scheme = next((span.scheme for span in spans if span.covers(month)), None)
        return InsuranceMonth(insurance, mark, (), scheme, None)
    mark = mark_of([row[:10] for row in rows], month)
    # By the first row: those behind it are differences, which no rule gives by itself.
    return InsuranceMonth(insurance, mark, rows, Scheme(rows[0].scheme), _work_out(rows[0], packs))


def _work_out(row: RecordRow, packs: PackSet) -> Worked | None:
    """Return how the month's own row came about, or None when other parameters were at work."""
    # The class that the employer has now: where it had another one, the amounts differ below and
    # no steps are shown.
    injury: dict[str, Any] = {}
    if row.injury_class is not None and row.injury_tier_ppm is not None:
        injury = {"injury_class": row.injury_class, "injury_tier": row.injury_tier_ppm}
    try:
        in_force = packs.parameters(row.region_code, row.month)
        terms = in_force.premium_terms(row.insurance, row.scheme, **injury)
        collected_with = in_force.collected_with(row.insurance, row.scheme)
    except RuleError:
        return None
    found = explain_premium(terms, row.declared_base_fen)
    recorded = row.base_fen, row.employer_fen, row.employee_fen
    # Steps that do not end at what was recorded would explain something else.
    if (found.value.base, found.value.employer, found.value.employee) != recorded:
        return None
    return Worked(terms.employer_rate, terms.employee_rate, collected_with, found.steps)
