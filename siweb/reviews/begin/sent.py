"""What a person sent before: what came of it is still read when its campaign is over."""

from collections.abc import Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from siweb.registry.person_keys import is_of
from siweb.reviews.tables.campaign import Campaign
from siweb.reviews.tables.review import Review, ReviewState

# Four kinds for five years; whoever looks for an older one has its receipt among the papers.
MOST = 20


def sent_reviews(session: Session, person_id: int) -> Sequence[Row[Review, Campaign]]:
    """Return a person's cases that were sent, each with its campaign, the newest first."""
    return session.execute(
        select(Review, Campaign)
        .join(Campaign, Campaign.id == Review.campaign_id)
        .where(is_of(Review.person_id, person_id), Review.state != ReviewState.DRAFT)
        .order_by(Review.submitted_at.desc(), Review.id.desc())
        .limit(MOST)
    ).all()
