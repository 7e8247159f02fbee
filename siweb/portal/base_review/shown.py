"""What the page of a yearly review shows of an employer's people: for the page and for its log."""

from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from siweb.desk.reviews.campaigns.employers import months_of
from siweb.filings.declared.base_progress import BaseLine, list_bases
from siweb.reviews.begin.list_campaigns import newest_campaign
from siweb.reviews.tables.campaign import Campaign, ReviewKind


class ShownReview(NamedTuple):
    """A campaign and a page of an employer's people in it."""

    campaign: Campaign
    lines: list[BaseLine]
    has_more: bool


def shown_review(
    session: Session, employer_id: int, region_code: str, on: date, page: int
) -> ShownReview | None:
    """Return what is shown of the review opened last, None before the first; two statements."""
    campaign = newest_campaign(session, region_code, ReviewKind.EMPLOYER_BASES, on=on)
    if campaign is None:
        return None
    return ShownReview(campaign, *list_bases(session, employer_id, months_of(campaign), page=page))
