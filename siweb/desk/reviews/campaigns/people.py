"""How far the people of a campaign are, as its page shows it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.desk.reviews.campaigns.shares import share_ppm
from siweb.reviews.begin.progress import progress_of
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.web.charts.progress import Progress as Bar

# Certification has no season: whoever certified within the year is decided, and will be due again.
_RECIPIENTS = (
    _l("Due, nothing sent"),
    _l("Due, begun and not sent"),
    _l("Due, sent and not decided"),
    _l("Certified, nothing due now"),
)
_PEOPLE = (
    _l("Nothing sent"),
    _l("Begun and not sent"),
    _l("Sent and not decided"),
    _l("Decided, with a result"),
)


class ShownProgress(NamedTuple):
    """A bar of who has answered, and a line for each stage: its words, people, share in ppm."""

    bar: Bar
    rows: Sequence[tuple[Any, int, int]]
    counted_at: datetime | None


def people_of_campaign(session: Session, campaign: Campaign) -> ShownProgress:
    """Return of how many people how many came how far; three statements."""
    found = progress_of(session, campaign)
    words = _RECIPIENTS if campaign.kind is ReviewKind.CERTIFICATION else _PEOPLE
    numbers = (found.silent, found.begun, found.sent, found.decided)
    rows = [
        (label, number, share_ppm(number, found.meant))
        for label, number in zip(words, numbers, strict=True)
    ]
    return ShownProgress(Bar(found.sent + found.decided, found.meant), rows, found.counted_at)
