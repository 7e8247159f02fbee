"""What was paid in for a person month by month, and the stretches that these months make."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from siweb.ledgers.lookup import of_person
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.record.same_name import code_ends, named_apart
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.registry.tables.employer import Employer
from siweb.rules.calendar.months import add_months

_record = ContributionRecord


class PaidMonth(NamedTuple):
    """One month at one employer, or of one's own (""): what was paid in, in fen.

    `base_fen` is that of the pension insurance where it was paid, else the highest.
    """

    month: str
    employer_name: str
    insurances: tuple[Insurance, ...]
    base_fen: int
    employer_fen: int
    employee_fen: int
    # Two firms may have one name: their months are told apart by this.
    employer_id: int | None = None


class Segment(NamedTuple):
    """Months one after the other at the same employer in the same insurances."""

    first: str
    last: str
    months: int
    employer_name: str
    insurances: tuple[Insurance, ...]
    employer_fen: int
    employee_fen: int


def paid_months(session: Session, person_id: int, months: Sequence[str]) -> list[PaidMonth]:
    """Return what was paid for some months, in their order; one statement.

    A month counts when what is recorded adds up to a base, nothing of it is open and something of
    it is paid: maternity that is collected with medical owes nothing of its own, paid or not.
    """
    employer = (_record.employer_id, Employer.name, Employer.uscc)
    of_month = (_record.contribution_month, *employer, _record.insurance)
    owed = _record.employer_fen + _record.employee_fen
    base = func.sum(_record.base_fen)
    rows = session.execute(
        select(
            _record.contribution_month,
            func.coalesce(Employer.name, ""),
            _record.insurance,
            base,
            func.sum(_record.employer_fen),
            func.sum(_record.employee_fen),
            _record.employer_id,
            Employer.uscc,
        )
        .outerjoin(Employer, Employer.id == _record.employer_id)
        .where(of_person(person_id, months), is_issued())
        .group_by(*of_month)
        .having(
            base > 0,
            # Not "= 0": what was taken back and not settled yet is open below zero, and is no debt.
            func.sum(case((_record.paid_on.is_(None), owed), else_=0)) <= 0,
            func.max(case((_record.paid_on.is_not(None), 1), else_=0)) == 1,
        )
        .order_by(*of_month)
    ).all()
    # Whoever reads the paper must not take two firms of one name for one.
    ends = code_ends((row[6], row[1], row[7]) for row in rows)
    return [
        _month(month, named_apart(name, ends.get(key, "")), list(of_insurances))
        for (month, name, key), of_insurances in groupby(rows, lambda row: (row[0], row[1], row[6]))
    ]


def segments_of(paid: Iterable[PaidMonth]) -> list[Segment]:
    """Return the stretches of some months, in the order in which they begin."""
    same: dict[tuple[object, ...], list[PaidMonth]] = {}
    for each in paid:
        payer = (each.employer_name, each.employer_id)
        same.setdefault((*payer, each.insurances), []).append(each)
    found = [_segment(stretch) for months in same.values() for stretch in _stretches(months)]
    return sorted(found)


def count_by_insurance(paid: Iterable[PaidMonth]) -> dict[Insurance, int]:
    """Return how many months of each insurance were paid; two employers in a month count once."""
    months: dict[Insurance, set[str]] = {insurance: set() for insurance in Insurance}
    for each in paid:
        for insurance in each.insurances:
            months[insurance].add(each.month)
    return {insurance: len(found) for insurance, found in months.items() if found}


def _month(month: str, employer_name: str, rows: list[tuple[object, ...]]) -> PaidMonth:
    bases = {row[2]: int(row[3]) for row in rows}  # type: ignore[call-overload]
    return PaidMonth(
        month,
        employer_name,
        tuple(insurance for insurance in Insurance if insurance in bases),
        bases.get(Insurance.PENSION, max(bases.values())),
        sum(int(row[4]) for row in rows),  # type: ignore[call-overload]
        sum(int(row[5]) for row in rows),  # type: ignore[call-overload]
        rows[0][6],  # type: ignore[arg-type]
    )


def _stretches(months: Iterable[PaidMonth]) -> Iterator[list[PaidMonth]]:
    stretch: list[PaidMonth] = []
    for each in months:
        if stretch and add_months(stretch[-1].month, 1) != each.month:
            yield stretch
            stretch = []
        stretch.append(each)
    if stretch:
        yield stretch


def _segment(stretch: list[PaidMonth]) -> Segment:
    return Segment(
        stretch[0].month,
        stretch[-1].month,
        len(stretch),
        stretch[0].employer_name,
        stretch[0].insurances,
        sum(each.employer_fen for each in stretch),
        sum(each.employee_fen for each in stretch),
    )
