"""Employers whose yearly declaration is missing in a campaign: the law's own (SIL 62)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.collection.assessments.undeclared.conditions import undeclared_employers
from siweb.registry.tables.employer import Employer
from siweb.reviews.tables.campaign import Campaign

PAGE = 25


def undeclared_page(
    session: Session, campaign: Campaign, page: int
) -> tuple[Sequence[Employer], bool]:
    """Return a page of them, the one registered first first, and if more follow; one statement."""
    first = campaign.period_from_month
    found = session.scalars(
        select(Employer)
        .where(Employer.id.in_(undeclared_employers(campaign.region_code, first, first)))
        .order_by(Employer.id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return found[:PAGE], len(found) > PAGE
