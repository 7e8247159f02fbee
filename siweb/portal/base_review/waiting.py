"""What of a yearly base declaration waits for somebody: as questions for home, and as last days."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from siweb.collection.assessments.undeclared.conditions import has_declared, has_to_declare
from siweb.filings.declared.find import Declared
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.declaration_answer import DeclarationAnswer
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState, is_about_row, row_month
from siweb.messages.matter import matter
from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer
from siweb.reviews.tables.campaign import Campaign, ReviewKind


def bases_to_confirm(person_id: Any, on: Any) -> Select[Any]:
    """Return the question how many bases of a running review a person has not answered."""
    start = row_month("start_month")
    return (
        select(
            *matter("base_to_confirm", last_day=func.min(Campaign.closes_on), number=func.count())
        )
        .join_from(FilingRow, Filing, Filing.id == FilingRow.filing_id)
        .join(Campaign, Campaign.region_code == FilingRow.region_code)
        .where(
            is_of(FilingRow.person_id, person_id),
            FilingRow.state == RowState.APPLIED,
            Filing.kind == FilingKind.BASE,
            Campaign.kind == ReviewKind.EMPLOYER_BASES,
            Campaign.opens_on <= on,
            Campaign.closes_on >= on,
            start.between(Campaign.period_from_month, Campaign.period_to_month),
            ~exists().where(is_about_row(DeclarationAnswer)),
        )
    )


def bases_to_declare(employers: Any, on: Any) -> Select[Any]:
    """Return the question which of the employers (keys, or a question) declared for nobody yet.

    Asked by the review that opened last: after its last day it is late, until the next one opens.
    """
    start = Campaign.period_from_month
    return (
        select(
            *matter(
                "bases_to_declare",
                key=Employer.uscc,
                name=Employer.name,
                last_day=Campaign.closes_on,
            )
        )
        .join_from(Employer, Campaign, Campaign.region_code == Employer.region_code)
        .where(
            Employer.id.in_(employers),
            Campaign.kind == ReviewKind.EMPLOYER_BASES,
            Campaign.opens_on <= on,
            _is_newest(on),
            has_to_declare(Campaign.region_code, start, start),
            ~has_declared(Employer.id, start, start),
        )
        .order_by(Campaign.closes_on, Employer.id)
    )


def last_days_of(
    session: Session, declared: Iterable[Declared], *, on: date
) -> Mapping[tuple[int, int], date]:
    """Return until when answers to declared bases are asked for, by filing and row.

    One statement, however many there are.
    """
    bases = [row for row in declared if row.kind is FilingKind.BASE and not row.is_withdrawn]
    campaigns = session.scalars(
        select(Campaign).where(
            Campaign.kind == ReviewKind.EMPLOYER_BASES,
            Campaign.opens_on <= on,
            Campaign.region_code.in_({row.region_code for row in bases}),
        )
    ).all()
    return {
        (row.filing_id, row.position): campaign.closes_on
        for row in bases
        for campaign in campaigns
        if campaign.closes_on is not None
        and campaign.region_code == row.region_code
        and campaign.period_from_month
        <= str(row.row_values.get("start_month", ""))
        <= campaign.period_to_month
    }


def _is_newest(on: Any) -> ColumnElement[bool]:
    newer = aliased(Campaign)
    return ~exists().where(
        newer.region_code == Campaign.region_code,
        newer.kind == Campaign.kind,
        newer.opens_on > Campaign.opens_on,
        newer.opens_on <= on,
    )
