"""A person's record over the years: twelve marks of five insurances for each, and their sums.

What is one month of one insurance is added up in the database; thirty years are 1,800 of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from siweb.ledgers.account.transfer import segments_of
from siweb.ledgers.lookup import of_person
from siweb.ledgers.mark_state import PAID_STATES, MarkState
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.record.same_name import code_ends
from siweb.ledgers.record.year import (
    EnrolmentSpan,
    first_open_month,
    load_enrolments,
    mark_without_rows,
    state_of,
    state_of_one,
)
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.ledgers.tables.transfer_segment import Direction, TransferSegment
from siweb.registry.codes import Insurance
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import add_months, month_of

Marks = Mapping[Insurance, tuple[MarkState, ...]]


class YearLine(NamedTuple):
    """One year: the twelve marks of each insurance."""

    year: int
    marks: Marks

    def count(self, insurance: Insurance, *states: MarkState) -> int:
        """Return how many months of an insurance are in one of some states."""
        return sum(state in states for state in self.marks[insurance])

    def paid(self, insurance: Insurance) -> int:
        """Return how many months of an insurance are paid."""
        return self.count(insurance, *PAID_STATES)


class Employment(NamedTuple):
    """An employer, or nobody ("") who paid alone, and the months of pension paid there.

    `code_end` is the end of its credit code, where another one of this record has the same name.
    """

    employer_name: str
    first: str
    last: str
    months: int
    code_end: str = ""


class Gap(NamedTuple):
    """Months on end in which some insurances have nothing; both ends lie in it."""

    first: str
    last: str
    insurances: tuple[Insurance, ...]


class Years(NamedTuple):
    """A record over the years, the newest first; `missing` was owed, `breaks` lie between jobs."""

    lines: tuple[YearLine, ...]
    employments: tuple[Employment, ...]
    missing: tuple[Gap, ...]
    breaks: tuple[Gap, ...]
    segments: Sequence[TransferSegment]
    deemed_months: int

    def paid(self, insurance: Insurance) -> int:
        """Return how many months of an insurance were paid here in all (累计缴费月数)."""
        return sum(line.paid(insurance) for line in self.lines)

    @property
    def moved_months(self) -> int:
        """Return the months of pension that came from elsewhere, less those that went along."""
        return sum(
            segment.months if segment.direction == Direction.IN else -segment.months
            for segment in self.segments
        )

    @property
    def counted_months(self) -> int:
        """Return the months that count for a pension: paid, moved here, counted by law."""
        # Months that went along may be more than are left here: that is none, not fewer.
        return max(0, self.paid(Insurance.PENSION) + self.deemed_months + self.moved_months)

    @property
    def span(self) -> tuple[str, str] | None:
        """Return the first and the last month with a mark, or None without any."""
        marked = [
            f"{line.year:04}-{place + 1:02}"
            for line in self.lines
            for place in range(12)
            if any(
                states[place] not in (MarkState.NOT_ENROLLED, MarkState.NOT_DUE)
                for states in line.marks.values()
            )
        ]
        return (min(marked), max(marked)) if marked else None


class _Sum(NamedTuple):
    """What is recorded of a month at an employer: fen, how many rows, and two flags."""

    insurance: Insurance
    month: str
    employer_id: int | None
    employer_name: str | None
    employer_uscc: str | None
    rows: int
    base: int
    employer: int
    employee: int
    unpaid: int
    is_paid: int
    is_late: int


_record = ContributionRecord
_IS_PAID = _record.paid_on.is_not(None)
_SUMS = (
    select(
        _record.insurance,
        _record.contribution_month,
        _record.employer_id,
        Employer.name,
        Employer.uscc,
        func.count(),
        func.sum(_record.base_fen),
        func.sum(_record.employer_fen),
        func.sum(_record.employee_fen),
        func.sum(case((_IS_PAID, 0), else_=_record.employer_fen + _record.employee_fen)),
        func.max(case((_IS_PAID, 1), else_=0)),
        func.max(case((_record.kind == RecordKind.BACK_PAYMENT, 1), else_=0)),
    )
    .outerjoin(Employer, Employer.id == _record.employer_id)
    .where(of_person(bindparam("person_id")), is_issued())
    .group_by(
        _record.insurance,
        _record.contribution_month,
        _record.employer_id,
        Employer.name,
        Employer.uscc,
    )
    .order_by(_record.insurance, _record.contribution_month, _record.employer_id)
)


def load_years(session: Session, person_id: int, *, on: date) -> Years:
    """Return the years with a record or an enrolment, as they stand on a day; four statements."""
    sums = [_Sum._make(row) for row in session.execute(_SUMS, {"person_id": person_id})]
    spans = load_enrolments(session.connection(), person_id)
    found = {
        key: list(rows) for key, rows in groupby(sums, lambda each: (each.insurance, each.month))
    }
    years = {int(each.month[:4]) for each in sums}
    for span in spans:
        years.update(span.years(on.year))
    open_from = first_open_month(month_of(on), (month for _, month in found))
    lines = tuple(_line(year, found, spans, open_from) for year in sorted(years, reverse=True))
    deemed = session.scalar(select(Person.deemed_months).where(Person.id == person_id))
    return Years(
        lines,
        _employments(sums),
        _runs(lines, MarkState.MISSING),
        _between(lines),
        segments_of(session, person_id),
        deemed or 0,
    )


def _line(
    year: int,
    found: Mapping[tuple[Insurance, str], Sequence[_Sum]],
    spans: Iterable[EnrolmentSpan],
    open_from: str,
) -> YearLine:
    months = [f"{year:04}-{number:02}" for number in range(1, 13)]
    marks: dict[Insurance, tuple[MarkState, ...]] = {}
    for insurance in Insurance:
        own = [span for span in spans if span.insurance is insurance]
        states = []
        for month in months:
            sums = found.get((insurance, month))
            if sums is None:
                states.append(mark_without_rows(own, month, open_from).state)
                continue
            states.append(_state(sums))
        marks[insurance] = tuple(states)
    return YearLine(year, marks)


def _state(sums: Sequence[_Sum]) -> MarkState:
    """Return how a month looks, from its rows that are added up by employer."""
    # Of the kinds only this difference shows in the state of a month.
    kinds = [RecordKind.BACK_PAYMENT if each.is_late else RecordKind.REGULAR for each in sums]
    paid = [bool(each.is_paid) for each in sums]
    if len(sums) == 1 and sums[0].rows == 1:
        return state_of_one(kinds[0], paid[0])
    base, employer, employee = (
        sum(each.base for each in sums),
        sum(each.employer for each in sums),
        sum(each.employee for each in sums),
    )
    unpaid = sum(each.unpaid for each in sums)
    return state_of(list(zip(kinds, paid, strict=True)), base, employer, employee, unpaid)


def _employments(sums: Iterable[_Sum]) -> tuple[Employment, ...]:
    """Return where pension was paid, the latest first."""
    # By the employer and not by its name, which two of them may share.
    paid: dict[int | None, list[_Sum]] = {}
    for each in sums:
        # A month counts when what is recorded adds up to a base and nothing of it is open.
        if each.insurance is Insurance.PENSION and each.base > 0 >= each.unpaid:
            paid.setdefault(each.employer_id, []).append(each)
    ends = code_ends(
        (rows[0].employer_id, rows[0].employer_name, rows[0].employer_uscc)
        for rows in paid.values()
    )
    found = [
        Employment(
            rows[0].employer_name or "",
            rows[0].month,
            rows[-1].month,
            len(rows),
            ends.get(employer_id or 0, ""),
        )
        for employer_id, rows in paid.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.last, each.first), reverse=True))


def _runs(lines: Sequence[YearLine], state: MarkState) -> tuple[Gap, ...]:
    """Return the months on end that are in a state, the latest first.

    What lacks the same months in several insurances is one gap: people question it once.
    """
    found: dict[tuple[str, str], list[Insurance]] = {}
    for insurance in Insurance:
        months = [month for month, each in _months(lines, insurance) if each is state]
        for first, last in _stretches(months):
            found.setdefault((first, last), []).append(insurance)
    gaps = [Gap(*months, tuple(insurances)) for months, insurances in found.items()]
    return tuple(sorted(gaps, reverse=True))


def _stretches(months: Sequence[str]) -> list[tuple[str, str]]:
    """Return first and last month of those that follow each other."""
    found: list[tuple[str, str]] = []
    for month in months:
        if found and add_months(found[-1][1], 1) == month:
            found[-1] = found[-1][0], month
        else:
            found.append((month, month))
    return found


def _between(lines: Sequence[YearLine]) -> tuple[Gap, ...]:
    """Return the months without pension insurance between the first paid one and the last."""
    paid = [month for month, state in _months(lines, Insurance.PENSION) if state in PAID_STATES]
    if not paid:
        return ()
    inside = [
        line._replace(
            marks={
                Insurance.PENSION: tuple(
                    state
                    if paid[0] < f"{line.year:04}-{place:02}" < paid[-1]
                    else MarkState.NOT_DUE
                    for place, state in enumerate(line.marks[Insurance.PENSION], 1)
                )
            }
        )
        for line in lines
    ]
    # A year without a line lies between two others: nobody was insured in it.
    present = {line.year for line in inside}
    for year in range(int(paid[0][:4]), int(paid[-1][:4])):
        if year not in present:
            none: Marks = {Insurance.PENSION: (MarkState.NOT_ENROLLED,) * 12}
            inside.append(YearLine(year, none))
    return _runs(sorted(inside, reverse=True), MarkState.NOT_ENROLLED)


def _months(lines: Sequence[YearLine], insurance: Insurance) -> list[tuple[str, MarkState]]:
    """Return each month of an insurance with its state, the oldest first."""
    return [
        (f"{line.year:04}-{place:02}", state)
        for line in reversed(lines)
        for place, state in enumerate(line.marks.get(insurance, ()), 1)
    ]
