"""One month of a person in the five insurances, row by row, with how the amounts came about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, select, type_coerce
from sqlalchemy.orm import Session

from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.record.year import (
    EnrolmentSpan,
    MonthMark,
    load_enrolments,
    mark_of,
    mark_without_rows,
)
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.employer import Employer
from siweb.rules.calendar.months import month_of
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


@dataclass(frozen=True, slots=True)
class Worked:
    """Rates in ppm and the steps by which the parameters give exactly what was recorded."""

    employer_ppm: int
    employee_ppm: int
    collected_with: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class InsuranceMonth:
    """One insurance in the month; `worked` only when the parameters give these amounts."""

    insurance: Insurance
    mark: MonthMark
    rows: tuple[RecordRow, ...]
    scheme: Scheme | None
    worked: Worked | None


_ROWS = (
    select(
        type_coerce(ContributionRecord.insurance, String()),
        ContributionRecord.contribution_month,
        type_coerce(ContributionRecord.kind, String()),
        ContributionRecord.declared_base_fen,
        ContributionRecord.base_fen,
        ContributionRecord.employer_fen,
        ContributionRecord.employee_fen,
        ContributionRecord.account_fen,
        ContributionRecord.paid_on,
        Employer.name,
        type_coerce(ContributionRecord.scheme, String()),
        ContributionRecord.region_code,
        Employer.injury_class,
        Employer.injury_tier_ppm,
    )
    .outerjoin(Employer, Employer.id == ContributionRecord.employer_id)
    .where(
        ContributionRecord.person_id == bindparam("person_id"),
        ContributionRecord.contribution_month == bindparam("month"),
        is_issued(),
    )
    .order_by(ContributionRecord.id)
)


def load_month(
    session: Session, person_id: int, month: str, packs: PackSet, *, on: date
) -> list[InsuranceMonth]:
    """Return the five insurances of a month in their order; two statements."""
    key = {"person_id": person_id, "month": month}
    rows = [RecordRow._make(row) for row in session.execute(_ROWS, key)]
    enrolments = load_enrolments(session.connection(), person_id)
    return [
        _insurance_month(
            insurance,
            month,
            tuple(row for row in rows if row.insurance == insurance.value),
            [span for span in enrolments if span.insurance is insurance],
            packs,
            month_of(on),
        )
        for insurance in Insurance
    ]


def _insurance_month(
    insurance: Insurance,
    month: str,
    rows: tuple[RecordRow, ...],
    spans: Sequence[EnrolmentSpan],
    packs: PackSet,
    this_month: str,
) -> InsuranceMonth:
    if not rows:
        mark = mark_without_rows(spans, month, this_month)
        scheme = next((span.scheme for span in spans if span.covers(month)), None)
        return InsuranceMonth(insurance, mark, (), scheme, None)
    mark = mark_of([row[:10] for row in rows], month)
    return InsuranceMonth(insurance, mark, rows, Scheme(rows[0].scheme), _work_out(rows[0], packs))


def _work_out(row: RecordRow, packs: PackSet) -> Worked | None:
    """Return how the month's own row came about, or None when other parameters were at work."""
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
    if (found.value.base, found.value.employer, found.value.employee) != recorded:
        return None
    return Worked(terms.employer_rate, terms.employee_rate, collected_with, found.steps)
