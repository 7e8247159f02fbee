"""How far the employers of a yearly base declaration are, and what it came to once it is over."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.desk.reviews.campaigns.shares import share_ppm
from siweb.filings.declared.base_progress import PaymentMonths
from siweb.filings.declared.base_results import count_results, keep_results, kept_results
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.campaign_result import CampaignResult
from siweb.web.charts.progress import Progress

_EMPLOYEES = (
    ("confirmed", _l("Confirmed by the employee")),
    ("silent", _l("Declared, no answer yet")),
    ("objected", _l("Objected to")),
    ("undeclared", _l("Not declared")),
)


class ShownEmployers(NamedTuple):
    """A bar of who declared; a line for each stage of employers, and for each of employees."""

    bar: Progress
    employers: Sequence[tuple[Any, int, int]]
    employees: Sequence[tuple[Any, int, int]]
    counted_at: datetime | None


def employers_of_campaign(session: Session, campaign: Campaign, on: date) -> ShownEmployers:
    """Return of how many employers how many declared; two statements."""
    result = session.get(CampaignResult, campaign.id)
    months = months_of(campaign)
    found = count_results(session, months) if result is None else kept_results(session, campaign.id)
    is_over = campaign.closes_on is not None and campaign.closes_on < on
    numbers = [(words, getattr(found, name)) for name, words in _EMPLOYEES]
    everybody = sum(number for _words, number in numbers)
    sent = _l("Sent, for at least one employee")
    missing = _l("Overdue, nothing declared") if is_over else _l("Open, nothing declared")
    return ShownEmployers(
        Progress(found.declared, found.asked),
        [
            (words, number, share_ppm(number, found.asked))
            for words, number in ((sent, found.declared), (missing, found.missing))
        ],
        [(words, number, share_ppm(number, everybody)) for words, number in numbers],
        None if result is None else result.counted_at,
    )


def keep_results_of_employers(session: Session, *, on: date, at: datetime) -> int:
    """Keep what yearly declarations came to that are over; return how many. Once for each.

    Who was employed on the last day is not known next year. The caller commits.
    """
    over = session.scalars(
        select(Campaign)
        .outerjoin(CampaignResult, CampaignResult.campaign_id == Campaign.id)
        .where(
            Campaign.kind == ReviewKind.EMPLOYER_BASES,
            Campaign.closes_on < on,
            CampaignResult.campaign_id.is_(None),
        )
    ).all()
    for campaign in over:
        found = keep_results(session, campaign.id, months_of(campaign))
        session.add(CampaignResult(campaign_id=campaign.id, counted_at=at, silent=found.missing))
    session.flush()
    return len(over)


def months_of(campaign: Campaign) -> PaymentMonths:
    """Return the payment year that the bases of a campaign are for."""
    return PaymentMonths(campaign.region_code, campaign.period_from_month, campaign.period_to_month)
