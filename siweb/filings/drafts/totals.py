"""What the good rows of a filing come to: who is new, whose base moves, the bill that follows."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, Subquery, case, cast, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from siweb.db.arithmetic import SQL, whole
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.own_bases import name_of
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import (
    FilingRow,
    RowState,
    has_own_base,
    listed_insurances,
    names_insurance,
    row_fen,
    row_value,
)
from siweb.registry.codes import Insurance
from siweb.registry.employers.injury_rate import Risks, risks_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.contributions.premium import PremiumTerms, base_used, premium_share
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterMissing

# Leavings and pauses take months away: no amount can be named before the levy.
_BILLED = (FilingKind.HIRE, FilingKind.RESUME, FilingKind.BASE)


def totals_of(session: Session, filing: Filing, *, packs: PackSet, on: date) -> dict[str, Any]:
    """Return counts and fen of the good rows, for the filer to look at before sending."""
    totals: dict[str, Any] = {"roster": _roster(session, filing)}
    if filing.kind in _BILLED:
        totals["bill"] = _bill(session, filing, packs, on)
    return totals


def _good(filing: Filing) -> ColumnElement[bool]:
    return (FilingRow.filing_id == filing.id) & (FilingRow.state == RowState.GOOD)


def _roster(session: Session, filing: Filing) -> dict[str, int]:
    """Return the difference to the roster: new people, bases that go up, down or stay."""
    # Grouped first: what rows give is then taken apart once a row, not once a sum.
    alike = (
        select(
            FilingRow.person_id.is_(None).label("is_unknown"),
            FilingRow.is_late,
            (row_fen("wage_fen") - row_fen("present_fen")).label("step"),
            cast(FilingRow.findings, String).contains('"jump"').label("is_jump"),
            func.count().label("rows"),
        )
        .where(_good(filing))
        .group_by("is_unknown", FilingRow.is_late, "step", "is_jump")
        .subquery("alike")
    )
    step, rows = alike.c.step, alike.c.rows

    def count(condition: Any) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, rows), else_=0)), 0)

    row = session.execute(
        select(
            func.coalesce(func.sum(rows), 0),
            count(alike.c.is_unknown),
            count(alike.c.is_late),
            count(step > 0),
            count(step < 0),
            count(step == 0),
            func.coalesce(func.sum(step * rows), 0),
            count(alike.c.is_jump),
        )
    ).one()
    names = ("rows", "unknown", "late", "up", "down", "same", "step_fen", "jumps")
    found = {name: int(value) for name, value in zip(names, row, strict=True)}
    if filing.kind is FilingKind.BASE:
        found["not_listed"] = _not_listed(session, filing)
    return found


def _not_listed(session: Session, filing: Filing) -> int:
    """Return how many insured employees have no row in a yearly declaration."""
    listed = select(FilingRow.person_id).where(
        FilingRow.filing_id == filing.id, FilingRow.person_id.is_not(None)
    )
    count = session.scalar(
        select(func.count(Enrolment.person_id.distinct())).where(
            Enrolment.employer_id == filing.employer_id,
            Enrolment.to_month.is_(None),
            # NULL left out of the list above: NOT IN of one that has it is never true.
            Enrolment.person_id.not_in(listed),
        )
    )
    return int(count or 0)


def _bill(session: Session, filing: Filing, packs: PackSet, on: date) -> list[dict[str, Any]]:
    """Return per insurance what the rows add to a month's bill, in fen.

    By the figures of the first month that they are about; where those are not published yet, by
    this month's.
    """
    employer = session.get_one(Employer, filing.employer_id)
    first = session.scalar(select(func.min(row_value("start_month"))).where(_good(filing)))
    this_month = month_of(on)
    # The figures of a new year come in the middle of it: until then last year's are the nearest.
    months = [first or this_month, this_month, add_months(this_month, -12)]
    risks = risks_of(session, employer)
    terms_of = {each: _terms(packs, employer, risks, each, months) for each in Insurance}
    billed = {each: terms for each, terms in terms_of.items() if terms is not None}
    has_own = session.scalar(select(exists().where(_good(filing), has_own_base())))
    alike = _alike(filing, list(billed), with_own=bool(has_own))
    wage, sums = whole(alike.c.wage), list[Any]()
    for insurance, terms in billed.items():
        own = alike.c.get(name_of(insurance))
        declared = wage if own is None else whole(func.coalesce(own, alike.c.wage))
        base = base_used(declared, terms.base_floor, terms.base_ceiling, SQL)
        employers = premium_share(
            base, terms.employer_rate, terms.rounding, terms.employer_addition
        )
        employees = premium_share(
            base, terms.employee_rate, terms.rounding, terms.employee_addition
        )
        takes_part = _takes_part(filing, insurance, alike)
        sums += [
            func.coalesce(func.sum(case((takes_part, amount * alike.c.rows), else_=0)), 0)
            for amount in (literal(1), employers, employees)
        ]
    found = iter(session.execute(select(*sums)).one() if sums else ())
    lines = [(each, int(next(found)), int(next(found)), int(next(found))) for each in billed]
    return [
        {
            "insurance": insurance.value,
            "people": people,
            "employer_fen": employer_fen,
            "employee_fen": employee_fen,
        }
        for insurance, people, employer_fen, employee_fen in lines
        if people
    ]


def _terms(
    packs: PackSet, employer: Employer, risks: Risks, insurance: Insurance, months: list[str]
) -> PremiumTerms | None:
    for month in months:
        risk = risks.in_month(month)
        try:
            return packs.parameters(employer.region_code, month).premium_terms(
                insurance,
                "employee",
                injury_class=risk.injury_class,
                injury_tier=risk.injury_tier_ppm,
            )
        except ParameterMissing:
            continue
    return None


def _alike(filing: Filing, insurances: list[Insurance], *, with_own: bool) -> Subquery:
    """Return how many rows there are of each wage and of each choice of insurances."""
    columns: list[Any] = [row_fen("wage_fen").label("wage")]
    if with_own:
        columns += [row_fen(name_of(each)).label(name_of(each)) for each in insurances]
    if filing.kind is FilingKind.HIRE:
        columns.append(listed_insurances().label("listed"))
    else:
        columns += [_is_enrolled(filing, each).label(each.value) for each in insurances]
    names = [column.name for column in columns]
    return (
        select(*columns, func.count().label("rows"))
        .where(_good(filing))
        .group_by(*names)
        .subquery("alike")
    )


def _takes_part(filing: Filing, insurance: Insurance, alike: Subquery) -> Any:
    if filing.kind is FilingKind.HIRE:
        return names_insurance(alike.c.listed, insurance)
    return alike.c[insurance.value]


def _is_enrolled(filing: Filing, insurance: Insurance) -> ColumnElement[bool]:
    enrolled = select(Enrolment.person_id).where(
        Enrolment.employer_id == filing.employer_id, Enrolment.insurance == insurance
    )
    if filing.kind is not FilingKind.RESUME:
        return FilingRow.person_id.in_(enrolled.where(Enrolment.to_month.is_(None)))
    # What ended last goes on, as applying has it, and not what had ended before.
    earlier = aliased(Enrolment)
    last = select(func.max(earlier.to_month)).where(
        earlier.person_id == Enrolment.person_id,
        earlier.employer_id == Enrolment.employer_id,
        earlier.region_code == Enrolment.region_code,
    )
    here = select(Employer.region_code).where(Employer.id == filing.employer_id)
    return FilingRow.person_id.in_(
        enrolled.where(
            Enrolment.region_code == here.scalar_subquery(),
            Enrolment.to_month == last.scalar_subquery(),
        )
    )
