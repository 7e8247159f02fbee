"""Visits at home that recipients asked for: the list with which somebody sets out."""

from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Scope
from siweb.reviews.decide import WaitingReview, waiting_reviews
from siweb.reviews.tables.review import Review
from siweb.web.paging import search_asked


class Visit(NamedTuple):
    """Where and when somebody may come, as the recipient answered."""

    address: str
    phone: str
    times: str


def visits_asked() -> bool:
    """Return whether the address asks for the visits alone."""
    return search_asked("show") == "visits"


def asked_reviews(
    session: Session, *, scope: Scope, on: date, page: int
) -> tuple[list[WaitingReview], bool]:
    """Return what the list shows, for the page and for who is noted as shown on it."""
    return waiting_reviews(session, scope=scope, on=on, page=page, visits_only=visits_asked())


def visit_of(review: Review) -> Visit:
    """Return what a case says of a visit; empty where its answers have none."""
    given = (review.answers or {}).get("visit", {})
    return Visit(*(str(given.get(name) or "") for name in ("address", "mobile", "times")))
