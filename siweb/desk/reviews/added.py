"""What a person added to a case since it was sent: words, and papers that came with them."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.evidence.attach import Matter
from siweb.evidence.find import ShownScan, beside, gathered
from siweb.reviews.cases.take_back import words_added
from siweb.reviews.tables.review import ReviewEvent


class Added(NamedTuple):
    """Words, the number of what happened last to the case (0: nothing), and papers."""

    words: list[str]
    seen: int
    scans: list[ShownScan]


def added_to(session: Session, review_id: int) -> Added:
    """Return what was added to a case; one statement."""
    event = ReviewEvent
    last = select(func.max(event.id)).where(event.review_id == review_id).scalar_subquery()
    asked = select(event.id, event.facts).where(event.review_id == review_id).order_by(event.id)
    rows = session.execute(beside(asked, Matter(review_id=review_id), event.id == last)).all()
    events = {number: facts for number, facts, *_scan in rows}
    scans = gathered(scan for _number, _facts, *scan in rows)
    return Added(words_added(events.values()), max(events, default=0), scans)
