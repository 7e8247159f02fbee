"""Visits at home that recipients asked for: the list with which somebody sets out."""

from typing import NamedTuple

from siweb.reviews.tables.review import Review


class Visit(NamedTuple):
    """Where and when somebody may come, as the recipient answered."""

    address: str
    phone: str
    times: str


def visit_of(review: Review) -> Visit:
    """Return what a case says of a visit; empty where its answers have none."""
    given = (review.answers or {}).get("visit", {})
    return Visit(*(str(given.get(name) or "") for name in ("address", "mobile", "times")))
